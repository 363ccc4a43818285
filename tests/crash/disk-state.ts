/**
 * The state on disk after a crash scenario: the library's files, read byte by byte, and the ledger's rows,
 * read with plain SQLite and not with Sheaf's code. It asserts nothing; `promises-kept` does.
 */
import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openLedgerFile, type LedgerRow } from '../kit/ledger-file'
import { sha256 } from '../web/paper-file'
import type { CrashFolder } from './crash-folder'

export interface DiskState {
  /** relative path → hash of its bytes */
  readonly objects: ReadonlyMap<string, string>
  readonly papers: ReadonlyMap<string, string>
  /** names in staging: parts, sidecars, temporary files */
  readonly staging: readonly string[]
  readonly quarantined: readonly string[]
  readonly manifest: readonly Readonly<Record<string, unknown>>[]
  readonly jobs: readonly LedgerRow[]
  readonly artifacts: readonly LedgerRow[]
  readonly openOps: readonly LedgerRow[]
  /** names of snapshots, journals, locks and other files beside them */
  readonly ledgerFiles: readonly string[]
}

/** Call it only when no process works on the folder and the last one has closed its ledger. */
export async function readDiskState(folder: CrashFolder): Promise<DiskState> {
  const { library, dataDir } = folder
  const ledger = await openLedgerFile(dataDir)
  try {
    return {
      objects: await hashesBelow(library, 'objects'),
      papers: await hashesBelow(library, 'papers'),
      staging: await namesIn(join(library, '.sheaf/staging')),
      quarantined: (await namesIn(join(library, 'quarantine'))).filter((name) => name.endsWith('.pdf')),
      manifest: await linesOf(join(library, 'manifest.jsonl')),
      jobs: ledger.rows('SELECT * FROM artifact_jobs ORDER BY job_id'),
      artifacts: ledger.rows('SELECT * FROM artifacts ORDER BY artifact_id'),
      openOps: ledger.rows('SELECT op_type, job_id FROM artifact_ops WHERE finished_at IS NULL'),
      ledgerFiles: await namesIn(dataDir)
    }
  } finally {
    ledger.close()
  }
}

async function hashesBelow(root: string, folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue
    const path = join(entry.parentPath, entry.name)
    found.set(path.slice(root.length + 1), sha256(await readFile(path)))
  }
  return found
}

async function linesOf(path: string): Promise<Record<string, unknown>[]> {
  // The manifest does not exist before the first paper.
  if (!existsSync(path)) return []
  const text = await readFile(path, 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch {
    return []
  }
}
