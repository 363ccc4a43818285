/** Recovery: the effects of an interruption, the findings of checks, and the content of the quarantine. */
export const FINDING_KINDS = [
  'stale_leases',
  'abandoned_ops',
  'parts_kept',
  'parts_removed',
  'relinked',
  'requeued',
  'quarantined',
  'adopted',
  'unknown_files'
] as const
export type FindingKind = (typeof FINDING_KINDS)[number]

export interface InterruptionView {
  /** false when only damage is reported */
  readonly wasInterrupted: boolean
  /** epoch seconds: last sign of activity of the process that did not end cleanly */
  readonly at: number | null
  /** downloads whose worker was gone, and which were resumed */
  readonly leases: number
  readonly downloads: readonly {
    readonly jobId: string
    readonly title: string | null
    readonly bytes: number
    readonly totalBytes: number | null
  }[]
  /** damage that was recovered: what was kept aside; null when there was none */
  readonly damage: string | null
}

export interface ReconciliationView {
  readonly id: number
  readonly at: number
  readonly finishedAt: number | null
  readonly why: string
  readonly counts: Readonly<Record<FindingKind, number>>
  /** nothing had to be repaired */
  readonly clean: boolean
}

export interface FindingView {
  readonly kind: FindingKind
  /** the id or path used by the ledger */
  readonly id: string
  readonly title: string | null
  /** the kind of an unfinished op; null otherwise */
  readonly opKind: string | null
  /** how an unfinished op was settled; null when unknown */
  readonly recovery: string | null
  readonly jobId: string | null
}

export interface VerifyView {
  readonly verifyHashes: boolean
  readonly done: number
  readonly total: number
}

export interface QuarantineView {
  readonly id: string
  readonly jobId: string
  readonly title: string | null
  readonly authors: readonly string[]
  readonly year: number | null
  readonly because: string
  readonly evidence: Readonly<Record<string, unknown>>
  readonly bytes: number
  readonly quarantinedAt: number
  readonly readAt: string | null
  /** a damaged file of the library, kept as evidence: it can be rejected, not accepted */
  readonly damaged: boolean
}

export interface RecoverView {
  readonly interruption: InterruptionView | null
  readonly reconciliations: readonly ReconciliationView[]
  readonly unknownFiles: readonly { readonly index: number; readonly path: string; readonly bytes: number }[]
  readonly quarantine: readonly QuarantineView[]
  /** a check in progress */
  readonly checking: VerifyView | null
  readonly needsAttention: number
  readonly revision: number
}
