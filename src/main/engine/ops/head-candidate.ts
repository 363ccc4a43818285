/**
 * HEAD: does this candidate answer, and does it look like the paper? Servers refuse HEAD or lie in
 * it, so a “no” or a web page is not believed before the first kilobyte of a GET has said the same.
 */
import { z } from 'zod'
import { SheafError, isSheafError } from '../../../contract/errors'
import type { Candidate, Hop, Validator } from '../../../contract/work'
import type { NetAnswer } from '../../net/net'
import { announcedBytes, validatorOf } from '../../net/range'
import type { Expected } from '../../library/library'
import type { Journey } from '../journey'
import { chainSchema, keptChain, keptHeaders, validatorSchema } from './answer-parts'
import { asksToWait, refusalOf } from './http-refusal'
import { noteFailure } from './note-failure'
import { READING_HOLDS_SECONDS, noteAttempt } from './resolve-candidates'
import { wireUrl } from './wire-url'

export interface HeadResult {
  readonly finalUrl: string
  readonly status: number
  readonly contentType: string | null
  readonly totalBytes: number | null
  readonly validator: Validator
  /** which question was believed */
  readonly asked: 'HEAD' | 'GET'
  readonly chain: readonly Hop[]
  readonly headers: Readonly<Record<string, string>>
}

const headSchema = z.object({
  finalUrl: z.string(),
  status: z.number(),
  contentType: z.string().nullable(),
  totalBytes: z.number().nullable(),
  validator: validatorSchema,
  asked: z.enum(['HEAD', 'GET']),
  chain: chainSchema,
  headers: z.record(z.string(), z.string())
})

/** Throws TryNext (this candidate is none) or RetryLater (ask again), both recorded. */
export async function headCandidate(journey: Journey, candidate: Candidate): Promise<HeadResult> {
  const { keeper, rooms } = journey
  const began = rooms.host.clock.monotonicMs()
  try {
    const { result, replayed } = await keeper.effects.run<HeadResult>({
      kind: 'HEAD',
      context: { url: candidate.url },
      revive: (stored) => (headSchema.safeParse(stored).data as HeadResult | undefined) ?? null,
      stillHolds: (_, at) => rooms.host.clock.now() - at < READING_HOLDS_SECONDS,
      leadsTo: () => 'HEAD_DONE',
      perform: async () => {
        const head = await ask(journey, candidate)
        rooms.host.probe('HEAD: performed')
        return { result: head }
      }
    })
    if (!replayed) {
      noteAttempt(journey, {
        source: candidate.source,
        tier: candidate.tier,
        url: candidate.url,
        outcome: 'success',
        reason: null,
        status: result.status,
        elapsedMs: rooms.host.clock.monotonicMs() - began
      })
    }
    return result
  } catch (error) {
    noteFailure(journey, candidate, error, rooms.host.clock.monotonicMs() - began)
    throw error
  }
}

async function ask(journey: Journey, candidate: Candidate): Promise<HeadResult> {
  const answer = await askHead(journey, candidate)
  if (answer === null) return sniff(journey, candidate)
  answer.discard()
  if (asksToWait(answer.status)) throw refusalOf(answer)
  const tooLarge = sizeRefusal(journey, answer)
  if (tooLarge !== null) throw tooLarge
  if (answer.status === 200 && typeFits(candidate, answer)) return factsOf(answer, 'HEAD')
  return sniff(journey, candidate)
}

/** Servers that do not know HEAD may drop the connection or never answer: then a GET is asked instead. */
const HEAD_PATIENCE_MS = 8_000
const NOT_ABOUT_THE_FILE: readonly string[] = [
  'CONNECTION_RESET',
  'TIMEOUT_FIRST_BYTE',
  'TIMEOUT',
  'STALLED',
  'BAD_ANSWER'
]

async function askHead(journey: Journey, candidate: Candidate): Promise<NetAnswer | null> {
  try {
    return await journey.rooms.net.open({
      ...request(journey, candidate),
      method: 'HEAD',
      timeoutMs: HEAD_PATIENCE_MS
    })
  } catch (error) {
    if (journey.signal.aborted || !isSheafError(error) || !NOT_ABOUT_THE_FILE.includes(error.code))
      throw error
    return null
  }
}

/** A GET of the first kilobyte: enough to see a PDF's head, and little when there is none. */
async function sniff(journey: Journey, candidate: Candidate): Promise<HeadResult> {
  const { net, library } = journey.rooms
  const answer = await net.open({
    ...request(journey, candidate),
    headers: { ...refererOf(candidate), Range: 'bytes=0-1023' }
  })
  const ranged = answer.status === 206
  const head = await readHead(journey, answer, ranged ? 1_024 : 65_536)
  const good = answer.status === 200 || ranged
  const expected = expectedOf(journey, candidate, answer)
  const no = library.judgeHead(head, expected)
  if (good && no === null) return factsOf(answer, 'GET')
  if (good && no !== null && ranged && head.length >= 1_024) {
    // The page may say more about itself further down.
    const whole = await net.open(request(journey, candidate))
    const named = library.judgeHead(await readHead(journey, whole, 65_536), expected)
    throw rejection(named ?? no, whole)
  }
  if (good && no !== null) throw rejection(no, answer)
  throw namedRefusal(answer, no)
}

/** A refusal that came with a page is named by the page when that says more than the number. */
export function namedRefusal(
  answer: NetAnswer,
  no: { readonly reason: SheafError['code']; readonly because: string } | null
): SheafError {
  const telling = no !== null && ['BOT_CHECK', 'LOGIN_PAGE', 'COOKIE_WALL'].includes(no.reason)
  if (telling && !asksToWait(answer.status)) return rejection(no, answer)
  if (telling && answer.status === 503 && no.reason === 'BOT_CHECK' && answer.retryAt === null) {
    return rejection(no, answer)
  }
  return refusalOf(answer)
}

export function rejection(
  no: { readonly reason: SheafError['code']; readonly because: string },
  answer: NetAnswer
): SheafError {
  return new SheafError(no.reason, no.because, {
    facts: { status: answer.status, url: answer.finalUrl, type: answer.headers['content-type'] ?? null }
  })
}

export function expectedOf(journey: Journey, candidate: Candidate, answer: NetAnswer): Expected {
  return {
    format: candidate.format,
    ids: journey.work.ids,
    facts: journey.work.facts,
    announcedBytes: announcedBytes(answer),
    contentType: answer.headers['content-type'] ?? null,
    url: answer.finalUrl
  }
}

export async function readHead(journey: Journey, answer: NetAnswer, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of answer.body) {
      chunks.push(chunk)
      length += chunk.length
      journey.rooms.tally.bytesFetched += chunk.length
      if (length >= most) break
    }
  } catch (error) {
    // What came before the connection broke is enough to name it; nothing at all is not.
    if (length === 0 || journey.signal.aborted) throw error
  } finally {
    answer.discard()
  }
  return Buffer.concat(chunks)
}

export function refererOf(candidate: Candidate): Record<string, string> {
  return candidate.foundOn === undefined ? {} : { Referer: candidate.foundOn }
}

function request(journey: Journey, candidate: Candidate) {
  return {
    url: wireUrl(candidate, journey.rooms.settings),
    purpose: 'file' as const,
    headers: refererOf(candidate),
    signal: journey.signal,
    cookies: journey.cookies
  }
}

function typeFits(candidate: Candidate, answer: NetAnswer): boolean {
  const type = (answer.headers['content-type'] ?? '').toLowerCase()
  if (candidate.format === 'html') return true
  if (candidate.format === 'xml') return !/\bhtml\b/.test(type)
  // No type, or “some bytes”, is believed for now: the stream looks at the bytes themselves.
  return type === '' || /pdf|octet-stream|binary|force-download|x-download/.test(type)
}

function sizeRefusal(journey: Journey, answer: NetAnswer): SheafError | null {
  const bytes = announcedBytes(answer)
  const most = journey.rooms.settings['files.maxBytes']
  if (answer.status !== 200 || bytes === null || bytes <= most) return null
  return new SheafError('TOO_LARGE', `The file is ${String(bytes)} bytes long; ${String(most)} are allowed.`)
}

function factsOf(answer: NetAnswer, asked: 'HEAD' | 'GET'): HeadResult {
  const bytes = announcedBytes(answer)
  return {
    finalUrl: answer.finalUrl,
    status: answer.status,
    contentType: answer.headers['content-type'] ?? null,
    // Many servers answer HEAD with a length of nought.
    totalBytes: bytes === 0 ? null : bytes,
    validator: validatorOf(answer.headers),
    asked,
    chain: keptChain(answer),
    headers: keptHeaders(answer)
  }
}
