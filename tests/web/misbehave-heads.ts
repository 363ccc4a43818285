/**
 * HEAD is refused or returns wrong facts; the following GET is correct. The result of a HEAD must never
 * decide.
 */
import type { Script } from './file-answer'
import { PAPER, type Misbehaviour } from './misbehaviour'

const NO_PAGE = Buffer.from('<!doctype html><title>No</title><h1>No</h1>')
const HTML = 'text/html; charset=utf-8'
const onHead =
  (script: Script | ((length: number) => Script)): Misbehaviour['script'] =>
  ({ asked, file }) => {
    if (asked.method !== 'HEAD') return {}
    return typeof script === 'function' ? script(file.bytes.length) : script
  }
const refusedWith = (status: number): Script => ({
  status,
  content: NO_PAGE,
  contentType: HTML,
  etag: null,
  lastModified: null,
  headers: status === 405 ? { Allow: 'GET' } : {}
})

export const LYING_HEADS = {
  'head-405': { about: 'HEAD is answered 405.', ends: PAPER, script: onHead(refusedWith(405)) },
  'head-403': { about: 'HEAD is answered 403.', ends: PAPER, script: onHead(refusedWith(403)) },
  'head-501': { about: 'HEAD is answered 501.', ends: PAPER, script: onHead(refusedWith(501)) },
  'head-404': { about: 'HEAD is answered 404, GET 200.', ends: PAPER, script: onHead(refusedWith(404)) },
  'head-500': { about: 'HEAD is answered 500, GET 200.', ends: PAPER, script: onHead(refusedWith(500)) },
  'head-wrong-length': {
    about: 'HEAD announces another length than GET sends.',
    ends: PAPER,
    script: onHead((length) => ({ length: length + 4_321 }))
  },
  'head-zero-length': {
    about: 'HEAD announces a length of 0, as many scripts do.',
    ends: PAPER,
    script: onHead({ length: 0 })
  },
  'head-wrong-type': {
    about: 'HEAD says text/plain.',
    ends: PAPER,
    script: onHead({ contentType: 'text/plain' })
  },
  'head-html': {
    about: 'HEAD says 200 and text/html, GET sends the PDF.',
    ends: PAPER,
    script: onHead({ content: NO_PAGE, contentType: HTML, etag: null, lastModified: null })
  },
  'head-reset': {
    about: 'HEAD is answered with a reset.',
    ends: PAPER,
    script: onHead({ noAnswer: 'reset' })
  },
  'head-stall': { about: 'HEAD is never answered.', ends: PAPER, script: onHead({ noAnswer: 'stall' }) }
} satisfies Record<string, Misbehaviour>
