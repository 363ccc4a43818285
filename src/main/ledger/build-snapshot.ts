/**
 * Builds a new snapshot from the previous one and the closed journals alone, in the worker thread. No state
 * of the running engine is used, so each snapshot proves that replay works. Throws when replay fails; then
 * nothing has changed.
 */
import { Database } from './database'
import { readJournal } from './journal-file'
import type { Files } from '../platform/files'
import { openSnapshotFile, snapshotOf, type BuiltSnapshot, type SnapshotSum } from './snapshot-file'
import type { SqlEngine } from './sql-engine'

export interface SnapshotPlan {
  /** path of the snapshot to build on; null to start empty */
  readonly base: string | null
  /** checksum of the base, when it is known */
  readonly sum: SnapshotSum | null
  /** the last transaction in the base */
  readonly after: number
  /** the last transaction to include */
  readonly upTo: number
  /** closed journals, oldest first; only transactions up to `limit` count */
  readonly journals: readonly { readonly path: string; readonly limit: number }[]
}

/** Passes the snapshot to `take` and resolves when `take` has finished. */
export async function buildSnapshot(
  engine: SqlEngine,
  files: Pick<Files, 'readWhole' | 'openAtOnce'>,
  plan: SnapshotPlan,
  take: (built: BuiltSnapshot) => Promise<void>
): Promise<void> {
  const database = await openBase(engine, files, plan)
  try {
    let seq = plan.after
    for (const { path, limit } of plan.journals) {
      const bytes = await files.readWhole(path)
      const reading = database.replay((apply) =>
        readJournal(bytes, Math.min(limit, plan.upTo), (at, statements) => {
          if (at <= seq) return
          if (at !== seq + 1) throw new Error(`${path} goes on at ${at} instead of ${seq + 1}`)
          apply(statements)
          seq = at
        })
      )
      if (reading.end === 'damaged') throw new Error(`${path} is damaged after transaction ${reading.last}`)
    }
    if (seq !== plan.upTo) throw new Error(`the journals end at ${seq} instead of ${plan.upTo}`)
    const check = database.quickCheck()
    if (check !== 'ok') throw new Error(`the new snapshot is not sound: ${check}`)
    await take(snapshotOf(database, seq))
  } finally {
    database.close()
  }
}

async function openBase(
  engine: SqlEngine,
  files: Pick<Files, 'readWhole' | 'openAtOnce'>,
  { base, after, sum }: SnapshotPlan
): Promise<Database> {
  if (base === null) return new Database(engine, null)
  const sums = sum === null ? new Map<number, SnapshotSum>() : new Map([[after, sum]])
  const reading = await openSnapshotFile(engine, files, base, { sums, onDisk: sum?.blocks !== undefined })
  if (reading.kind === 'damaged') throw new Error(`${base} is damaged: ${reading.because}`)
  if (reading.seq === after) return reading.database
  reading.database.close()
  throw new Error(`${base} includes transaction ${reading.seq}, not ${after}`)
}
