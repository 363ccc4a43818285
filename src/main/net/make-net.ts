/** Joins the module's parts into its public API, `net.ts`. */
import { isSheafError } from '../../contract/errors'
import type { Settings } from '../../contract/settings'
import type { Host } from '../platform/host'
import { guardedLookup } from './addresses'
import { makeAgents } from './agents'
import { Bandwidth } from './bandwidth'
import { boardOf } from './board'
import { Breaker } from './breaker'
import { Closures } from './closures'
import { readConnectTo } from './connect-to'
import { makeCookieJar } from './cookies'
import { closing, exchange, type Parts } from './exchange'
import { userAgent } from './headers'
import { hostOf } from './hosts'
import { ExchangeScopes } from './exchange-scope'
import type { AnswerFacts, Net, NetAnswer, NetOptions, NetRequest, TextAnswer } from './net'
import { Rates } from './rate'
import { backoffMs } from './retry'
import { Robots } from './robots'
import { ServiceLog } from './service-log'
import { readState } from './state'
import { isRetryableStatus } from './statuses'
import { decodeText, readWhole } from './text'
import { makeTrust } from './trust'
import { Turns, type Lane } from './turns'
import { Watch, type LeastRate } from './timeouts'

const LARGEST_TEXT_BYTES = 20_000_000
/**
 * A server that sends less over this time would occupy its worker for hours; our own bandwidth limit is not
 * counted.
 */
const LEAST_RATE: LeastRate = { bytesPerSecond: 1_000, windowMs: 60_000 }
/** Longer pauses that a host requests are not waited for here. */
const LONGEST_RETRY_WAIT_MS = 60_000
/** Errors that a retry within a moment cannot change. */
const NOT_WORTH_RETRYING = new Set(['BREAKER_OPEN', 'RATE_WAIT', 'ROBOTS_UNREACHABLE'])

/** Size: joins the stages of a request, and the loop of its retries. */
export function makeNet(
  host: Host,
  settings: Settings,
  options: NetOptions & { readonly version: string }
): Net {
  const kept = readState(options.state)
  const { clock } = host
  const rates = new Rates({
    perSecond: settings['network.rates'],
    maxRestSeconds: settings['network.retryAfterMaxSeconds'],
    hasContact: settings['general.mailto'] !== '',
    clock,
    kept: kept.rates,
    cautious: kept.isOpen
  })
  const breaker = new Breaker(clock, kept.breakers)
  const closures = new Closures(clock, kept.closures)
  const log = new ServiceLog(clock, kept.log)
  const stateChanged = (): void => {
    options.stateChanged?.()
  }
  const turns = new Turns({
    clock,
    rates,
    maxPerHost: settings['network.maxPerHost'],
    lanes: () => options.lanes?.() ?? lanesOf(settings)
  })
  const scopes = new ExchangeScopes(new Watch(host.clock, LEAST_RATE))
  const agents = makeAgents(
    settings['network.allowPrivateHosts'] ? null : guardedLookup(),
    makeTrust(host, settings)
  )
  const robots: Robots = new Robots({
    clock: host.clock,
    kept: kept.robots,
    slowDown: (name, seconds) => {
      rates.slowDown(name, seconds)
    },
    fetch: (request) => exchange(request, parts)
  })
  const bandwidth = new Bandwidth(settings['network.maxBandwidth'], host.clock)
  const parts: Parts = {
    host,
    settings,
    userAgent: userAgent(options.version, settings['general.mailto']),
    agents,
    scopes,
    turns,
    rates,
    breaker,
    closures,
    log,
    stateChanged,
    bandwidth,
    elsewhere: readConnectTo(settings['network.connectTo']),
    obeyRobots: (url, signal) => robots.obey(url, signal)
  }
  return {
    open: (request) =>
      persist(
        request,
        host,
        () => exchange(request, parts),
        (answer) => {
          answer.discard()
        }
      ),
    text: (request) =>
      persist(
        request,
        host,
        () => wholeText(request, parts),
        () => undefined
      ),
    waitMs: (url, purpose = 'api') =>
      turns.waitMs(rates.allowanceOf(new URL(url), { crawl: purpose === 'landing' })),
    paceOf: (url) => {
      const allowance = rates.allowanceOf(new URL(url))
      return { budget: allowance.bucket, spacingMs: rates.spacingMs(allowance) }
    },
    breakerOpenUntil: (url) => breaker.openUntil(hostOf(url)),
    filesReady: () => turns.readyIn('files'),
    activeOn: (url) => turns.activeOn(hostOf(url)),
    closed: (url) => closures.of(new URL(url)),
    challenged: (url) => {
      closures.challenged(new URL(url))
      stateChanged()
    },
    board: () => boardOf({ clock, rates, turns, breaker, closures, log }),
    setOpen(name, isOpen) {
      if (isOpen) {
        closures.openByHand(name)
        breaker.forget(name)
        rates.unblock(rates.allowanceOf(new URL(`https://${name}/`)))
      } else closures.closeByHand(name)
      stateChanged()
      turns.lookAgain()
    },
    newCookieJar: makeCookieJar,
    limitTo: (bytesPerSecond) => {
      bandwidth.bytesPerSecond = bytesPerSecond
      // The lanes are read when a slot is given: waiting requests may start now if there are more.
      turns.lookAgain()
    },
    saveState: ({ isLast }) => ({
      rates: rates.save(),
      breakers: breaker.save(),
      robots: robots.save(),
      closures: closures.save(),
      log: log.save(),
      isOpen: !isLast
    }),
    close() {
      scopes.endAll(closing())
      robots.close(closing())
      turns.close()
      agents.close()
      return Promise.resolve()
    }
  }
}

export function lanesOf(settings: Settings): Readonly<Record<Lane, number>> {
  return {
    lookUps: settings['network.lookUps'],
    pages: settings['network.pages'],
    files: settings['network.workers']
  }
}

async function wholeText(request: NetRequest, parts: Parts): Promise<TextAnswer> {
  const beganMs = parts.host.clock.monotonicMs()
  const answer: NetAnswer = await exchange({ maxBytes: LARGEST_TEXT_BYTES, ...request }, parts)
  const text = decodeText(await readWhole(answer), answer.headers['content-type'])
  const { url, finalUrl, status, headers, chain, retryAt } = answer
  const elapsedMs = Math.round(parts.host.clock.monotonicMs() - beganMs)
  return { url, finalUrl, status, headers, chain, retryAt, elapsedMs, text }
}

/** Retries, as often as the request allows, failures that may pass in a moment. */
async function persist<A extends AnswerFacts>(
  request: NetRequest,
  host: Host,
  perform: () => Promise<A>,
  discard: (answer: A) => void
): Promise<A> {
  const longestMs = request.maxRateWaitMs ?? LONGEST_RETRY_WAIT_MS
  for (let attempt = 0; ; attempt += 1) {
    const last = attempt >= (request.retries ?? 0)
    const waitAfter = (retryAt: number | null): number => {
      const asked = retryAt === null ? 0 : (retryAt - host.clock.now()) * 1000
      return Math.max(asked, backoffMs(attempt, host.random))
    }
    let waitMs: number
    try {
      const answer = await perform()
      if (last || !isRetryableStatus(answer.status)) return answer
      waitMs = waitAfter(answer.retryAt)
      if (waitMs > longestMs) return answer
      discard(answer)
    } catch (error) {
      if (last || request.signal.aborted || !isSheafError(error)) throw error
      if (error.family !== 'RetryLater' || NOT_WORTH_RETRYING.has(error.code)) throw error
      waitMs = waitAfter(error.retryAt ?? null)
      if (waitMs > longestMs) throw error
    }
    await host.clock.sleep(waitMs, request.signal)
  }
}
