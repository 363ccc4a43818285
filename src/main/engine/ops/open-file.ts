/**
 * Sends the one request for a file. Its status, headers and first kilobyte show whether it is the paper
 * (HEAD), and the same answer is then written to disk (STREAM). When a part is on disk, the request is for
 * the remaining bytes. Nothing is written here.
 */
import { SheafError } from '../../../contract/errors'
import type { Candidate, PartFacts } from '../../../contract/work'
import type { Expected, Library, Part } from '../../library/library'
import type { NetAnswer, NetRequest } from '../../net/net'
import { announcedBytes, isWholeIn206, mayHaveMoved, resumeHeaders } from '../../net/range'
import type { JobContext } from '../job-context'
import { asksToWait, refusalOf } from './http-refusal'
import { withPage } from './page-at-file'
import { paymentFor, type Payment } from './pay-for-file'
import { wireUrl } from './wire-url'
import { isChallenge } from '../../net/closures'

export interface OpenedFile {
  readonly answer: NetAnswer
  /** the part to continue, opened before the request; null: from the start */
  readonly continued: { readonly part: PartFacts; readonly handle: Part } | null
  /** of a body from its start: the bytes read to judge it, and the remaining stream */
  readonly head: BodyHead | null
  /** Releases the connection and closes the part. Idempotent. */
  leave(): Promise<void>
}

export interface BodyHead {
  readonly chunks: readonly Uint8Array[]
  readonly length: number
  readonly rest: AsyncIterator<Uint8Array>
}

type HeadVerdict = Awaited<ReturnType<Library['judge']['head']>>

const HEAD_BYTES = 1_024
const PAGE_BYTES = 65_536

/** The part that a request may continue, or null. */
export function continuable(part: PartFacts | null, candidate: Candidate): PartFacts | null {
  if (part === null || part.bytes === 0) return null
  if (part.url !== candidate.url && !mayHaveMoved(part, candidate.url)) return null
  return resumeHeaders(part) === null ? null : part
}

/** Is the whole file on disk already, so that no request is needed? */
export function isWhole(part: PartFacts | null, candidate: Candidate): boolean {
  return part !== null && part.url === candidate.url && part.bytes > 0 && part.bytes === part.totalBytes
}

/** Throws TryNext (the candidate is unusable) or RetryLater (try again). */
export async function openFile(
  context: JobContext,
  candidate: Candidate,
  part: PartFacts | null
): Promise<OpenedFile> {
  const wanted = continuable(part, candidate)
  const range = wanted === null ? null : resumeHeaders(wanted)
  // The part is opened (and hashed) before the request: hashing would delay reading, and a host that breaks
  // off early would discard the unread bytes.
  const handle = wanted === null ? null : await context.services.library.staging.resume(context.job.jobId)
  const continued = wanted === null || handle === null ? null : { part: wanted, handle }
  let answer: NetAnswer | null = null
  const leave = async (): Promise<void> => {
    answer?.discard()
    await handle?.close()
  }
  if (candidate.format === 'pdf') context.services.library.judge.expectPdf()
  let payment: Payment | null = null
  try {
    payment = paymentFor(context, candidate)
    answer = await context.services.net.open(fileRequest(context, candidate, { range, payment }))
    const refused = payment?.answered(answer) ?? null
    if (refused !== null) throw refused
    const isPartial = continued !== null && (answer.status === 206 || answer.status === 416)
    if (isPartial) return { answer, continued, head: null, leave }
    const isBody =
      answer.status === 200 || isWholeIn206(answer) || (continued !== null && answer.status === 203)
    if (!isBody) throw await refuse(context, candidate, answer)
    const { no, ...head } = await readJudged(context, answer, expectedOf(context, candidate, answer))
    if (no !== null) throw withPage(rejection(context, no, answer), Buffer.concat(head.chunks), answer)
    return { answer, continued, head, leave }
  } catch (error) {
    payment?.failed(error)
    await leave()
    throw error
  }
}

/** Requests only the headers, where no body is wanted; null when the server does not provide them. */
export async function askAboutFile(context: JobContext, candidate: Candidate): Promise<NetAnswer | null> {
  const answer = await context.services.net.open({ ...fileRequest(context, candidate), method: 'HEAD' })
  answer.discard()
  if (asksToWait(answer.status)) throw refusalOf(answer)
  return answer.status === 200 ? answer : null
}

function fileRequest(
  context: JobContext,
  candidate: Candidate,
  {
    range = null,
    payment = null
  }: { readonly range?: Record<string, string> | null; readonly payment?: Payment | null } = {}
): NetRequest {
  return {
    ...payment?.request,
    url: wireUrl(candidate, context.services.settings),
    purpose: 'file',
    headers: { ...refererOf(candidate), ...range, ...payment?.request.headers },
    signal: context.signal,
    cookies: context.cookies,
    onTurn: (waitedMs) => {
      context.waitedMs += waitedMs
    }
  }
}

function refererOf(candidate: Candidate): Record<string, string> {
  return candidate.foundOn === undefined ? {} : { Referer: candidate.foundOn }
}

function expectedOf(context: JobContext, candidate: Candidate, answer: NetAnswer): Expected {
  return {
    format: candidate.format,
    ids: context.work.ids,
    facts: context.work.facts,
    announcedBytes: announcedBytes(answer),
    contentType: answer.headers['content-type'] ?? null,
    url: answer.finalUrl
  }
}

/**
 * Reads only what is needed to identify the body: a PDF's first kilobyte, or a page until its kind is known.
 */
async function readJudged(
  context: JobContext,
  answer: NetAnswer,
  expected: Expected
): Promise<BodyHead & { readonly no: HeadVerdict }> {
  const rest = answer.body[Symbol.asyncIterator]()
  const chunks: Uint8Array[] = []
  let length = 0
  for (const wanted of [HEAD_BYTES, PAGE_BYTES]) {
    let ended = false
    while (length < wanted && !ended) {
      const next = await rest.next()
      ended = next.done === true
      if (next.done === true) continue
      chunks.push(next.value)
      length += next.value.length
      context.services.runStats.bytesFetched += next.value.length
    }
    const no = await context.services.library.judge.head(Buffer.concat(chunks), expected, context.signal)
    if (no === null || ended || wanted === PAGE_BYTES) return { chunks, length, rest, no }
  }
  throw new Error('the last step of reading a head always answers')
}

/** A refusal that came with a page is classified by the page when that is more specific than the status. */
async function refuse(context: JobContext, candidate: Candidate, answer: NetAnswer): Promise<SheafError> {
  const page = await readPage(context, answer)
  const expected = expectedOf(context, candidate, answer)
  const no = await context.services.library.judge.head(page, expected, context.signal)
  const guard = challengeOf(answer)
  if (guard !== null) return rejection(context, { reason: 'BOT_CHECK', because: guard }, answer)
  const telling = no !== null && ['BOT_CHECK', 'LOGIN_PAGE', 'COOKIE_WALL'].includes(no.reason)
  if (telling && !asksToWait(answer.status)) return rejection(context, no, answer)
  if (telling && answer.status === 503 && no.reason === 'BOT_CHECK' && answer.retryAt === null) {
    return rejection(context, no, answer)
  }
  return refusalOf(answer)
}

async function readPage(context: JobContext, answer: NetAnswer): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of answer.body) {
      chunks.push(chunk)
      length += chunk.length
      context.services.runStats.bytesFetched += chunk.length
      if (length >= PAGE_BYTES) break
    }
  } catch (error) {
    if (context.signal.aborted) throw error
  }
  return Buffer.concat(chunks)
}

/** Headers by which a bot check announces itself; the body may be empty. */
function challengeOf(answer: NetAnswer): string | null {
  if ((answer.headers['x-amzn-waf-action'] ?? '') !== '') return 'A bot check of AWS came.'
  return isChallenge(answer.headers) ? 'A bot check of Cloudflare came.' : null
}

function rejection(
  context: JobContext,
  no: { readonly reason: SheafError['code']; readonly because: string },
  answer: NetAnswer
): SheafError {
  // No retry today for any paper of that host: only the user's browser can pass the check.
  if (no.reason === 'BOT_CHECK') context.services.net.challenged(answer.finalUrl)
  return new SheafError(no.reason, no.because, {
    facts: { status: answer.status, url: answer.finalUrl, type: answer.headers['content-type'] ?? null }
  })
}
