/** Sentences and figures of the Insights screen. */
import type { MeasureView } from '../../contract/insights-views'
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
  overTime: 'Papers and bytes over time',
  papers: 'papers',
  bySource: 'Success by source',
  byReason: 'Failures by reason',
  noFailures: 'No failures in this period.',
  time: 'Time to complete',
  timeAbout: 'From the start of the download to the library.',
  canary: 'Crash-safe and plain downloads compared',
  canaryAbout:
    'With Canary, a fixed share of papers is crash-safe; the others are downloaded without a record.',
  canaryNone: 'Both groups have papers once crash-safe downloads are set to Canary (Settings, Crash safety).',
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
