/**
 * Rules that keep a paper from being fetched twice: which job is taken next, which artifact counts as the
 * original, which leases are released, how long an op may be in flight, and that an intent is on disk before
 * its effect. Each rule was once broken without a failing test.
 */
import { expect, test } from 'vitest'
import type { ArtifactRow } from '../../../src/contract/work'
import type { Effect } from '../../../src/main/engine/effects'
import { reconcile } from '../../../src/main/engine/reconcile'
import { ledgerJobSource } from '../../../src/main/engine/job-source'
import { upsertArtifact } from '../../../src/main/ledger/artifacts'
import { jobById } from '../../../src/main/ledger/jobs'
import { beginOp, opByKey } from '../../../src/main/ledger/ops'
import type { Library } from '../../../src/main/library/library'
import { NO_MARK } from '../../../src/main/platform/reading-mark'
import { testHost } from '../../kit/test-host'
import { openKit, TTL, type LedgerKit } from './ledger-kit'
import { changedHandle } from '../../kit/changed-handle'

const OWNER = 'desk:1:1'

test('of the due jobs, the one whose host is least busy is taken first', async () => {
  const kit = await openKit()
  const busyHost = [kit.plan('10.1111/a'), kit.plan('10.1111/b')]
  const quietHost = kit.plan('10.2222/c')
  const { leases } = kit.worker(OWNER)
  const jobSource = ledgerJobSource({
    host: kit.host,
    ledger: kit.ledger,
    leases,
    isActive: () => false,
    isOtherActive: () => false,
    makeJobStore: () => {
      throw new Error('no keeper is needed to be taken')
    }
  })
  const busy = (group: string): number => (group === '10.1111' ? 2 : 0)
  expect(jobSource.take(busy, 0)?.job.jobId).toBe(quietHost)
  expect(busyHost).toContain(jobSource.take(busy, 0)?.job.jobId)
})

test('a duplicate is never returned as the original', async () => {
  const kit = await openKit()
  const [first, second, third] = ['10.5555/a', '10.5555/b', '10.5555/c'].map((doi) => kit.plan(doi))
  // The duplicate has the older file time, so it is found first.
  end(kit, first!, 'DEDUPED', 20)
  end(kit, second!, 'SKIPPED_DUPLICATE', 10)
  const taken = kit.worker(OWNER).take(third!)!
  expect(taken.jobStore.originalOf(HASH)?.artifact.jobId).toBe(first)
})

test('leases of idle jobs are released, those of active jobs are not', async () => {
  const kit = await openKit()
  const [idle, active] = [kit.plan('10.5555/idle'), kit.plan('10.5555/active')]
  const worker = kit.worker(OWNER)
  worker.take(idle)
  worker.take(active)
  expect(worker.leases.giveBackIdle((jobId) => jobId === active)).toBe(1)
  const owners = [idle, active].map((jobId) => kit.ledger.read((r) => jobById(r, jobId))?.leaseOwner)
  expect(owners).toEqual([null, OWNER])
})

test('an op is given up after ten minutes in flight even with a live lease, and not before', async () => {
  const kit = await openKit()
  const [long, short] = [kit.plan('10.5555/long'), kit.plan('10.5555/short')]
  const { leases } = kit.worker(OWNER)
  leases.ttlSeconds = 10_000
  const now = kit.host.clock.now()
  for (const [jobId, age] of [
    [long, 601],
    [short, 599]
  ] as const) {
    const granted = leases.take(jobId, 0)!
    kit.ledger.transact((w) => {
      beginOp(w, {
        opKey: jobId,
        jobId,
        kind: 'STREAM',
        contextJson: '{}',
        leaseEpoch: granted.leaseEpoch,
        now: now - age
      })
    })
  }
  const line = await reconcile(
    {
      host: kit.host,
      ledger: kit.ledger,
      library: EMPTY_LIBRARY,
      mark: NO_MARK,
      deadOwners: new Set(),
      renaming: new Set(),
      isActive: () => false,
      assertLibrary: () => Promise.resolve()
    },
    { verifyHashes: false, why: 'test', signal: new AbortController().signal }
  )
  expect(line.ids?.['abandoned_ops']).toEqual([long])
  expect(kit.ledger.read((r) => opByKey(r, short))?.finishedAt).toBeNull()
})

test('an effect runs only after its intent is on disk', async () => {
  const host = testHost()
  const written: string[] = []
  let letGo = (): void => undefined
  let isHeld = false
  const held = new Promise<void>((done) => (letGo = done))
  const files: typeof host.files = {
    ...host.files,
    async open(path, mode) {
      const handle = await host.files.open(path, mode)
      if (!path.includes('journal-')) return handle
      return changedHandle(handle, {
        async sync() {
          if (isHeld) await held
          await handle.sync()
        }
      })
    }
  }
  const kit = await openKit({ ...host, files })
  const taken = kit.worker(OWNER).take(kit.plan('10.5555/a'))!
  await kit.ledger.flush()
  isHeld = true
  const effect: Effect<true> = {
    kind: 'FINALIZE',
    context: { sha256: HASH, target_path: 'x' },
    intentFirst: true,
    revive: () => null,
    perform: () => {
      written.push('renamed')
      return Promise.resolve({ result: true as const })
    }
  }
  const running = taken.jobStore.effects.run(effect)
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(written, 'the intent is not on disk yet').toEqual([])
  letGo()
  await running
  expect(written).toEqual(['renamed'])
})

const HASH = 'ab'.repeat(32)

/** Ends a job with a file of these bytes that arrived at that time. */
function end(kit: LedgerKit, jobId: string, state: string, finalizedAt: number): void {
  const job = kit.ledger.read((r) => jobById(r, jobId))!
  const artifact = {
    artifactId: job.artifactId,
    workId: job.workId,
    jobId,
    format: 'pdf',
    sha256: HASH,
    bytes: 1_000,
    path: `objects/ab/${HASH}.pdf`,
    paperPath: null,
    finalizedAt,
    verdict: 'match',
    provenance: { chain: [], headers: {}, checks: [] }
  } as unknown as ArtifactRow
  kit.ledger.transact((w) => {
    w.run('UPDATE artifact_jobs SET state = ? WHERE job_id = ?', [state, jobId])
    upsertArtifact(w, artifact)
  })
}

/** An empty library: reconcile looks at parts and files only. */
const EMPTY_LIBRARY = {
  root: '/nowhere',
  staging: { list: () => Promise.resolve([]) },
  files: {
    paths: () => Promise.resolve([]),
    isOwn: () => false,
    sizeCheck: () => () => Promise.resolve('missing')
  }
} as unknown as Library

expect(TTL).toBeGreaterThan(0)
