/** Alerts: one-sided, none without data, each with its value, target and first evidence. */
import { describe, expect, test } from 'vitest'
import { alertsOf, type AlertFacts } from '../../../src/main/insights/alerts'
import { measuresOf, type MeasuredFigures } from '../../../src/main/insights/measures'

const endings = { done: 0, duplicates: 0, noOpenCopy: 0, cancelled: 0, failed: 0 }
const none: MeasuredFigures = {
  endings,
  secondsToComplete: [],
  leaseWaitsMs: [],
  performed: 0,
  replayed: 0,
  recoveries: { well: 0, badly: 0 }
}
const of = (
  measured: Partial<MeasuredFigures>,
  facts: Partial<AlertFacts> = {}
): ReturnType<typeof alertsOf> =>
  alertsOf({
    measures: measuresOf({ ...none, ...measured }),
    staleLeases: { count: 0, since: null },
    runningSilentSince: null,
    evidence: () => 1_000,
    now: 10_000,
    ...facts
  })

describe('alerts', () => {
  test('there are none without data, and none when every measure is better than its target', () => {
    expect(of({})).toEqual([])
    expect(
      of({
        endings: { ...endings, done: 1_000 },
        performed: 1_000,
        leaseWaitsMs: [1],
        recoveries: { well: 9, badly: 0 }
      })
    ).toEqual([])
  })

  test.each<[Partial<MeasuredFigures>, string, string, number, number]>([
    [{ endings: { ...endings, done: 90, failed: 10 } }, 'job_completion', 'critical', 0.9, 0.995],
    [{ recoveries: { well: 1, badly: 1 } }, 'crash_recovery', 'critical', 0.5, 0.999],
    [{ leaseWaitsMs: [500] }, 'lease_wait_p99', 'warning', 500, 100],
    [{ performed: 90, replayed: 10 }, 'replay_rate', 'warning', 0.1, 0.05]
  ])('a missed measure whose budget is used up: %j', (measured, name, level, value, target) => {
    expect(of(measured)).toEqual([
      { name, level, value, target, since: 1_000 },
      { name: 'error_budget', level: 'critical', value: 0, target: 0.25, since: 1_000, measure: name }
    ])
  })

  test('a budget that is nearly used up warns before the measure is missed', () => {
    const alerts = of({ performed: 956, replayed: 44 })
    expect(alerts).toMatchObject([{ name: 'error_budget', level: 'warning', measure: 'replay_rate' }])
    expect(alerts[0]!.value).toBeCloseTo(0.12)
    expect(of({ performed: 970, replayed: 30 })).toEqual([])
  })

  test('expired leases, and a run that records nothing', () => {
    expect(of({}, { staleLeases: { count: 2, since: 9_000 } })).toEqual([
      { name: 'stale_leases', level: 'warning', value: 2, target: 0, since: 9_000 }
    ])
    expect(of({}, { runningSilentSince: 9_400 })).toEqual([])
    expect(of({}, { runningSilentSince: 9_399 })).toEqual([
      { name: 'nothing_recorded', level: 'critical', value: 601, target: 600, since: 9_399 }
    ])
  })
})
