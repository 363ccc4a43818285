/**
 * Builds the recover screen's view after each change. Parts that read the disk (the quarantine, sizes of
 * unknown files) are cached until a reconcile, a quarantined file or a verdict invalidates them, so that the
 * progress of a check costs nothing.
 */
import { join } from 'node:path'
import type { QuarantineView, ReconciliationView, RecoverView } from '../../contract/recover-views'
import type { QuarantinedFile, Sheaf } from '../sheaf-api'
import { quarantineAddress } from './library-views'
import type { HandlerDeps } from './handler-deps'

const MOST_RECONCILIATIONS = 100
const MOST_UNKNOWN = 1_000

export interface RecoverViews {
  view(): Promise<RecoverView>
  /** The disk may have changed: invalidates the cached parts. */
  stale(): void
  /** The path (relative to the library) shown under this index. */
  unknownAt(index: number): string | null
}

interface FromDisk {
  readonly sheaf: Sheaf
  readonly quarantine: readonly QuarantineView[]
  readonly unknownFiles: RecoverView['unknownFiles']
}

export function makeRecoverViews({ session, host }: HandlerDeps): RecoverViews {
  let revision = 1
  let kept: FromDisk | null = null
  let shown: readonly string[] = []

  async function fromDisk(sheaf: Sheaf): Promise<FromDisk> {
    if (kept?.sheaf === sheaf) return kept
    const asOf = revision
    shown = session.checks.standing('unknown_files').slice(0, MOST_UNKNOWN)
    const [files, unknownFiles] = await Promise.all([
      sheaf.quarantineList(),
      Promise.all(
        shown.map(async (path, index) => {
          const stat = await host.files.stat(join(session.library.folder, path))
          return { index, path, bytes: stat?.bytes ?? 0 }
        })
      )
    ])
    const found = { sheaf, unknownFiles, quarantine: files.map((file) => quarantineView(sheaf, file)) }
    // Parts invalidated during the read are read again at the next request.
    if (asOf === revision) kept = found
    return found
  }

  return {
    async view() {
      const { sheaf } = session
      const asOf = revision
      const { quarantine, unknownFiles } = await fromDisk(sheaf)
      return {
        interruption: session.checks.interruption(),
        reconciliations: sheaf.reconciliations(MOST_RECONCILIATIONS).map(reconciliationView),
        unknownFiles,
        quarantine,
        checking: session.checks.view(),
        needsAttention: quarantine.length + unknownFiles.length,
        revision: asOf
      }
    },
    stale() {
      kept = null
      revision += 1
    },
    unknownAt: (index) => shown[index] ?? null
  }
}

function reconciliationView(row: ReturnType<Sheaf['reconciliations']>[number]): ReconciliationView {
  const { counts } = row
  const mended =
    counts.stale_leases +
    counts.abandoned_ops +
    counts.parts_removed +
    counts.relinked +
    counts.requeued +
    counts.quarantined +
    counts.adopted
  return { ...row, clean: mended === 0 }
}

function quarantineView(sheaf: Sheaf, file: QuarantinedFile): QuarantineView {
  const paper = sheaf.namesOf(file.workId)
  return {
    id: file.id,
    jobId: file.jobId,
    title: paper?.facts.title ?? null,
    authors: paper?.facts.authors ?? [],
    year: paper?.facts.year ?? null,
    because: file.because,
    evidence: file.evidence,
    bytes: file.bytes,
    quarantinedAt: file.quarantinedAt,
    readAt: quarantineAddress(file.id),
    damaged: isDamaged(file)
  }
}

/** A file that was in the library: its evidence contains its former path. */
export function isDamaged(file: QuarantinedFile): boolean {
  return typeof file.evidence['was'] === 'string'
}
