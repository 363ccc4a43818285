/**
 * Imports a foreign manifest in pieces; it may be stopped between two pieces and restarted. Throws
 * NOT_A_MANIFEST, and LEDGER_FULL when the next piece has no room; earlier pieces stay.
 */
import { importManifest, inPieces, type LeftOut } from '../ledger/import-manifest'
import type { Ledger } from '../ledger/ledger'
import { readManifest } from '../ledger/manifest-thread'
import type { Host } from '../platform/host'
import { idsOfImported } from './imported-ids'

export interface TakenManifest {
  readonly jobs: number
  readonly ops: number
  readonly known: number
  readonly problems: readonly string[]
}

export async function takeManifest(
  { host, ledger }: { readonly host: Host; readonly ledger: Ledger },
  bytes: Uint8Array,
  signal: AbortSignal
): Promise<TakenManifest> {
  const manifest = await readManifest(bytes, signal)
  const taken = { jobs: 0, ops: 0, skipped: 0 }
  const leftOut: LeftOut[] = []
  for (const piece of inPieces(manifest)) {
    signal.throwIfAborted()
    ledger.assertRoom(piece.jobs.length)
    const one = await ledger.commit((w) =>
      importManifest(w, piece, { now: host.clock.now(), idsOf: idsOfImported })
    )
    for (const what of ['jobs', 'ops', 'skipped'] as const) taken[what] += one[what]
    leftOut.push(...piece.leftOut)
  }
  const problems = [...manifest.problems, ...leftOut].map((one) => `${one.table} ${one.key}: ${one.because}`)
  return { jobs: taken.jobs, ops: taken.ops, known: taken.skipped, problems }
}
