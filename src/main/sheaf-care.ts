/** Ledger, library and disk brought into agreement: before runs, on demand, and when a library is missing. */
import type { ReconcileLine } from '../contract/lines'
import { endDeadRuns } from './engine/dead-runs'
import { reconcile } from './engine/reconcile'
import type { HowToReconcile } from './engine/reconcile-parts'
import { lastReconciliation } from './ledger/reconciliations'
import { findingsOf, reconciliationCounts } from './ledger/recover-queries'
import type { SheafCare } from './sheaf-api'
import type { Own, SheafParts } from './sheaf-parts'

/** Takes in what the library holds, compares, and emits the `reconcile` line. LIBRARY_MISSING. */
export async function bringIntoAgreement(
  { host, ledger, engine, care, deadOwners }: SheafParts,
  how: HowToReconcile,
  signal: AbortSignal
): Promise<ReconcileLine> {
  await care.assertPresent(engine.library)
  const taken = await care.takeIn(engine.library, engine.settings, signal)
  const line = await reconcile(
    {
      host,
      ledger,
      library: engine.library,
      mark: engine.mark,
      deadOwners,
      isActive: (jobId) => engine.active.has(jobId),
      assertLibrary: () => care.assertPresent(engine.library)
    },
    { ...how, taken, signal }
  )
  engine.emit(line)
  return line
}

export function makeCare(parts: SheafParts): Own<SheafCare> {
  const { host, ledger, engine, care, working, shelf } = parts
  return {
    reconcile: (how, signal) => working.during(signal, (until) => bringIntoAgreement(parts, how, until)),
    lastReconcile: () => ledger.read(lastReconciliation)?.line ?? null,
    reconciliations: (limit) => ledger.read((r) => reconciliationCounts(r, limit)),
    findings: (id, most) => ledger.read((r) => findingsOf(r, id, most)),
    endDeadRuns: () => endDeadRuns(ledger, engine.library, host.clock.now()),
    rebuild: (how, signal) =>
      working.during(signal, async (until) => {
        const report = await care.rebuild(engine.library, { ...how, signal: until })
        shelf.changed('all')
        return report
      }),
    missingLibrary: () => care.missing,
    findLibrary: ({ startNew }) => care.lookAgain(engine.library, startNew),
    isMissingLibrary: (folder) => care.isMissingOne(folder),
    isLibraryUnknown: () => care.isUnknown(engine.library)
  }
}
