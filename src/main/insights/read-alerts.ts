/** The facts behind the alerts, read from a ledger. */
import { isAnyDue } from '../ledger/leases'
import type { Reader } from '../ledger/ledger'
import { openRuns } from '../ledger/runs'
import { expiredLeases, firstEvidence, lastRecordedAt } from '../ledger/telemetry-queries'
import { alertsOf, type Alert } from './alerts'
import type { Measure } from './measures'
import { DAY_SECONDS, WEEK_SECONDS } from '../../contract/durations'

/** `isAlive`: a live process holds this ledger and may be running. */
export function readAlerts(
  reader: Reader,
  facts: { readonly measures: readonly Measure[]; readonly now: number; readonly isAlive: boolean }
): readonly Alert[] {
  const { now } = facts
  const runs = facts.isAlive && isAnyDue(reader, now) ? openRuns(reader) : []
  const began = runs.at(-1)?.startedAt
  return alertsOf({
    measures: facts.measures,
    staleLeases: expiredLeases(reader, now),
    runningSilentSince: began === undefined ? null : Math.max(began, lastRecordedAt(reader) ?? 0),
    evidence: (name) =>
      firstEvidence(reader, name, now - (name === 'crash_recovery' ? WEEK_SECONDS : DAY_SECONDS)),
    now
  })
}
