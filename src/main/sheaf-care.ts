/** Reconciles ledger, library and disk: before runs, on demand, and when a library is missing. */
import type { ReconcileLine } from '../contract/lines'
import { endDeadRuns } from './engine/dead-runs'
import { reconcile } from './engine/reconcile'
import type { HowToReconcile } from './engine/reconcile-parts'
import { completeRenames, renamePapers, type Renamed, type RenameRequest } from './engine/rename-papers'
import { lastReconciliation } from './ledger/reconciliations'
import { findingsOf, reconciliationCounts } from './ledger/recover-queries'
import { OneAtATime } from './platform/one-at-a-time'
import type { SheafCare } from './sheaf-api'
import { withLibrary, type Own, type SheafParts } from './sheaf-parts'

/** Adopts the library's content, reconciles, and emits the `reconcile` line. LIBRARY_MISSING. */
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
      renaming: engine.renaming,
      assertLibrary: () => care.assertPresent(engine.library)
    },
    { ...how, taken, signal }
  )
  engine.unrecorded.dropRecorded(ledger)
  engine.emit(line)
  return line
}

/** Papers that are only in the library file keep their names: no job could record another. */
async function tellUnrecorded(
  { engine, libraryInUse }: SheafParts,
  request: RenameRequest,
  tell: (paper: Renamed) => void
): Promise<void> {
  for (const paper of await libraryInUse.catalog.papers()) {
    if (paper.recorded || request.workIds?.has(paper.workId) === false) continue
    const { workId, ids, title, authors, year, venue, format, paperPath: from } = paper
    const facts = {
      ...(title === null ? {} : { title }),
      authors,
      ...(year === null ? {} : { year }),
      ...(venue === null ? {} : { venue })
    }
    const isNamed = from !== null && engine.library.papers.names.isNamed(from, { workId, ids, facts, format })
    const outcome = isNamed
      ? { result: 'unchanged' as const }
      : { result: 'kept' as const, because: 'NOT_RECORDED' as const }
    tell({ workId, jobId: null, from, to: null, ...outcome })
  }
}

export function makeCare(parts: SheafParts): Own<SheafCare> {
  const { host, ledger, engine, care, working, libraryInUse } = parts
  /** the second finds what is left to do */
  const renamings = new OneAtATime()
  return {
    reconcile: (how, signal) => working.during(signal, (until) => bringIntoAgreement(parts, how, until)),
    lastReconcile: () => ledger.read(lastReconciliation)?.line ?? null,
    reconciliations: (limit) => ledger.read((r) => reconciliationCounts(r, limit)),
    findings: (id, most) => ledger.read((r) => findingsOf(r, id, most)),
    endDeadRuns: () => endDeadRuns(ledger, engine.library, host.clock.now()),
    rebuild: (how, signal) =>
      working.during(signal, async (until) => {
        const report = await care.rebuild(engine.library, { ...how, signal: until })
        libraryInUse.changed('all')
        return report
      }),
    renamePapers: (request, how) =>
      working.during(how.signal, (signal) =>
        withLibrary(parts, () =>
          renamings.run(async () => {
            const { library, renaming } = engine
            const renames = { host, ledger, library, renaming }
            if (!request.dryRun) await completeRenames(renames, { ...how, signal })
            await renamePapers(renames, request, { ...how, signal })
            if (!signal.aborted) await tellUnrecorded(parts, request, how.tell)
          })
        )
      ),
    missingLibrary: () => care.missing,
    findLibrary: ({ startNew }) => care.lookAgain(engine.library, startNew),
    isMissingLibrary: (folder) => care.isMissingOne(folder),
    isLibraryUnknown: () => care.isUnknown(engine.library)
  }
}
