/**
 * The part of an answer that the ledger stores: validators, length and relevant headers, limited to the size
 * of a row. Pure; shared by HEAD and STREAM.
 */
import { redactText, redactUrl } from '../../../contract/redact'
import type { Hop, Validator } from '../../../contract/work'
import type { AnswerFacts } from '../../net/net'

const HEADERS_THAT_MATTER = [
  'content-type',
  'content-length',
  'content-range',
  'content-disposition',
  'content-encoding',
  'accept-ranges',
  'etag',
  'last-modified',
  'date',
  'server',
  'link'
]
const LONGEST_KEPT = 400

export function keptHeaders(answer: AnswerFacts): Record<string, string> {
  return Object.fromEntries(
    HEADERS_THAT_MATTER.flatMap((name) => {
      const value = answer.headers[name]
      return value === undefined ? [] : [[name, redactText(value).slice(0, LONGEST_KEPT)]]
    })
  )
}

export function keptChain(answer: AnswerFacts): Hop[] {
  return answer.chain.map((hop) => ({
    url: redactUrl(hop.url).slice(0, LONGEST_KEPT),
    status: hop.status,
    ...(hop.location === undefined ? {} : { location: redactUrl(hop.location).slice(0, LONGEST_KEPT) })
  }))
}

/** The validator that proves two answers to be the same version: a strong ETag, else Last-Modified. */
export function strongName(validator: Validator): string | null {
  if (validator.etag !== undefined && !validator.etag.startsWith('W/')) return validator.etag
  return validator.lastModified ?? null
}
