/** Sentences and figures of the Insights screen. */
import { ALERT_SENTENCES } from '../../contract/alert-words'
import type {
  AlertView,
  HostStanding,
  MeasureView,
  RolloutFinding,
  RolloutStep,
  RolloutView
} from '../../contract/insights-views'
import { sayRatio } from '../../contract/counted'
import { sayUsd } from '../../contract/money'
import { bytes, count, elapsed, instant, isolate, number, span, timeOfDay } from './figures'

export const INSIGHTS = {
  title: 'Insights',
  about: 'Computed from the ledger on this computer; nothing is sent anywhere.',
  aboutList: (list: string) =>
    `Of the list “${isolate(list)}”. Alerts and forecasts are shown for all papers.`,
  report: 'Retrieval report…',
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
  crashSafe: 'Crash-safe',
  legacy: 'Plain',
  works: 'Works',
  completion: 'Completed',
  recoveries: 'Recovered',
  median: 'Median time',
  alerts: 'What misses its target',
  alertsAbout: 'Over the last 24 hours; interruptions over 7 days.',
  alertLevels: { warning: 'warning', critical: 'serious' },
  showPapers: 'Show papers',
  rollout: 'Crash-safe downloads, step by step',
  rolloutAbout:
    'Each step makes more papers crash-safe. No step, on or back, downloads a paper again that is here. Figures of the last 30 days.',
  rolloutBack: (step: RolloutStep) => `Back to ${stepName(step)}`,
  rolloutNext: (step: RolloutStep) => `Go on to ${stepName(step)}`,
  rolloutAskTitle: 'Go on although the figures speak against it?',
  rolloutAskYes: 'Go on',
  rolloutAskNo: 'Stay here',
  verdicts: { go: 'go', wait: 'wait', no_go: 'no go', complete: 'complete' },
  spans: { 1: '24 hours', 7: '7 days', 30: '30 days', 365: '1 year' },
  span: 'Period'
} as const

/** A measure's value in its unit. */
export function figure(value: number, unit: MeasureView['unit']): string {
  switch (unit) {
    case 'ratio':
      return sayRatio(value)
    case 's':
      return value < 10 ? elapsed(value * 1000) : span(value)
    case 'ms':
      // A target may be a tenth of a second, so it is not rounded.
      return value < 1_000 ? `${number(Math.round(value))} ms` : elapsed(value)
    case 'bytes':
      return bytes(value)
    case 'count':
      return number(value)
  }
}

export function targetOf(measure: MeasureView): string {
  if (measure.target === null) return ''
  const sign = measure.better === 'higher' ? '≥' : '<'
  return `${INSIGHTS.target} ${sign} ${figure(measure.target, measure.unit)}`
}

/** “off”, “10 % of the papers”, “all papers” */
export function stepName({ position, percent }: RolloutStep): string {
  if (position === 'off') return 'off'
  return position === 'on' ? 'all papers' : `${String(Math.round(percent))} % of the papers`
}

/** The position of the switch and the verdict on the next step, in one or two sentences. */
export function rolloutSentence({ now, because, verdict }: RolloutView): string {
  const stands = now.position === 'off' ? 'Crash-safe downloads are off.' : `Crash-safe: ${stepName(now)}.`
  if (verdict === 'complete') return stands
  return [stands, ...because.map(findingSentence)].join(' ')
}

function findingSentence(finding: RolloutFinding): string {
  switch (finding.kind) {
    case 'nothing_measured':
      return 'Nothing is compared while they are off.'
    case 'few_works':
      return `${number(finding.works)} of ${number(finding.needed)} papers went this way; too few to judge.`
    case 'measure_missed':
      return `${measureName(finding.measure)}: ${sayRatio(finding.value)}, ${sayRatio(finding.target)} is wanted.`
    case 'completes_less':
      return `Of the crash-safe papers ${sayRatio(finding.crashSafe)} were completed, of the others ${sayRatio(finding.plain)}.`
    case 'as_good':
      return finding.crashSafe === null
        ? 'No figure speaks against the next step.'
        : `Of the crash-safe papers ${sayRatio(finding.crashSafe)} were completed; no figure speaks against the next step.`
  }
}

const MEASURE_NAMES: Readonly<Record<string, string>> = {
  job_completion: 'Papers completed',
  time_to_complete_p50: 'Typical time per paper',
  time_to_complete_p95: '95 % finish within',
  time_to_complete_p99: '99 % finish within',
  crash_recovery: 'Recovered after an interruption',
  lease_wait_p99: 'Wait for a free worker',
  replay_rate: 'Steps reused instead of repeated',
  no_open_copy: 'Papers without an open copy',
  duplicates: 'Duplicates of papers you have'
}
export function measureName(name: string): string {
  return MEASURE_NAMES[name] ?? name
}

export function alertSentence({ name, measure }: AlertView): string {
  const of = measure === null ? '' : `: ${measureName(measure)}`
  return `${ALERT_SENTENCES[name]}${of}`
}

/** Its value, the target, and the time of the first contradicting row. */
export function alertFacts({ name, value, target, unit, since }: AlertView): string {
  const least = name === 'job_completion' || name === 'crash_recovery' || name === 'error_budget'
  const sign = least ? '≥' : name === 'stale_leases' || name === 'nothing_recorded' ? '≤' : '<'
  const facts = `${figure(value, unit)}, ${INSIGHTS.target} ${sign} ${figure(target, unit)}`
  return since === null ? facts : `${facts}, since ${instant(since)}`
}

/** The purposes of a host's requests. */
export function purposesOf({ api, landing, file }: HostStanding['use']['purposes']): string {
  const parts = [
    [api, 'look-up'],
    [landing, 'page'],
    [file, 'file']
  ] as const
  return parts
    .filter(([requests]) => requests > 0)
    .map(([requests, kind]) => count(requests, kind))
    .join(', ')
}

/** The remaining budget according to the service, or of the day’s limit. */
export function leftOf({ budget, dayCap, dayUsed }: HostStanding['limits']): string {
  if (budget?.unit === 'USD') {
    const of = budget.limit === null ? '' : ` of ${sayUsd(budget.limit)}`
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

/** The state of a host in one sentence; `isOpen`: requests are allowed now. */
export function hostState({ limits, use }: HostStanding): {
  readonly words: string
  readonly isOpen: boolean
} {
  const { closed, breakerUntil, restUntil, waiting, capAt } = limits
  if (closed !== null) {
    const until = `not asked before ${timeOfDay(closed.until)}`
    const because = {
      challenge: 'Asked for a bot check',
      budget: 'Today’s budget is spent',
      user: 'Stopped by you'
    }[closed.because]
    return { words: `${because}; ${until}`, isOpen: false }
  }
  if (breakerUntil !== null) {
    return { words: `Failing; not asked before ${timeOfDay(breakerUntil)}`, isOpen: false }
  }
  if (restUntil !== null) return { words: `Asked us to wait until ${timeOfDay(restUntil)}`, isOpen: false }
  if (capAt !== null) {
    return { words: `At this pace the daily limit is reached at ${timeOfDay(capAt)}`, isOpen: true }
  }
  if (waiting > 0) {
    return {
      words: `${count(waiting, 'request')} ${waiting === 1 ? 'waits its' : 'wait their'} turn`,
      isOpen: true
    }
  }
  const { lastRefusal } = use
  if (lastRefusal !== null) {
    const what = `${String(lastRefusal.status)} at ${timeOfDay(lastRefusal.at)}`
    return { words: `Answers; last refusal: ${what}`, isOpen: true }
  }
  return { words: use.answered > 0 ? 'Answers' : 'No answer yet', isOpen: true }
}
