/**
 * Large ledgers: when snapshots are written, how much memory that may take, and where the size limit is.
 * Limits are lowered through parameters; the ledger and the disk are real.
 */
import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { importManifest, inPieces } from '../../../src/main/ledger/import-manifest'
import type { Ledger, LedgerOptions, Reader, Writer } from '../../../src/main/ledger/ledger'
import { getMeta, setMeta } from '../../../src/main/ledger/meta'
import { openLedger } from '../../../src/main/ledger/open-ledger'
import { planDrafts, nothingSaid } from '../../../src/main/engine/plan-drafts'
import { UnrecordedJobs } from '../../../src/main/engine/unrecorded-jobs'
import { makeWorld, type World } from './ledger-world'

let world: World
beforeEach(() => {
  world = makeWorld()
})
afterEach(async () => {
  await world.end()
})

const KILOBYTE = 1_000
/** A thousandth of the real limits. */
const sizes = {
  largeBytes: 400 * KILOBYTE,
  littleBytes: 10 * KILOBYTE,
  unnoticedBytes: 64 * KILOBYTE,
  transactionChars: 64 * KILOBYTE,
  writeChars: 16 * KILOBYTE
}

function open(pid: number, options: Partial<LedgerOptions> = {}, memory?: number): Promise<Ledger> {
  const host = world.host({ pid })
  return openLedger(memory === undefined ? host : { ...host, availableMemory: () => memory }, {
    folder: world.folder,
    sizes,
    ...options
  })
}

/** A closed ledger of a little more than this many kilobytes. */
async function fill(kilobytes: number): Promise<void> {
  const ledger = await open(1)
  await ledger.commit((w) => {
    w.run('INSERT INTO _meta (key, value) VALUES (?, zeroblob(?))', ['filler', kilobytes * KILOBYTE])
  })
  await ledger.close()
}

/** Blobs, which sql.js binds many times faster than texts. */
function put(w: Writer, key: string, bytes: number): void {
  w.run('INSERT INTO _meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2', [
    key,
    // Packing does not shorten these lines.
    randomBytes(bytes)
  ])
}

function sizeOf(r: Reader, key: string): unknown {
  return r.get('SELECT length(value) AS n FROM _meta WHERE key = ?', [key])?.['n'] ?? null
}

const snapshotFile = (): { readonly ino: number; readonly size: number } => {
  const { ino, size } = statSync(join(world.folder, 'ledger.sqlite'))
  return { ino, size }
}
const hasBegunSnapshot = (): boolean => world.probes.includes('SNAPSHOT: journal begun')
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50))

test('a large ledger with a short journal is closed without a new snapshot and loses nothing', async () => {
  await fill(500)
  const before = snapshotFile()
  const ledger = await open(2)
  await ledger.commit((w) => {
    setMeta(w, 'one more', 'paper')
  })
  await ledger.close()
  expect(snapshotFile()).toEqual(before)
  const again = await open(3)
  expect(again.read((r) => getMeta(r, 'one more'))).toBe('paper')
  expect(again.recovery).toMatchObject({ replayed: 1, damage: null })
  // Now there is enough for a snapshot.
  await again.commit((w) => {
    put(w, 'much more', 20 * KILOBYTE)
  })
  await again.close()
  expect(snapshotFile().ino).not.toBe(before.ino)
})

test('a large ledger whose schema changed gets one snapshot at close, however short its journal', async () => {
  await fill(500)
  const old = await open(2, { snapshotAtBytes: 2 ** 40 })
  await old.commit((w) => {
    w.run('DROP INDEX artifact_ops_by_end')
    setMeta(w, 'schema_version', '19')
  })
  await old.snapshot()
  await old.close()
  const before = snapshotFile()
  const migrated = await open(3)
  expect(migrated.recovery.schemaMigrated).toBe(true)
  await migrated.close()
  const after = snapshotFile()
  expect(after.ino).not.toBe(before.ino)
  const again = await open(4)
  expect(again.recovery).toMatchObject({ schemaMigrated: false, replayed: 0 })
  await again.close()
  expect(snapshotFile().ino).toBe(after.ino)
})

test('a snapshot is postponed while memory is short, reported once, and written when there is enough', async () => {
  await fill(500)
  world.probes.length = 0
  const lowMemory = await open(2, { snapshotAtBytes: 100 }, 100 * KILOBYTE)
  for (let n = 0; n < 5; n += 1) {
    await lowMemory.commit((w) => {
      setMeta(w, 'small', String(n).repeat(500))
    })
  }
  await settled()
  expect(hasBegunSnapshot()).toBe(false)
  expect(world.lines.filter((line) => JSON.stringify(line).includes('Too little memory'))).toHaveLength(1)
  await lowMemory.close()
  const enoughMemory = await open(3, { snapshotAtBytes: 100 }, 10_000 * KILOBYTE)
  expect(enoughMemory.read((r) => getMeta(r, 'small'))).toBe('4'.repeat(500))
  await enoughMemory.commit((w) => {
    setMeta(w, 'small', 'x'.repeat(500))
  })
  await expect.poll(hasBegunSnapshot, { timeout: 10_000 }).toBe(true)
  await enoughMemory.close()
})

test('a long journal that was replayed causes no snapshot before the ledger is used', async () => {
  const first = await open(1, { snapshotAtBytes: 2 ** 40, sizes: {} })
  await first.commit((w) => {
    put(w, 'long', 14_000 * KILOBYTE)
  })
  world.alive.delete(1)
  world.probes.length = 0
  const second = await open(2)
  expect(second.recovery.replayed).toBeGreaterThan(0)
  await second.commit((w) => {
    setMeta(w, 'used', 'yes')
  })
  await settled()
  expect(hasBegunSnapshot()).toBe(false)
  await second.close()
})

test('new papers are refused before the ledger is full, and active jobs can finish', async () => {
  const ledger = await open(1, { fullAtBytes: 1_200 * KILOBYTE })
  const engine = {
    host: world.host(),
    ledger,
    settings: { 'safety.switch': 'on', 'safety.canaryPercent': 0 },
    unrecorded: new UnrecordedJobs(world.host(), 120),
    emit: () => undefined
  } as unknown as Parameters<typeof planDrafts>[0]
  const how = { formats: ['pdf'] as const, priority: 0, runId: null, said: nothingSaid() }
  const plan = (n: number): Promise<unknown> =>
    planDrafts(
      engine,
      [{ ids: { doi: `10.5555/${String(n)}` }, facts: {}, namedBy: 'doi', origin: {} }] as never,
      how,
      new AbortController().signal
    )
  let planned = 0
  const refused = await (async (): Promise<unknown> => {
    for (; planned < 1_000; planned += 1) {
      try {
        await plan(planned)
      } catch (error) {
        return error
      }
    }
    return null
  })()
  expect(planned).toBeGreaterThan(20)
  expect(refused).toMatchObject({
    code: 'LEDGER_FULL',
    message: expect.stringContaining('takes no new papers') as string
  })
  const jobs = (): number =>
    Number(ledger.read((r) => r.get('SELECT count(*) AS n FROM artifact_jobs'))?.['n'])
  expect(jobs()).toBe(planned)
  // A known paper is not a new one.
  await plan(0)
  for (let n = 0; n < planned; n += 1) {
    await ledger.commit((w) => {
      put(w, `history of ${String(n)}`, 14_000)
      w.run("UPDATE artifact_jobs SET state = 'DEDUPED' WHERE work_id = ?", [`doi:10.5555/${String(n)}`])
    })
  }
  await ledger.close()
  const again = await open(2, { fullAtBytes: 1_200 * KILOBYTE })
  expect(again.read((r) => r.get("SELECT count(*) AS n FROM artifact_jobs WHERE state = 'DEDUPED'"))).toEqual(
    {
      n: planned
    }
  )
  await again.close()
})

test('at its size limit the ledger refuses a transaction, loses nothing and can be reopened', async () => {
  const ledger = await open(1, { fullAtBytes: 1_200 * KILOBYTE })
  let kept = 0
  const error = await (async (): Promise<unknown> => {
    for (; kept < 100; kept += 1) {
      try {
        await ledger.commit((w) => {
          put(w, `n ${String(kept)}`, 50_000)
        })
      } catch (refused) {
        return refused
      }
    }
    return null
  })()
  expect(error).toMatchObject({ code: 'LEDGER_FULL' })
  expect(kept).toBeGreaterThan(10)
  // Smaller transactions still fit, and the refused one left nothing behind.
  await ledger.commit((w) => {
    setMeta(w, 'small', 'yes')
  })
  await ledger.close()
  const again = await open(2, { fullAtBytes: 1_200 * KILOBYTE })
  expect(again.recovery.damage).toBeNull()
  expect(again.read((r) => sizeOf(r, `n ${String(kept - 1)}`))).toBe(50_000)
  expect(again.read((r) => sizeOf(r, `n ${String(kept)}`))).toBeNull()
  expect(again.read((r) => getMeta(r, 'small'))).toBe('yes')
  await again.close()
})

test('a transaction too large for one line is refused; many large ones at once are written in turns', async () => {
  const ledger = await open(1)
  await expect(
    ledger.commit((w) => {
      w.run('INSERT INTO _meta (key, value) VALUES (?, ?)', ['huge', new Uint8Array(68 * KILOBYTE)])
    })
  ).rejects.toThrow('too large for one line')
  expect(ledger.read((r) => getMeta(r, 'huge'))).toBeNull()
  const syncs = world.probes.filter((name) => name === 'JOURNAL: synced').length
  await Promise.all(
    Array.from({ length: 3 }, (_, n) =>
      ledger.commit((w) => {
        put(w, `large ${String(n)}`, 20 * KILOBYTE)
      })
    )
  )
  expect(world.probes.filter((name) => name === 'JOURNAL: synced').length).toBeGreaterThan(syncs + 1)
  world.alive.delete(1)
  const again = await open(2)
  for (let n = 0; n < 3; n += 1)
    expect(again.read((r) => sizeOf(r, `large ${String(n)}`))).toBe(20 * KILOBYTE)
  await again.close()
})

test('a manifest is imported in pieces that fit into a line, however long its histories are', async () => {
  const job = (n: number) => ({
    jobId: `job-${String(n)}`,
    workId: `doi:10.5555/m${String(n)}`,
    artifactId: `doi:10.5555/m${String(n)}#pdf`,
    canonicalUrl: `https://doi.org/10.5555/m${String(n)}`,
    state: 'DEDUPED' as const,
    createdAt: 1,
    updatedAt: 1,
    idempotencyKey: `key-${String(n)}`,
    reason: null,
    attempt: 1,
    nextAttemptAt: null
  })
  const long = 'x'.repeat(3_000)
  const op = (n: number, nth: number) => ({
    opKey: `op-${String(n)}-${String(nth)}`,
    jobId: `job-${String(n)}`,
    opType: 'RESOLVE' as const,
    startedAt: 1,
    finishedAt: 2,
    resultCode: 'OK',
    resultJson: JSON.stringify(long),
    attempt: 1,
    replays: 0
  })
  const manifest = {
    jobs: Array.from({ length: 4 }, (_, n) => job(n)),
    ops: [0, 1, 2]
      .flatMap((n) => [op(n, 0), op(n, 1)])
      .concat(Array.from({ length: 9 }, (_, nth) => op(3, nth))),
    problems: []
  }
  const pieces = [...inPieces(manifest, { chars: 8_000, charsOfJob: 16_000 })]
  expect(pieces.length).toBeGreaterThan(1)
  expect(pieces.flatMap((piece) => piece.jobs)).toHaveLength(4)
  expect(pieces.flatMap((piece) => piece.leftOut).length).toBe(9 - 5)
  const ledger = await open(1)
  const imported = []
  for (const piece of pieces)
    imported.push(await ledger.commit((w) => importManifest(w, piece, { now: 1, idsOf: () => ({}) })))
  expect(imported.reduce((sum, one) => sum + one.jobs, 0)).toBe(4)
  expect(imported.reduce((sum, one) => sum + one.ops, 0)).toBe(6 + 5)
  await ledger.close()
})
