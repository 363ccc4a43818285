/**
 * When a snapshot of the ledger is worth its writing, and how much memory it takes. Pure; the ledger decides
 * with it, and takes the snapshot.
 */

/** What no snapshot includes yet. */
export interface Waiting {
  /** size of the newest snapshot */
  readonly snapshotBytes: number
  /** length of the journals, before packing */
  readonly chars: number
  /** the journals change the schema, so that every start rebuilds the indexes */
  readonly isSnapshotOutdated: boolean
}

/** A snapshot of a small ledger is cheap: one per this many journal characters, before packing. */
const SNAPSHOT_AT_CHARS = 16 * 1024 * 1024
/**
 * A snapshot writes the whole ledger, so a large ledger waits for a longer journal. At this share a
 * journalled character costs at most 16 bytes of snapshots, and replaying the longest journal takes about as
 * long as reading the snapshot (docs/performance.md).
 */
const SNAPSHOT_SHARE = 1 / 16
/** After a quiet period, or on closing, a shorter journal is worth a snapshot. */
const QUIET_SHARE = 1 / 64
const IDLE_MS = 30_000
const IDLE_CHARS = 256 * 1024
/** Replaying this much after a crash takes some seconds; a snapshot per 16 MiB would double the work. */
const MOST_DEFERRED_CHARS = 128 * 1024 * 1024

/**
 * Memory for a snapshot, as a multiple of the ledger's size. Built aside, the thread holds the database and
 * its copy, and both grow; on closing there is one copy. Of a ledger that stays on disk, only changed pages
 * are in memory; at worst all of them.
 */
export const MEMORY = { aside: 2.5, onClosing: 1.2, onDisk: 1 } as const

/** A journal longer than this is due for a snapshot. */
export function dueAtChars(snapshotBytes: number): number {
  return Math.max(SNAPSHOT_AT_CHARS, snapshotBytes * SNAPSHOT_SHARE)
}

export function isWorthWhenQuiet(quietMs: number, waiting: Waiting): boolean {
  if (quietMs <= IDLE_MS) return false
  return (
    waiting.isSnapshotOutdated || waiting.chars > Math.max(IDLE_CHARS, waiting.snapshotBytes * QUIET_SHARE)
  )
}

/** For a large ledger: does replaying its journal noticeably slow the next start? */
export function isWorthOnClosing(waiting: Waiting, littleChars: number): boolean {
  return (
    waiting.isSnapshotOutdated || waiting.chars >= Math.max(littleChars, waiting.snapshotBytes * QUIET_SHARE)
  )
}

/** May a snapshot that is due wait until a caller has written its many rows? */
export function isDeferrable(chars: number): boolean {
  return chars < MOST_DEFERRED_CHARS
}
