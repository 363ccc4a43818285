/** Wrong content: something that is not the paper is sent as if it were. The transfer itself is correct. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { repositoryRoot } from '../kit/shared'
import type { Script } from './file-answer'
import { PAPER, rejected, type Misbehaviour, type MisbehaviourContext } from './misbehaviour'
import * as pages from './pages'

const HTML = 'text/html; charset=utf-8'
/** A response without the validators of the file that it replaces. */
const instead = (content: Buffer, contentType: string): Script => ({
  content,
  contentType,
  etag: null,
  lastModified: null,
  ranges: false
})
const html =
  (content: Buffer, contentType = HTML) =>
  (): Script =>
    instead(content, contentType)

const cutFile = (context: MisbehaviourContext): Buffer =>
  context.file.bytes.subarray(0, Math.floor(context.file.bytes.length * (context.parameters.at ?? 0.6)))

export const WRONG_CONTENTS = {
  'html-article': {
    about: 'The article as a web page, with status 200 and type text/html.',
    ends: rejected('HTML_ARTICLE', 'HTML_PAGE'),
    script: html(pages.ARTICLE_PAGE)
  },
  'html-login': {
    about: 'A sign-in page with status 200.',
    ends: rejected('LOGIN_PAGE'),
    script: html(pages.LOGIN_PAGE)
  },
  'html-bot-check': {
    about: 'A bot check with status 403, as Cloudflare sends it.',
    ends: rejected('BOT_CHECK', 'FORBIDDEN'),
    script: () => ({ ...instead(pages.BOT_CHECK_PAGE, HTML), status: 403, headers: { Server: 'cloudflare' } })
  },
  'html-bot-check-200': {
    about: 'The same bot check with status 200.',
    ends: rejected('BOT_CHECK'),
    script: html(pages.BOT_CHECK_PAGE)
  },
  'html-cookie-wall': {
    about: 'A page that demands cookies, with status 200.',
    ends: rejected('COOKIE_WALL'),
    script: html(pages.COOKIE_WALL_PAGE)
  },
  'html-soft-404': {
    about: 'A “not found” page with status 200.',
    ends: rejected('SOFT_404'),
    script: html(pages.SOFT_404_PAGE)
  },
  'html-labelled-pdf': {
    about: 'A sign-in page that says it is application/pdf.',
    ends: rejected('LOGIN_PAGE', 'HTML_PAGE', 'NOT_PDF'),
    script: html(pages.LOGIN_PAGE, 'application/pdf')
  },
  'meta-refresh-page': {
    about: 'A page that sends browsers on by meta refresh, at the address of the file.',
    ends: PAPER,
    script: ({ url, tail, file }) =>
      tail === '' ? instead(pages.META_REFRESH_PAGE(`${url}~there`), HTML) : { content: file.bytes }
  },
  'image-as-pdf': {
    about: 'A PNG image that says it is application/pdf.',
    ends: rejected('NOT_PDF'),
    script: () => instead(pages.PNG_IMAGE, 'application/pdf')
  },
  empty: {
    about: 'An empty body with status 200.',
    ends: rejected('EMPTY', 'TOO_SMALL'),
    script: () => instead(Buffer.alloc(0), 'application/pdf')
  },
  tiny: {
    about: 'A PDF of fewer than 1,000 bytes.',
    ends: rejected('TOO_SMALL', 'TRUNCATED'),
    script: ({ file }) =>
      instead(Buffer.concat([file.bytes.subarray(0, 600), Buffer.from('\n%%EOF\n')]), 'application/pdf')
  },
  truncated: {
    about: 'The file truncated, with the length of the bytes sent.',
    ends: rejected('TRUNCATED', 'UNREADABLE_PDF'),
    script: (context) => ({ content: cutFile(context) })
  },
  'zero-tail': {
    about: 'The right length, but zeros from the middle on (a preallocated copy that was never filled).',
    ends: rejected('TRUNCATED', 'UNREADABLE_PDF'),
    script: (context) => {
      const start = cutFile(context)
      return { content: Buffer.concat([start, Buffer.alloc(context.file.bytes.length - start.length)]) }
    }
  },
  'no-eof-marker': {
    about:
      'The whole file without its last lines, but with its cross-reference table: readable, so it is accepted or rejected as a whole.',
    ends: rejected('TRUNCATED', 'UNREADABLE_PDF'),
    script: ({ file }) => ({ content: file.bytes.subarray(0, file.bytes.lastIndexOf('startxref')) })
  },
  'octet-stream': {
    about: 'The right file as application/octet-stream.',
    ends: PAPER,
    script: () => ({ contentType: 'application/octet-stream' })
  },
  'password-needed': {
    about: 'A PDF that cannot be opened without a password.',
    ends: rejected('PASSWORD_NEEDED', 'UNREADABLE_PDF'),
    script: () => instead(passwordPdf(), 'application/pdf')
  },
  'wrong-paper': {
    about: 'A valid PDF of another work.',
    ends: { result: 'quarantined' },
    script: ({ unrelatedPdf }) => instead(unrelatedPdf, 'application/pdf')
  },
  'wrong-paper-once': {
    about: 'A valid PDF of another work at the first GET, the right one afterwards.',
    ends: { result: 'quarantined' },
    script: ({ unrelatedPdf, asked }) => (asked.nth <= 1 ? instead(unrelatedPdf, 'application/pdf') : {})
  }
} satisfies Record<string, Misbehaviour>

function passwordPdf(): Buffer {
  return readFileSync(resolve(repositoryRoot, 'tests/fixtures/web/password-needed.pdf'))
}
