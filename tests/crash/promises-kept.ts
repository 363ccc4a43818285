/**
 * The promises of docs/design.md §2 after any number of kills and one complete run: no paper is lost,
 * duplicated or spliced, no op is open, ledger, manifest and disk agree, and no temporary files remain.
 */
import { expect } from 'vitest'
import type { LedgerRow } from '../kit/ledger-file'
import { linesOf, type CliEnd } from '../kit/run-cli'
import type { World } from '../web/scholarly'
import type { CrashFolder } from './crash-folder'
import { readDiskState, type DiskState } from './disk-state'

/** The required result of each work: its own bytes, those of another work, or no copy. */
export interface Ends {
  readonly [key: string]: 'own' | { readonly sameAs: string } | 'no copy'
}

export interface Wanted {
  readonly world: World
  readonly ends: Ends
  /** how many files the quarantine holds */
  readonly quarantined: number
}

/** The run ended and obtained everything that can be obtained. */
export function expectAllDone(end: CliEnd, { ends }: Wanted): void {
  const missing = Object.values(ends).includes('no copy')
  expect(end.signal, end.stderr).toBeNull()
  expect(end.status, end.stderr).toBe(missing ? 3 : 0)
}

export async function expectPromisesKept(folder: CrashFolder, wanted: Wanted): Promise<DiskState> {
  const { world, ends } = wanted
  const found = await readDiskState(folder)
  const keys = Object.keys(ends)
  const finished = keys.filter((key) => ends[key] !== 'no copy')
  const bytesKey = (key: string): string => sameAs(ends, key) ?? key

  for (const key of keys) {
    const job = jobOf(found, world, key)
    if (ends[key] === 'no copy') {
      expect(job, key).toMatchObject({ state: 'FAILED', reason: 'NO_OPEN_COPY' })
      continue
    }
    expect(['DEDUPED', 'SKIPPED_DUPLICATE'], `${key} is in a final state`).toContain(job['state'])
    const artifact = found.artifacts.find((row) => row['work_id'] === job['work_id'])
    expect(artifact, `${key} has an artifact`).toBeDefined()
    const { path, paper_path: paper, sha256 } = artifact!
    expect(world.hashes(bytesKey(key)), `${key} is whole and of one version`).toContain(sha256)
    expect(found.objects.get(String(path)), `${key}: the object's bytes`).toBe(sha256)
    expect(found.papers.get(String(paper)), `${key}: the paper's bytes`).toBe(sha256)
    const lines = found.manifest.filter((line) => line['artifact_id'] === artifact!['artifact_id'])
    expect(lines, `${key}: one line in the manifest`).toHaveLength(1)
    expect(lines[0]).toMatchObject({ sha256, path, paper })
  }

  const stored = new Set(finished.map(bytesKey))
  expect(found.jobs).toHaveLength(keys.length)
  expect(found.objects.size, 'one object for each content').toBe(stored.size)
  expect(found.manifest, 'no other manifest line').toHaveLength(finished.length)
  const originals = finished.filter((key) => jobOf(found, world, key)['state'] === 'DEDUPED')
  expect(originals, 'one work is the original of each content').toHaveLength(stored.size)
  const names = new Set(found.artifacts.map((row) => row['paper_path']))
  expect([...found.papers.keys()].sort(), 'no files except the papers').toEqual([...names].sort())
  expect(found.openOps, 'no op is left open').toEqual([])
  expect(
    found.jobs.filter((job) => job['lease_owner'] !== null),
    'no lease is left'
  ).toEqual([])
  expect(found.staging, 'staging is empty').toEqual([])
  expect(found.quarantined, 'the wrong file is in the quarantine once').toHaveLength(wanted.quarantined)
  const temporaryFiles = found.ledgerFiles.filter((name) => /\.(tmp|next|new)$|damaged|^lock$/.test(name))
  expect(temporaryFiles, 'no temporary files beside the ledger').toEqual([])
  return found
}

/** Another run after completion fetches nothing and changes nothing. */
export async function expectNothingToDo(
  folder: CrashFolder,
  wanted: Wanted,
  before: DiskState
): Promise<void> {
  const end = await folder.run()
  expectAllDone(end, wanted)
  expect(linesOf(end, 'summary')[0]).toMatchObject({ bytes_fetched: 0, bytes_resumed: 0, planned: 0 })
  expect(linesOf(end, 'reconcile')[0]).toMatchObject({
    stale_leases: 0,
    abandoned_ops: 0,
    requeued: 0,
    relinked: 0,
    quarantined: 0,
    adopted: 0,
    unknown_files: 0
  })
  const after = await readDiskState(folder)
  expect(after.objects).toEqual(before.objects)
  expect(after.papers).toEqual(before.papers)
  expect(after.manifest).toEqual(before.manifest)
  expect(after.jobs.map(withoutTimes)).toEqual(before.jobs.map(withoutTimes))
}

const sameAs = (ends: Ends, key: string): string | null => {
  const end = ends[key]
  return typeof end === 'object' ? end.sameAs : null
}

function jobOf(found: DiskState, world: World, key: string): LedgerRow {
  const { doi, arxiv } = world.work(key)
  const workId = doi === null ? `arxiv:${arxiv ?? ''}` : `doi:${doi}`
  const job = found.jobs.find((row) => row['work_id'] === workId)
  if (job === undefined) throw new Error(`The ledger has no job for ${key} (${workId}).`)
  return job
}

const withoutTimes = (job: LedgerRow): LedgerRow => ({ ...job, updated_at: 0 })
