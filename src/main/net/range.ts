/**
 * Decides whether to continue from the bytes on disk. Invariant: two versions of a file are never spliced
 * (docs/design.md, G6). In doubt the download restarts, which costs bytes and never a paper. Pure: it
 * examines headers, never a body.
 */
import type { PartFacts, Validator } from '../../contract/work'
import type { RestartReason } from '../../contract/words'
import { contentLength } from './headers'
import type { AnswerFacts } from './net'

/** The sentences appear in the op history. */
export type Continuation =
  /** append this body at `fromByte`; if it ends before `totalBytes`, send another request */
  | { readonly kind: 'continue'; readonly fromByte: number; readonly totalBytes: number | null }
  /** discard the bytes on disk: this body is the whole file, or is requested again without Range */
  | { readonly kind: 'restart'; readonly useThisBody: boolean; readonly because: string }
  /** the bytes on disk are the whole file: verify them */
  | { readonly kind: 'complete'; readonly because: string }
  /** the answer contains no file; the bytes on disk stay unchanged */
  | { readonly kind: 'refuse'; readonly because: string }

type RangeAnswer = Pick<AnswerFacts, 'status' | 'headers'>

/**
 * The headers that request the rest of a part, or null when it cannot be continued safely: nothing on disk,
 * more on disk than the file has, or nothing that could prove both halves to be one version. Weak ETags do
 * not count: bodies with different bytes may share one. Source: RFC 9110 §13.1.5, §14.2.
 */
export function resumeHeaders(part: PartFacts): Record<string, string> | null {
  const proof = strongProof(part.validator)
  if (proof === null || part.bytes <= 0) return null
  if (part.totalBytes !== null && part.bytes > part.totalBytes) return null
  return { Range: `bytes=${String(part.bytes)}-`, 'If-Range': proof }
}

/**
 * May the bytes on disk be continued with this answer to `resumeHeaders(part)`? Source: RFC 9110 §13.1.5,
 * §14.2, §14.4, §15.3.7; docs/design.md, G6.
 */
export function mayContinue(part: PartFacts, answer: RangeAnswer): Continuation {
  switch (answer.status) {
    case 200:
    case 203:
      return restart('the server sent the whole file', true)
    case 206:
      return judgePartial(part, answer)
    case 416:
      return judgeUnsatisfiable(part, answer)
    default:
      return { kind: 'refuse', because: `the server answered ${String(answer.status)}` }
  }
}

/**
 * May the same range be requested from another address, to which the file may have moved (a signed link that
 * expired and was renewed)? Only with evidence that can prove equal bytes: a strong ETag, or the same path
 * with another query; and the length must be known.
 */
export function mayHaveMoved(part: PartFacts, to: string): boolean {
  if (part.totalBytes === null || part.bytes >= part.totalBytes) return false
  return isStrong(part.validator.etag) || isSamePath(part.url, to)
}

/**
 * `mayContinue` for an address other than the part's. Files at two addresses are treated as one only when the
 * answer repeats the strong ETag and the length; or the Last-Modified and the length, at an address that
 * differs only in its query. Source: docs/design.md, G6.
 */
export function mayContinueElsewhere(part: PartFacts, answer: RangeAnswer, to: string): Continuation {
  const decision = mayContinue(part, answer)
  if (decision.kind === 'complete') return restart('the file lies at another address now')
  if (decision.kind !== 'continue') return decision
  const { etag } = validatorOf(answer.headers)
  const isProven = (isStrong(part.validator.etag) && part.validator.etag === etag) || isSamePath(part.url, to)
  const total = parseContentRange(answer.headers['content-range'])?.total ?? null
  if (isProven && total !== null && total === part.totalBytes) return decision
  return restart('nothing proves that the file at the other address is the same')
}

function isSamePath(one: string, other: string): boolean {
  if (!URL.canParse(one) || !URL.canParse(other)) return false
  const [a, b] = [new URL(one), new URL(other)]
  return a.origin === b.origin && a.pathname === b.pathname
}

/**
 * Why a part may not be continued with this answer, as a word for the history. "Another version" is only
 * reported when something that identifies the version differs.
 */
export function whyRestarted(part: PartFacts, answer: RangeAnswer): RestartReason {
  const { etag, lastModified } = validatorOf(answer.headers)
  const kept = part.validator
  const total = wholeLength(answer)
  if (differs(kept.etag, etag) || differs(kept.lastModified, lastModified)) return 'changed'
  if (total !== null && part.totalBytes !== null && total !== part.totalBytes) return 'changed'
  if (answer.status === 416) return 'range_refused'
  const isSame =
    (isStrong(kept.etag) && kept.etag === etag) ||
    (kept.lastModified !== undefined && kept.lastModified === lastModified)
  return isSame && answer.status !== 206 ? 'sent_whole' : 'unproven'
}

function wholeLength(answer: RangeAnswer): number | null {
  if (answer.status !== 416) return announcedBytes(answer)
  const total = /^bytes\s+\*\/(\d{1,15})$/i.exec((answer.headers['content-range'] ?? '').trim())?.[1]
  return total === undefined ? null : Number(total)
}

/** The version validators of an answer, as a sidecar stores them. */
export function validatorOf(headers: Readonly<Record<string, string>>): Validator {
  const etag = headers['etag']
  const lastModified = headers['last-modified']
  return { ...(etag ? { etag } : {}), ...(lastModified ? { lastModified } : {}) }
}

/** The length of the whole file according to this answer; null when unknown, or when it was encoded. */
export function announcedBytes(answer: RangeAnswer): number | null {
  if (isEncoded(answer.headers)) return null
  if (answer.status === 206) return parseContentRange(answer.headers['content-range'])?.total ?? null
  return answer.status === 200 || answer.status === 203 ? contentLength(answer.headers) : null
}

function judgePartial(part: PartFacts, answer: RangeAnswer): Continuation {
  const { headers } = answer
  if (/^multipart\//i.test(headers['content-type'] ?? '')) {
    return restart('the server sent several ranges in one body')
  }
  if (isEncoded(headers)) {
    return restart(`the rest came encoded as ${headers['content-encoding'] ?? ''}`)
  }
  const range = parseContentRange(headers['content-range'])
  if (range === null) {
    return restart(`the Content-Range ${quote(headers['content-range'])} does not say which bytes came`)
  }
  if (resumeHeaders(part) === null) return judgeUnaskedRange(range)
  if (range.start !== part.bytes) {
    return restart(`bytes from ${String(range.start)} came, those from ${String(part.bytes)} were asked for`)
  }
  const length = contentLength(headers)
  if (length !== null && length !== range.end - range.start + 1) {
    return restart(`the body of ${String(length)} bytes does not fit its Content-Range`)
  }
  if (range.total !== null && part.totalBytes !== null && range.total !== part.totalBytes) {
    return restart(`the file now has ${String(range.total)} bytes, it had ${String(part.totalBytes)}`)
  }
  const total = range.total ?? part.totalBytes
  if (total !== null && range.end >= total) {
    return restart(`bytes up to ${String(range.end)} came of a file that has ${String(total)}`)
  }
  const otherVersion = versionDoubt(part.validator, headers)
  if (otherVersion !== null) return restart(otherVersion)
  return { kind: 'continue', fromByte: part.bytes, totalBytes: total }
}

/** Some servers answer a request without a range with 206 and the whole file. */
export function isWholeIn206({ status, headers }: RangeAnswer): boolean {
  const range = parseContentRange(headers['content-range'])
  return status === 206 && range !== null && isWhole(range)
}

function isWhole({ start, end, total }: ContentRange): boolean {
  return start === 0 && total !== null && end === total - 1
}

/** An unrequested 206 violates the protocol; one with the whole file can still be used. */
function judgeUnaskedRange(range: ContentRange): Continuation {
  if (isWhole(range)) {
    return restart('the server sent the whole file as one range', true)
  }
  return { kind: 'refuse', because: 'the server sent a part of the file though all of it was asked for' }
}

function judgeUnsatisfiable(part: PartFacts, answer: RangeAnswer): Continuation {
  const total = wholeLength(answer)
  if (total === null) return restart('the server has no such range and does not say how long the file is')
  const known = part.totalBytes === null || part.totalBytes === total
  if (total !== part.bytes || !known || part.bytes === 0) {
    return restart(`the file has ${String(total)} bytes, there are ${String(part.bytes)} on disk`)
  }
  const sent = validatorOf(answer.headers)
  const changed =
    differs(part.validator.etag, sent.etag) || differs(part.validator.lastModified, sent.lastModified)
  if (changed) return restart('the file changed on the server')
  return { kind: 'complete', because: `all ${String(total)} bytes are on disk` }
}

/**
 * A sentence when the answer may be of another version, null when it proves to be the same. After If-Range a
 * 206 may omit Last-Modified, but an answer of a server that ignores If-Range looks the same; so a validator
 * must be repeated, and every repeated one must be equal.
 */
function versionDoubt(kept: Validator, headers: Readonly<Record<string, string>>): string | null {
  const sent = validatorOf(headers)
  if (differs(kept.etag, sent.etag)) {
    return `the ETag is now ${quote(sent.etag)}, it was ${quote(kept.etag)}`
  }
  if (differs(kept.lastModified, sent.lastModified)) {
    return `the file was modified ${quote(sent.lastModified)}, it had been ${quote(kept.lastModified)}`
  }
  if (isStrong(kept.etag) && sent.etag !== undefined) return null
  if (kept.lastModified === undefined || sent.lastModified === undefined) {
    return 'the answer does not say which version it is of'
  }
  // RFC 9110 §8.8.2.2: a date identifies a version only if the file was unchanged for a second.
  const restedMs = Date.parse(headers['date'] ?? '') - Date.parse(sent.lastModified)
  return restedMs < 1000 ? 'the file was modified at the very moment it was sent' : null
}

function strongProof(validator: Validator): string | null {
  if (isStrong(validator.etag)) return validator.etag ?? null
  const date = validator.lastModified
  return date !== undefined && !Number.isNaN(Date.parse(date)) ? date : null
}

function isStrong(etag: string | undefined): boolean {
  return etag !== undefined && /^"[\x21\x23-\x7e\x80-\u{10ffff}]*"$/u.test(etag)
}

function differs(kept: string | undefined, sent: string | undefined): boolean {
  return kept !== undefined && sent !== undefined && kept !== sent
}

interface ContentRange {
  readonly start: number
  readonly end: number
  readonly total: number | null
}

function parseContentRange(value: string | undefined): ContentRange | null {
  const found = /^bytes\s+(\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i.exec((value ?? '').trim())
  if (found === null) return null
  const [start, end] = [Number(found[1]), Number(found[2])]
  const total = found[3] === '*' ? null : Number(found[3])
  return end < start || (total !== null && end >= total) ? null : { start, end, total }
}

function isEncoded(headers: Readonly<Record<string, string>>): boolean {
  const encoding = (headers['content-encoding'] ?? '').trim().toLowerCase()
  return encoding !== '' && encoding !== 'identity'
}

function restart(because: string, useThisBody = false): Continuation {
  return { kind: 'restart', useThisBody, because }
}

function quote(value: string | undefined): string {
  return value === undefined ? '(none)' : `“${value.slice(0, 100)}”`
}
