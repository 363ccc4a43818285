/**
 * One exchange, from the address asked for to the body that answers it: each hop is judged (address,
 * robots, breaker), waits for its turn, goes out, and is followed if it points elsewhere. What must stay
 * true: no hop is exempt from any of the checks, and whatever happens slot and socket are given back.
 */
import { fail, isSheafError, SheafError } from '../../contract/errors'
import type { Settings } from '../../contract/settings'
import type { Hop } from '../../contract/work'
import type { Host } from '../platform/host'
import { hostRefusal } from './addresses'
import type { Agents } from './agents'
import type { Bandwidth } from './bandwidth'
import { readBody, tooLarge, type BodyEnd } from './body'
import type { Breaker, Passage } from './breaker'
import { send, type WireAnswer } from './client'
import type { Elsewhere } from './connect-to'
import { makeCookieJar } from './cookies'
import { decode, encodingsOf } from './decode'
import { failureFrom, looksOffline } from './failures'
import { requestHeaders } from './headers'
import type { Life, Lives } from './life'
import type { NetAnswer, NetRequest } from './net'
import { proxyFor } from './proxy'
import { announcedBytes } from './range'
import type { Rates } from './rate'
import { isRedirect, MOST_REDIRECTS, nextStep, parseTarget, type Step } from './redirects'
import { retryAtFrom } from './retry'
import type { Slots } from './slots'

export interface Parts {
  readonly host: Host
  readonly settings: Settings
  readonly userAgent: string
  readonly agents: Agents
  readonly lives: Lives
  readonly slots: Slots
  readonly rates: Rates
  readonly breaker: Breaker
  readonly bandwidth: Bandwidth
  /** `--connect-to` */
  readonly elsewhere: (url: URL) => Elsewhere | null
  /** throws when the site's rules forbid the visit; called at every hop of a request that asks for it */
  readonly obeyRobots: (url: URL, signal: AbortSignal) => Promise<void>
}

/** A 429 that does not say for how long means at least this. */
const UNSAID_REST_SECONDS = 1

export async function exchange(request: NetRequest, parts: Parts): Promise<NetAnswer> {
  const life = parts.lives.begin(request.signal)
  try {
    return await walk(request, parts, life)
  } catch (error) {
    life.end()
    throw life.signal.aborted ? life.signal.reason : error
  }
}

async function walk(request: NetRequest, parts: Parts, life: Life): Promise<NetAnswer> {
  const { settings, host } = parts
  const beganMs = host.clock.monotonicMs()
  const seen = new Set<string>()
  const chain: Hop[] = []
  let jar = request.cookies ?? null
  let step = firstStep(request, parts)
  for (;;) {
    const url = step.url.href
    refusePrivate(step.url, settings)
    const cookie = jar?.header(url) ?? null
    refuseCircles(`${step.method} ${url} ${cookie ?? ''}`, seen, chain)
    if (request.robots && settings['network.obeyRobots']) await parts.obeyRobots(step.url, life.signal)
    const visit = await visitHost(step, cookie, { request, parts, life, first: chain.length === 0 })
    const { status, headers, setCookie } = visit.answer
    const location = headers['location']
    chain.push({ url, status, ...(location === undefined ? {} : { location }) })
    if (setCookie.length > 0) {
      jar ??= makeCookieJar()
      jar.keep(url, setCookie)
    }
    if (!isRedirect(status, headers)) {
      const elapsedMs = host.clock.monotonicMs() - beganMs
      return answerOf(visit, { request, parts, life, step, chain, elapsedMs })
    }
    visit.giveBack({ kind: 'given up' })
    if (chain.length > MOST_REDIRECTS) {
      fail('TOO_MANY_REDIRECTS', `More than ${String(MOST_REDIRECTS)} redirects from ${request.url}.`, {
        facts: { chain }
      })
    }
    step = nextStep(step, status, location ?? '', request.purpose)
  }
}

function firstStep(request: NetRequest, parts: Parts): Step {
  const { url, authorization } = parseTarget(request.url)
  const asked =
    authorization === null ? request.headers : { Authorization: authorization, ...request.headers }
  return {
    url,
    method: request.method ?? 'GET',
    headers: requestHeaders(request.purpose, parts.userAgent, asked),
    body: request.body ?? null
  }
}

function refusePrivate(url: URL, settings: Settings): void {
  const because = settings['network.allowPrivateHosts'] ? null : hostRefusal(url.hostname)
  if (because !== null) {
    fail('PRIVATE_ADDRESS', `${url.href.slice(0, 200)} is not asked: ${because}.`, {
      facts: { url: url.href }
    })
  }
}

/** The same address with the same cookies will answer the same; with other cookies it may not. */
function refuseCircles(visit: string, seen: Set<string>, chain: readonly Hop[]): void {
  if (seen.has(visit)) {
    fail('TOO_MANY_REDIRECTS', `${chain.at(-1)?.url ?? ''} sent us back to where we had been.`, {
      facts: { chain }
    })
  }
  seen.add(visit)
}

interface Visit {
  readonly answer: WireAnswer
  readonly retryAt: number | null
  /** ends the visit: the stream is closed, the slot is free, the breaker knows. Idempotent. */
  readonly giveBack: (end: BodyEnd) => void
}

interface Around {
  readonly request: NetRequest
  readonly parts: Parts
  readonly life: Life
}

/** Waits for the host's turn and asks it. */
async function visitHost(
  step: Step,
  cookie: string | null,
  { request, parts, life, first }: Around & { readonly first: boolean }
): Promise<Visit> {
  const { settings, breaker, rates, slots } = parts
  const host = step.url.host
  breaker.check(host)
  const release = await slots.take(host, life.signal)
  let passage: Passage | null = null
  try {
    await rates.turn(host, { signal: life.signal, maxWaitMs: request.maxRateWaitMs ?? null })
    passage = breaker.enter(host)
    // Patience is with the server: the wait for its turn is not part of it.
    if (first && request.timeoutMs !== undefined) life.patience.limit(request.timeoutMs)
    life.patience.about(host)
    const wire = await wayOut(step, parts)
    const answer = await send({
      method: step.method,
      body: step.body,
      url: wire.url,
      agent: wire.agent,
      headers: { ...step.headers, ...(cookie === null ? {} : { Cookie: cookie }), ...wire.headers },
      patience: life.patience,
      connectTimeoutMs: settings['network.connectTimeoutMs'],
      firstByteTimeoutMs: settings['network.firstByteTimeoutMs'],
      signal: life.signal
    })
    return noteAnswer(answer, { host, parts, passage, release })
  } catch (error) {
    release()
    const failure: unknown = life.signal.aborted
      ? life.signal.reason
      : failureFrom(error, { host, url: step.url.href })
    if (passage !== null) notePassage(passage, failure)
    throw failure
  }
}

/** Straight, to another origin, or through a proxy. */
async function wayOut(step: Step, { settings, agents, host, elsewhere }: Parts) {
  const other = elsewhere(step.url)
  if (other !== null) return { ...other, agent: agents.elsewhere(other.url) }
  const proxy = proxyFor(step.url, settings['network.proxy'], host.env)
  const agent = proxy === null ? agents.straight(step.url) : await agents.through(proxy, step.url)
  return { url: step.url, headers: {}, agent }
}

function noteAnswer(
  answer: WireAnswer,
  around: {
    readonly host: string
    readonly parts: Parts
    readonly passage: Passage
    readonly release: () => void
  }
): Visit {
  const { host, parts, passage, release } = around
  const now = parts.host.clock.now()
  const { status, headers } = answer
  const retryAt = retryAtFrom(headers, now, parts.settings['network.retryAfterMaxSeconds'])
  if (status === 429) parts.rates.block(host, retryAt ?? now + UNSAID_REST_SECONDS)
  if (status === 503 && retryAt !== null) parts.rates.block(host, retryAt)
  if (status >= 500 || status === 429) passage.failed()
  return {
    answer,
    retryAt,
    giveBack(end) {
      answer.release()
      // A body that is all here is drained, so that its connection can be used again.
      if (answer.stream.complete) answer.stream.resume()
      else if (end.kind !== 'whole') answer.stream.destroy()
      release()
      if (end.kind !== 'broken') passage.succeeded()
      else if (end.bytes === 0) passage.failed()
      else passage.dropped()
    }
  }
}

/** Which failures are the host's: not being asked, and this computer's lack of a network, are not. */
function notePassage(passage: Passage, failure: unknown): void {
  const ours = !isSheafError(failure) || failure.family === 'Pause' || looksOffline(failure)
  if (ours || ['PRIVATE_ADDRESS', 'BAD_URL', 'BAD_SETTING'].includes(failure.code)) passage.dropped()
  else passage.failed()
}

function answerOf(
  visit: Visit,
  around: Around & { readonly step: Step; readonly chain: readonly Hop[]; readonly elapsedMs: number }
): NetAnswer {
  const { request, parts, life, step } = around
  const { status, headers, stream } = visit.answer
  const { host } = step.url
  const maxBytes = request.maxBytes ?? parts.settings['files.maxBytes']
  const bodyless = step.method === 'HEAD' || status === 204 || status === 304
  const ended = (end: BodyEnd): void => {
    life.signal.removeEventListener('abort', onAbort)
    visit.giveBack(end)
    life.end()
  }
  const onAbort = (): void => {
    ended({ kind: 'given up' })
  }
  try {
    const encodings = bodyless ? [] : encodingsOf(headers['content-encoding'], host)
    const announced = announcedBytes({ status, headers })
    if (!bodyless && announced !== null && announced > maxBytes) throw tooLarge(host, announced, maxBytes)
    const body = readBody({
      stream: decode(stream, encodings),
      host,
      url: step.url.href,
      announced: encodings.length > 0 ? null : bodyLength(headers),
      maxBytes,
      patience: life.patience,
      stallTimeoutMs: parts.settings['network.stallTimeoutMs'],
      bandwidth: parts.bandwidth,
      clock: parts.host.clock,
      signal: life.signal,
      ended
    })
    // Whoever aborts and never reads must not keep the slot.
    life.signal.addEventListener('abort', onAbort, { once: true })
    if (bodyless) {
      stream.resume()
      ended({ kind: 'whole' })
    }
    return {
      url: request.url,
      finalUrl: step.url.href,
      status,
      headers,
      chain: around.chain,
      elapsedMs: Math.round(around.elapsedMs),
      retryAt: visit.retryAt,
      body: bodyless ? nothing() : body,
      decoded: encodings.length > 0,
      discard() {
        ended({ kind: 'given up' })
      }
    }
  } catch (error) {
    ended({ kind: 'given up' })
    throw error
  }
}

function bodyLength(headers: Readonly<Record<string, string>>): number | null {
  const length = headers['content-length']
  return length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : null
}

async function* nothing(): AsyncGenerator<Uint8Array, void, undefined> {
  // HEAD, 204 and 304 have no body, whatever their headers say.
}

/** The reason given to exchanges that are under way when the room closes. */
export function closing(): SheafError {
  return new SheafError('PAUSED', 'The network was closed while this was under way.')
}
