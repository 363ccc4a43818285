/**
 * One exchange, from the requested address to the body of its answer: each hop is checked (address, robots,
 * breaker), waits for the host, is sent, and its redirect is followed. Invariant: no hop skips any of the
 * checks, and slot and socket are always released.
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
import { isBudgetSpent, type Closures } from './closures'
import type { Elsewhere } from './connect-to'
import { makeCookieJar } from './cookies'
import { decode, encodingsOf } from './decode'
import { failureFrom, looksOffline } from './failures'
import { contentLength, requestHeaders, withFittingReferer } from './headers'
import { leaveBody } from './leave-body'
import type { ExchangeScope, ExchangeScopes } from './exchange-scope'
import type { NetAnswer, NetRequest, Purpose } from './net'
import { noteLimits } from './note-limits'
import { proxyFor } from './proxy'
import { announcedBytes } from './range'
import type { Allowance, Rates } from './rate'
import { isRedirect, MOST_REDIRECTS, nextStep, parseTarget, type Step } from './redirects'
import type { ServiceLog } from './service-log'
import { isRetryableStatus } from './statuses'
import type { Lane, Turn, Turns } from './turns'

export interface Parts {
  readonly host: Host
  readonly settings: Settings
  readonly userAgent: string
  readonly agents: Agents
  readonly scopes: ExchangeScopes
  readonly turns: Turns
  readonly rates: Rates
  readonly breaker: Breaker
  readonly closures: Closures
  readonly log: ServiceLog
  /** state changed that must survive this process: a rest, a closure, a breaker */
  readonly stateChanged: () => void
  readonly bandwidth: Bandwidth
  /** `--connect-to` */
  readonly elsewhere: (url: URL) => Elsewhere | null
  /** throws when the site's rules forbid the visit; called at every hop of a request with `robots` */
  readonly obeyRobots: (url: URL, signal: AbortSignal) => Promise<void>
}

const LANE: Readonly<Record<Purpose, Lane>> = { api: 'lookUps', landing: 'pages', file: 'files' }
/** A service's key in a header or query parameter, which raises the limits of some services. */
const KEY_HEADERS = ['authorization', 'x-api-key', 'api-key', 'x-els-apikey']

export async function exchange(request: NetRequest, parts: Parts): Promise<NetAnswer> {
  const scope = parts.scopes.begin(request.signal)
  try {
    return await followRedirects(request, parts, scope)
  } catch (error) {
    scope.end()
    throw scope.signal.aborted ? scope.signal.reason : error
  }
}

async function followRedirects(request: NetRequest, parts: Parts, scope: ExchangeScope): Promise<NetAnswer> {
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
    if (request.robots && settings['network.obeyRobots']) await parts.obeyRobots(step.url, scope.signal)
    const visit = await visitHost(step, cookie, { request, parts, scope, first: chain.length === 0 })
    const { status, headers, setCookie } = visit.answer
    const location = headers['location']
    chain.push({ url, status, ...(location === undefined ? {} : { location }) })
    if (setCookie.length > 0) {
      jar ??= makeCookieJar()
      jar.keep(url, setCookie)
    }
    if (!isRedirect(status, headers)) {
      const elapsedMs = host.clock.monotonicMs() - beganMs
      return answerOf(visit, { request, parts, scope, step, chain, elapsedMs })
    }
    // The redirect's own short body is read first, so that the next hop can reuse its connection.
    await visit.giveBack({ kind: 'given up' })
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

/** The same address with the same cookies will give the same answer; with other cookies it may not. */
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
  /** ends the visit: closes the stream, releases its slots, reports to the breaker. Idempotent. */
  readonly giveBack: (end: BodyEnd) => Promise<void>
}

interface Around {
  readonly request: NetRequest
  readonly parts: Parts
  readonly scope: ExchangeScope
}

/** Waits for the host and sends the request. */
async function visitHost(
  step: Step,
  cookie: string | null,
  { request, parts, scope, first }: Around & { readonly first: boolean }
): Promise<Visit> {
  const { settings, breaker, rates, turns, closures, log } = parts
  const host = step.url.host
  closures.check(step.url)
  breaker.check(host)
  const allowance = rates.allowanceOf(step.url, {
    keyed: isKeyed(step),
    crawl: request.robots === true && settings['network.obeyRobots']
  })
  const turn = await turns.take(allowance, {
    lane: LANE[request.purpose],
    signal: scope.signal,
    maxWaitMs: request.maxRateWaitMs ?? null,
    maxRestMs: request.maxRestMs,
    onQueued: request.onQueued
  })
  request.onTurn?.(turn.waitedMs)
  let passage: Passage | null = null
  try {
    closures.check(step.url)
    if (first) await request.beforeSend?.()
    passage = breaker.enter(host)
    // The time limit is for the server: waiting for a slot is not part of it.
    if (first && request.timeoutMs !== undefined) scope.timeouts.limit(request.timeoutMs)
    scope.timeouts.about(host)
    const wire = await wayOut(step, parts)
    const { clock } = parts.host
    const grantedMs = clock.monotonicMs()
    let sentMs = grantedMs
    log.asked(host, request.purpose)
    const answer = await send({
      method: step.method,
      body: step.body,
      once: request.once === true,
      url: wire.url,
      agent: wire.agent,
      headers: {
        ...withFittingReferer(step.headers, step.url),
        ...(cookie === null ? {} : { Cookie: cookie }),
        ...wire.headers
      },
      timeouts: scope.timeouts,
      connectTimeoutMs: settings['network.connectTimeoutMs'],
      firstByteTimeoutMs: settings['network.firstByteTimeoutMs'],
      signal: scope.signal,
      onConnected: () => {
        sentMs = clock.monotonicMs()
        if (sentMs - grantedMs >= 1) rates.leftLate(allowance, (sentMs - grantedMs) / 1000)
      }
    })
    const latencyMs = clock.monotonicMs() - sentMs
    return noteAnswer(answer, { url: step.url, allowance, parts, passage, turn, latencyMs })
  } catch (error) {
    turn.release()
    const failure: unknown = scope.signal.aborted
      ? scope.signal.reason
      : failureFrom(error, { host, url: step.url.href })
    if (passage !== null) notePassage(passage, failure, parts, host)
    throw failure
  }
}

function isKeyed(step: Step): boolean {
  return (
    Object.keys(step.headers).some((name) => KEY_HEADERS.includes(name.toLowerCase())) ||
    step.url.searchParams.has('api_key')
  )
}

/** Direct, to another origin, or through a proxy. */
async function wayOut(step: Step, { settings, agents, host, elsewhere }: Parts) {
  const other = elsewhere(step.url)
  if (other !== null) return { ...other, agent: await agents.elsewhere(other.url) }
  const proxy = await proxyFor(step.url, settings['network.proxy'], host)
  const agent = await (proxy === null ? agents.straight(step.url) : agents.through(proxy, step.url))
  return { url: step.url, headers: {}, agent }
}

interface Answered {
  readonly url: URL
  readonly allowance: Allowance
  readonly parts: Parts
  readonly passage: Passage
  readonly turn: Turn
  readonly latencyMs: number
}

function noteAnswer(answer: WireAnswer, around: Answered): Visit {
  const { url, parts, passage, turn, latencyMs } = around
  const retryAt = noteLimits(answer, url, { ...parts, allowance: around.allowance, clock: parts.host.clock })
  const { status } = answer
  const isBudget = isBudgetSpent(url, status, answer.headers)
  if (isRetryableStatus(status) && !isBudget) {
    passage.failed()
    parts.stateChanged()
  }
  const isRefusal = status === 429 || status === 403 || status === 503
  parts.log.answered(url.host, { status, latencyMs, isRefusal })
  return {
    answer,
    retryAt,
    giveBack(end) {
      answer.release()
      if (end.kind !== 'broken') passage.succeeded()
      else if (end.bytes === 0) passage.failed()
      else passage.dropped()
      return leaveBody(answer, { end, turn, clock: parts.host.clock })
    }
  }
}

/** Reports failures of the host only: a request that was not sent, and a missing network, are not counted. */
function notePassage(passage: Passage, failure: unknown, parts: Parts, host: string): void {
  const ours = !isSheafError(failure) || failure.family === 'Pause' || looksOffline(failure)
  if (ours || ['PRIVATE_ADDRESS', 'BAD_URL', 'BAD_SETTING', 'CA_FILE_UNUSABLE'].includes(failure.code))
    passage.dropped()
  else {
    passage.failed()
    parts.log.failed(host)
    parts.stateChanged()
  }
}

function answerOf(
  visit: Visit,
  around: Around & { readonly step: Step; readonly chain: readonly Hop[]; readonly elapsedMs: number }
): NetAnswer {
  const { request, parts, scope, step } = around
  const { status, headers, stream } = visit.answer
  const { host } = step.url
  const maxBytes = request.maxBytes ?? parts.settings['files.maxBytes']
  const bodyless = step.method === 'HEAD' || status === 204 || status === 304
  const ended = (end: BodyEnd): void => {
    scope.signal.removeEventListener('abort', onAbort)
    void visit.giveBack(end)
    scope.end()
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
      received: (bytes) => {
        parts.log.received(host, bytes)
      },
      host,
      url: step.url.href,
      announced: encodings.length > 0 ? null : contentLength(headers),
      maxBytes,
      timeouts: scope.timeouts,
      stallTimeoutMs: parts.settings['network.stallTimeoutMs'],
      bandwidth: parts.bandwidth,
      clock: parts.host.clock,
      signal: scope.signal,
      ended
    })
    // A caller that aborts and never reads must not keep its slot.
    scope.signal.addEventListener('abort', onAbort, { once: true })
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

async function* nothing(): AsyncGenerator<Uint8Array, void, undefined> {
  // HEAD, 204 and 304 have no body, whatever their headers say.
}

/** The abort reason of active exchanges when the network is closed. */
export function closing(): SheafError {
  return new SheafError('PAUSED', 'The network was closed while this was under way.')
}
