/** What the snapshot thread is asked to do. */
import type { SnapshotPlan } from './build-snapshot'
import type { SnapshotSum } from './snapshot-file'

/** A snapshot of which only the checksum is known. */
export interface SnapshotToCheck {
  readonly path: string
  readonly sum: SnapshotSum
}

export type SnapshotWork =
  | { readonly kind: 'build'; readonly plan: SnapshotPlan }
  | { readonly kind: 'check'; readonly snapshot: SnapshotToCheck }
