/**
 * G4: at most one worker holds a job. A worker that lost its lease, because it slept, stalled or was
 * replaced, can record nothing: its fencing token is stale.
 */
import { onTestFinished, describe, expect, test } from 'vitest'
import type { Line } from '../../src/contract/lines'
import { Gate } from '../../src/main/engine/gate'
import type { Engine } from '../../src/main/engine/engine'
import { jobStoreOf, servicesOf } from '../../src/main/engine/engine'
import { LookUpBatches } from '../../src/main/engine/look-up-batches'
import { makeKeyedLock } from '../../src/main/engine/keyed-lock'
import { LibraryCare } from '../../src/main/engine/library-care'
import { Leases } from '../../src/main/engine/leases'
import { reconcile } from '../../src/main/engine/reconcile'
import { nothingSaid, planDrafts } from '../../src/main/engine/plan-drafts'
import { ledgerJobSource, type Task } from '../../src/main/engine/job-source'
import { RunStats } from '../../src/main/engine/run-stats'
import { UnrecordedJobs } from '../../src/main/engine/unrecorded-jobs'
import { executeJob } from '../../src/main/engine/execute-job'
import type { Ending } from '../../src/main/engine/job-endings'
import { jobById } from '../../src/main/ledger/jobs'
import type { Ledger } from '../../src/main/ledger/ledger'
import { openLedger } from '../../src/main/ledger/open-ledger'
import { opRowsOfJob } from '../../src/main/ledger/ops'
import { makeLibrary } from '../../src/main/library/make-library'
import { makeNet } from '../../src/main/net/make-net'
import type { Host } from '../../src/main/platform/host'
import { makeLog } from '../../src/main/platform/log'
import { nodeHost } from '../../src/main/platform/node-host'
import { openSheaf } from '../../src/main/sheaf'
import { makeSources } from '../../src/main/sources/ask-tier'
import { makePageReader } from '../../src/main/sources/page-reader'
import { NO_MARK } from '../../src/main/platform/reading-mark'
import { startWorld, type World } from '../web/scholarly'
import type { Web } from '../web/web'
import type { WorldWork } from '../web/works'
import { jumpingClock } from '../kit/jumping-clock'
import { draft, openWorld, worldSettings } from '../kit/sheaf-world'
import { tempFolder } from '../kit/temp-folder'
import { waitFor } from '../kit/wait-for'

const never = new AbortController().signal

async function start(works: readonly WorldWork[]): Promise<{ web: Web; world: World }> {
  const started = await startWorld(works)
  onTestFinished(() => started.web.close())
  return started
}

/** One of several engines on one ledger, as two machines on a network drive would be. */
async function makeEngine(parts: {
  readonly host: Host
  readonly web: Web
  readonly ledger: Ledger
  readonly owner: string
  readonly libraryDir: string
  readonly lines: Line[]
}): Promise<Engine> {
  const { host, ledger } = parts
  const settings = worldSettings(parts.web)
  const library = makeLibrary(host, settings, parts.libraryDir)
  const gate = new Gate()
  await library.prepare()
  const net = makeNet(host, settings, { state: null, version: '0.0.0-test' })
  onTestFinished(async () => {
    await net.close()
    library.close()
  })
  return {
    host,
    settings,
    ledger,
    library,
    net,
    keyOf: () => null,
    lookups: new LookUpBatches({
      mark: NO_MARK,
      host,
      ledger,
      net: () => net,
      plan: () => settings['sources.plan'],
      isSilent: () => false,
      mailto: () => settings['general.mailto'],
      keys: () => null,
      upcoming: () => [],
      isRecorded: () => true
    }),
    pages: makePageReader(host),
    mark: NO_MARK,
    sources: makeSources({ net, clock: host.clock, random: host.random, mailto: 'reader@example.org' }),
    leases: new Leases({ host, ledger, owner: parts.owner, ttlSeconds: 120 }),
    care: new LibraryCare({ host, ledger, dataDir: ledger.folder, gate, owner: parts.owner }),
    gate,
    hashLock: makeKeyedLock(),
    active: new Map(),
    renaming: new Set(),
    unrecorded: new UnrecordedJobs(host, 120),
    emit: (line) => parts.lines.push(line)
  }
}

function take(engine: Engine): Task | null {
  const jobSource = ledgerJobSource({
    host: engine.host,
    ledger: engine.ledger,
    leases: engine.leases,
    isActive: () => false,
    isOtherActive: () => false,
    makeJobStore: (granted, signal) =>
      jobStoreOf(engine, granted, { runId: null, runStats: new RunStats(), signal })
  })
  return jobSource.take(() => 0, 0)
}

function walk(engine: Engine, load: Task): Promise<Ending> {
  const { jobStore } = load.begin(never, () => undefined)
  const services = servicesOf(engine, new RunStats())
  const { job, work } = load
  const cookies = engine.net.newCookieJar()
  const fresh = { landingPages: [], failedUrls: [], waitedMs: 0 }
  return executeJob({ job, work, jobStore, services, signal: never, cookies, ...fresh })
}

test('a worker that wakes up after another one has done its job records nothing', async () => {
  const { web, world } = await start([{ key: 'alpha', copies: [{ via: 'unpaywall' }] }])
  const clock = jumpingClock()
  const host = clock.wear(
    nodeHost(
      makeLog(
        () => undefined,
        'error',
        () => 0
      )
    )
  )
  const ledger = await openLedger(host, { folder: tempFolder('ledger') })
  onTestFinished(() => ledger.close())
  const libraryDir = tempFolder('library')
  const [linesOfSleeper, linesOfOther]: [Line[], Line[]] = [[], []]
  const common = { host, web, ledger, libraryDir }
  const sleeper = await makeEngine({ ...common, owner: 'sleeper:1:1', lines: linesOfSleeper })
  const other = await makeEngine({ ...common, owner: 'other:2:2', lines: linesOfOther })
  const how = { formats: ['pdf'] as const, priority: 0, runId: null, said: nothingSaid() }
  await planDrafts(sleeper, [draft('10.5555/alpha')], how, never)

  // The first request of the sleeping worker is answered only at the end.
  let wake = (): void => undefined
  const woken = new Promise<void>((done) => (wake = done))
  let reached = (): void => undefined
  const asleep = new Promise<void>((done) => (reached = done))
  let held = false
  web.addSite((asked) => {
    if (held || !asked.url.includes('api.openalex.org')) return null
    held = true
    return async (exchange) => {
      reached()
      await woken
      await world.site(asked)?.(exchange)
    }
  })
  const mine = take(sleeper)!
  expect(take(other), 'a held job is not granted to another worker').toBeNull()
  const sleeping = walk(sleeper, mine)
  await asleep

  clock.jump(3_600)
  const line = await reconcile(
    {
      host,
      ledger,
      library: other.library,
      mark: NO_MARK,
      deadOwners: new Set(),
      renaming: new Set(),
      isActive: () => false,
      assertLibrary: () => Promise.resolve()
    },
    { verifyHashes: false, why: 'test', signal: never }
  )
  expect(line).toMatchObject({ stale_leases: 1 })
  const theirs = take(other)!
  expect(theirs.job.jobId).toBe(mine.job.jobId)
  expect(await walk(other, theirs)).toEqual({ kind: 'done', duplicate: false })

  const jobId = mine.job.jobId
  const before = ledger.read((r) => ({ job: jobById(r, jobId), ops: opRowsOfJob(r, jobId) }))
  expect(before.job).toMatchObject({ state: 'DEDUPED', leaseEpoch: 2 })
  wake()
  expect(await sleeping).toMatchObject({ kind: 'released' })
  const after = ledger.read((r) => ({ job: jobById(r, jobId), ops: opRowsOfJob(r, jobId) }))
  expect(after, 'no recorded byte has changed').toEqual(before)
  expect(before.ops.map((op) => op['lease_epoch'])).toEqual(before.ops.map(() => 2))
  expect(linesOfSleeper.filter((said) => said.type === 'done' || said.type === 'state')).toEqual([])
  expect(linesOfOther.filter((said) => said.type === 'done')).toHaveLength(1)
})

test('two engines cannot open one ledger: the second is refused with the holder’s pid, and changes nothing', async () => {
  const { web } = await start([{ key: 'alpha', copies: [{ via: 'unpaywall' }] }])
  let host: Host | undefined
  const sheaf = await openWorld(web, { host: (plain) => (host = plain) })
  const options = {
    dataDir: sheaf.dataDir,
    libraryDir: sheaf.libraryDir,
    settings: worldSettings(web),
    version: '0',
    onDamage: 'throw' as const
  }
  await expect(openSheaf(host!, options)).rejects.toMatchObject({
    code: 'LEDGER_IN_USE',
    message: expect.stringContaining(`pid ${String(process.pid)}`) as string
  })
  expect(await sheaf.run(['10.5555/alpha'])).toMatchObject({ done: 1 })
  await sheaf.reopen()
  expect(sheaf.sheaf.jobs({})).toHaveLength(1)
})

describe('a night’s sleep', () => {
  test('in mid-stream: the worker reclaims its own lease and continues', async () => {
    const { web, world } = await start([{ key: 'alpha', bytes: 60_000, copies: [{ via: 'unpaywall' }] }])
    const clock = jumpingClock()
    const sheaf = await openWorld(web, { host: clock.wear, settings: { 'network.stallTimeoutMs': 20_000 } })
    const hold = web.hold(world.fileUrl('alpha'), 30_000)
    const running = sheaf.run(['10.5555/alpha'])
    await hold.reached
    clock.jump(8 * 3600)
    // As the app does after a resume: the running job's lease has expired and still belongs to the same
    // worker.
    expect(await sheaf.sheaf.reconcile({ verifyHashes: false, why: 'resume' }, never)).toMatchObject({
      stale_leases: 0,
      abandoned_ops: 0,
      parts_removed: 0
    })
    hold.release()
    expect(await running).toMatchObject({ done: 1, failed: 0 })
    expect(sheaf.sheaf.jobs({})[0]).toMatchObject({ state: 'DEDUPED', lease_epoch: 1 })
    expect(await sheaf.objects()).toHaveProperty('size', 1)
  })

  test('is detected by the heartbeat and reported', async () => {
    const { web, world } = await start([{ key: 'alpha', bytes: 60_000, copies: [{ via: 'unpaywall' }] }])
    const clock = jumpingClock()
    const sheaf = await openWorld(web, {
      host: clock.wear,
      settings: { 'safety.leaseTtlSeconds': 1, 'network.stallTimeoutMs': 20_000 }
    })
    const hold = web.hold(world.fileUrl('alpha'), 30_000)
    const running = sheaf.run(['10.5555/alpha'])
    await hold.reached
    const until = (): number => Number(sheaf.sheaf.jobs({})[0]!['lease_until'])
    const first = until()
    clock.jump(3600)
    await waitFor('the suspend is detected', () => sheaf.said.some((line) => /slept/.test(line.sentence)))
    await waitFor('the lease is renewed at the new time', () => until() > first + 3_000)
    hold.release()
    expect(await running).toMatchObject({ done: 1 })
  })
})
