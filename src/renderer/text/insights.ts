/** Sentences and figures of the Insights screen. */
import type { HostStanding, MeasureView } from '../../contract/insights-views'
import { bytes, elapsed, number, span } from './figures'

export const INSIGHTS = {
  title: 'Insights',
  about: 'Computed from the ledger on this computer; nothing is sent anywhere.',
  noData: 'no data yet',
  target: 'target',
  budget: 'error budget left',
  met: 'met',
  missed: 'missed',
  traffic: 'Traffic',
  fetched: 'fetched',
  saved: 'saved by resuming',
  twice: 'fetched twice',
  forecast: 'Forecast and result',
  forecastAbout: 'What look-ups let expect of the last list, beside what came.',
  came: (of: number) => `papers arrived, of ${number(of)} expected`,
  took: (expectedMs: number) => `taken; ${span(Math.max(1, expectedMs / 1000))} by the hosts’ limits alone`,
  paid: 'paid',
  price: (usd: number) => `$${usd.toFixed(2)}`,
  overTime: 'Papers and bytes over time',
  papers: 'papers',
  bySource: 'Success by source',
  byReason: 'Failures by reason',
  hosts: 'Services and hosts contacted',
  hostsAbout:
    'Everything Sheaf asked on the network: where, what for, and how each host stands. Daily limits reset at midnight UTC.',
  noHosts: 'No host has been contacted yet.',
  hostColumns: {
    host: 'Host',
    asked: 'Requests',
    purpose: 'For',
    bytes: 'Received',
    latency: 'Answers in',
    left: 'Left today',
    state: 'State',
    action: 'Ask it'
  },
  pause: 'Stop asking',
  resume: 'Ask again',
  noFailures: 'No failures in this period.',
  time: 'Time to complete',
  timeAbout: 'From the start of the download to the library.',
  canary: 'Crash-safe and plain downloads compared',
  canaryAbout:
    'With Canary, a fixed share of papers is crash-safe; the others are downloaded without a record.',
  crashSafe: 'Crash-safe',
  legacy: 'Plain',
  works: 'Works',
  completion: 'Completed',
  recoveries: 'Recovered',
  median: 'Median time',
  spans: { 1: '24 hours', 7: '7 days', 30: '30 days', 365: '1 year' },
  span: 'Period'
} as const

/** A measure's value in its unit. */
export function figure(value: number, unit: MeasureView['unit']): string {
  switch (unit) {
    case 'ratio':
      return ratio(value)
    case 's':
      return value < 10 ? elapsed(value * 1000) : span(value)
    case 'ms':
      return elapsed(value)
    case 'bytes':
      return bytes(value)
    case 'count':
      return number(value)
  }
}

/** `99.5 %`; never rounded up to a target that was not met. */
export function ratio(value: number): string {
  const tenths = Math.floor(value * 1000 + 1e-9) / 10
  return `${Number.isInteger(tenths) ? String(tenths) : tenths.toFixed(1)} %`
}

export function targetOf(measure: MeasureView): string {
  if (measure.target === null) return ''
  const sign = measure.better === 'higher' ? '≥' : '<'
  return `${INSIGHTS.target} ${sign} ${figure(measure.target, measure.unit)}`
}

/** What a host was asked for, in words. */
export function purposesOf({ api, landing, file }: HostStanding['use']['purposes']): string {
  const parts = [
    [api, 'look-up', 'look-ups'],
    [landing, 'page', 'pages'],
    [file, 'file', 'files']
  ] as const
  return parts
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${number(count)} ${count === 1 ? one : many}`)
    .join(', ')
}

/** What its service says is left, or what the day’s limit leaves. */
export function leftOf({ budget, dayCap, dayUsed }: HostStanding['limits']): string {
  if (budget?.unit === 'USD') {
    const of = budget.limit === null ? '' : ` of $${budget.limit.toFixed(2)}`
    return `$${budget.remaining.toFixed(budget.remaining < 0.1 ? 4 : 2)}${of}`
  }
  if (dayCap !== null) return `${number(dayCap - (dayUsed ?? 0))} of ${number(dayCap)}`
  if (budget !== null) {
    return budget.limit === null
      ? number(budget.remaining)
      : `${number(budget.remaining)} of ${number(budget.limit)}`
  }
  return ''
}

const clockTime = (at: number): string =>
  new Date(at * 1000).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })

/** How a host stands, in one sentence; `isOpen`: it is asked now. */
export function hostState({ limits, use }: HostStanding): {
  readonly words: string
  readonly isOpen: boolean
} {
  const { closed, breakerUntil, restUntil, waiting, capAt } = limits
  if (closed !== null) {
    const until = `not asked before ${clockTime(closed.until)}`
    const because = {
      challenge: 'Asked for a bot check',
      budget: 'Today’s budget is spent',
      user: 'Stopped by you'
    }[closed.because]
    return { words: `${because}; ${until}`, isOpen: false }
  }
  if (breakerUntil !== null) {
    return { words: `Failing; not asked before ${clockTime(breakerUntil)}`, isOpen: false }
  }
  if (restUntil !== null) return { words: `Asked us to wait until ${clockTime(restUntil)}`, isOpen: false }
  if (capAt !== null) {
    return { words: `At this pace the daily limit is reached at ${clockTime(capAt)}`, isOpen: true }
  }
  if (waiting > 0) {
    return {
      words: waiting === 1 ? '1 request waits its turn' : `${number(waiting)} requests wait their turn`,
      isOpen: true
    }
  }
  const { lastRefusal } = use
  if (lastRefusal !== null) {
    const what = `${String(lastRefusal.status)} at ${clockTime(lastRefusal.at)}`
    return { words: `Answers; last refusal: ${what}`, isOpen: true }
  }
  return { words: use.answered > 0 ? 'Answers' : 'No answer yet', isOpen: true }
}
