/** Settings changed during a session take effect at once, and no fetched byte is lost. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isSheafError } from '../../../src/contract/errors'
import type { Session } from '../../../src/main/session/session-api'
import { openSessionWorld, type SessionWorld, type SessionWorldOptions } from '../../kit/session-world'
import { waitFor } from '../../kit/wait-for'
import { startWorld, type World } from '../../web/scholarly'
import type { Web } from '../../web/web'
import type { WorldWork } from '../../web/works'

const BYTES = 300_000
const HALF = BYTES / 2
const ALPHA: WorldWork = { key: 'alpha', bytes: BYTES, copies: [{ via: 'unpaywall' }] }
const BETA: WorldWork = { key: 'beta', bytes: BYTES, copies: [{ via: 'unpaywall' }] }

async function start(
  works: readonly WorldWork[],
  options: SessionWorldOptions = {}
): Promise<{ readonly web: Web; readonly world: World; readonly at: SessionWorld }> {
  const { web, world } = await startWorld(works)
  onTestFinished(() => web.close())
  return { web, world, at: await openSessionWorld(web, options) }
}

const doi = (key: string): string => `10.5555/${key}`
const done = (session: Session): number => session.run.view().counts.done
/** The queue's rows, by the last part of the DOI. */
async function rowsOf({ session }: SessionWorld): Promise<ReadonlyMap<string, JobRowInQueue>> {
  const all = { query: { group: 'all' }, sort: 'added', direction: 'up', offset: 0, limit: 100 } as const
  const { rows } = await session.sheaf.queuePage(all)
  return new Map(rows.map((row) => [String(row['work_id']).replace(/^.*\//, ''), row]))
}
type JobRowInQueue = Awaited<ReturnType<Session['sheaf']['queuePage']>>['rows'][number]
const idIn = (row: JobRowInQueue | undefined): string => String(row?.['job_id'])
const inFile = (at: SessionWorld): Record<string, unknown> =>
  JSON.parse(readFileSync(join(at.dataDir, 'settings.json'), 'utf8')) as Record<string, unknown>

async function refused(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (isSheafError(error)) return `${error.code}: ${error.message}`
    throw error
  }
  return 'it was not refused'
}

test('a bandwidth limit slows an active download down, and removing it restores its speed', async () => {
  const { web, world, at } = await start([ALPHA])
  const hold = web.hold(world.fileUrl('alpha'), HALF)
  await at.plan([doi('alpha')])
  await hold.reached
  await at.session.settings.set('network.maxBandwidth', 20_000)
  expect(at.session.run.view().limit).toBe(20_000)
  hold.release()
  await waitFor('bytes arrive slowly', () => {
    const [live] = at.session.sheaf.jobs({}).map((job) => at.session.run.live(String(job['job_id'])))
    return live !== null && live !== undefined && live.bytes > HALF && live.bytes < BYTES
  })
  expect(done(at.session)).toBe(0)
  await at.session.settings.set('network.maxBandwidth', null)
  await waitFor('it is done', () => done(at.session) === 1)
  // No download was interrupted for it.
  expect(web.requestsFor(world.fileUrl('alpha'), 'GET').length).toBe(1)
}, 30_000)

test('more workers start at once', async () => {
  const { web, world, at } = await start([ALPHA, BETA], { settings: { 'network.workers': 1 } })
  const holds = [web.hold(world.fileUrl('alpha'), HALF), web.hold(world.fileUrl('beta'), HALF)]
  await at.plan([doi('alpha')])
  await holds[0]?.reached
  await at.plan([doi('beta')])
  // Other works may be looked up meanwhile; one file at a time is requested.
  await waitFor('the second one is looked up', () =>
    web.requests.some(({ url }) => decodeURIComponent(url).includes(doi('beta')))
  )
  expect(web.requestsFor(world.fileUrl('beta'), 'GET').length).toBe(0)
  const began = performance.now()
  await at.session.settings.set('network.workers', 2)
  await holds[1]?.reached
  // Not only after the first one has stalled, which takes 30 s.
  expect(performance.now() - began).toBeLessThan(15_000)
  expect(web.requestsFor(world.fileUrl('alpha'), 'GET').length).toBe(1)
  for (const hold of holds) hold.release()
  await waitFor('both are done', () => done(at.session) === 2)
})

test('a setting that a run captured interrupts it briefly: it resumes from the bytes on disk', async () => {
  const { web, world, at } = await start([ALPHA])
  const hold = web.hold(world.fileUrl('alpha'), HALF)
  await at.plan([doi('alpha')])
  await hold.reached
  const before = await waitFor('half of it is on disk', async () => {
    const [job] = at.session.sheaf.jobs({})
    const part = await at.session.sheaf.part(String(job?.['job_id']))
    return part?.bytes === HALF ? part : null
  })
  expect(before.totalBytes).toBe(BYTES)
  await at.session.settings.set('network.stallTimeoutMs', 20_000)
  hold.release()
  await waitFor('it is done', () => done(at.session) === 1)
  const ranges = web.requestsFor(world.fileUrl('alpha'), 'GET').map((one) => one.headers['range'])
  expect(ranges).toEqual([undefined, `bytes=${String(HALF)}-`])
})

test('another library folder applies from the next paper on; an unusable one is refused', async () => {
  const { at } = await start([ALPHA, BETA])
  await at.plan([doi('alpha')])
  await waitFor('the first is done', () => done(at.session) === 1)
  const elsewhere = join(at.dataDir, '..', 'elsewhere')
  await at.session.settings.set('files.library', elsewhere)
  expect(at.session.view().libraryFolder).toBe(elsewhere)
  await at.plan([doi('beta')])
  await waitFor('the second is done', () => done(at.session) === 2)
  expect(at.session.sheaf.options.libraryDir).toBe(elsewhere)

  const file = join(at.dataDir, 'a-file')
  writeFileSync(file, 'no folder')
  expect(await refused(at.session.settings.set('files.library', join(file, 'below')))).toMatch(
    /^FOLDER_UNUSABLE/
  )
  expect(inFile(at)['files.library']).toBe(elsewhere)
  expect(at.session.view().libraryFolder).toBe(elsewhere)
  expect(await refused(at.session.settings.set('files.library', 'not/absolute'))).toMatch(/^BAD_SETTING/)
})

describe('an invalid value', () => {
  test('is refused with the allowed values, and nothing is written', async () => {
    const { at } = await start([])
    const before = inFile(at)
    expect(await refused(at.session.settings.set('network.workers', 0))).toMatch(
      /BAD_SETTING: .*network\.workers/
    )
    expect(await refused(at.session.settings.set('general.mailto', 'nobody'))).toMatch(/BAD_SETTING/)
    expect(inFile(at)).toEqual(before)
  })
})

test('a reset removes a value from the file, and listeners are notified', async () => {
  const { at } = await start([])
  let heard = 0
  at.session.events.onSettings(() => (heard += 1))
  await at.session.settings.set('files.provenanceBeside', true)
  expect(at.session.settings.loaded().origins['files.provenanceBeside']).toBe('file')
  await at.session.settings.reset('files.provenanceBeside')
  expect(at.session.settings.loaded().origins['files.provenanceBeside']).toBe('default')
  expect(heard).toBe(2)
})

describe('the switch', () => {
  test('off: papers are downloaded, nothing is recorded, and they are shown from memory', async () => {
    const { web, world, at } = await start([ALPHA, BETA, { key: 'nowhere', copies: [] }], {
      settings: { 'safety.switch': 'off' }
    })
    await at.plan([doi('alpha')])
    await at.plan([doi('beta'), doi('nowhere')])
    const areEnded = (): boolean => {
      const { done, attention } = at.session.run.view().counts
      return done === 2 && attention === 1
    }
    await waitFor('all have ended', areEnded, 30_000)
    expect(at.session.sheaf.jobs({})).toEqual([])
    const jobs = await rowsOf(at)
    expect(jobs.get('alpha')).toMatchObject({
      recorded: 0,
      state: 'DEDUPED',
      source: 'openalex',
      bytes: BYTES,
      reason: null
    })
    const failed = jobs.get('nowhere')
    expect(failed).toMatchObject({ state: 'FAILED', reason: 'NO_OPEN_COPY', next_attempt_at: null })
    expect(failed?.['reason_detail']).toContain('copy')

    const asked = web.requests.length
    expect(await at.session.sheaf.retry({ jobIds: [idIn(failed)] })).toBe(1)
    at.session.run.wake()
    await waitFor('it failed again', async () => {
      const again = (await rowsOf(at)).get('nowhere')
      return Number(again?.['lease_epoch']) > Number(failed?.['lease_epoch']) && again?.['state'] === 'FAILED'
    })
    expect(web.requests.length, 'the sources were asked again').toBeGreaterThan(asked)
    expect(await refused(at.session.sheaf.retry({ jobIds: ['unknown'] }))).toMatch(/^NO_SUCH_JOB/)
    // Finished papers are not fetched again in this session.
    const fetched = web.requestsFor(world.fileUrl('alpha'), 'GET').length
    await at.plan([doi('alpha')])
    await waitFor('nothing is due', () => at.session.run.view().counts.waiting === 0)
    expect((await rowsOf(at)).size).toBe(3)
    expect(web.requestsFor(world.fileUrl('alpha'), 'GET').length).toBe(fetched)
    // The list ends with the session.
    await at.reopen()
    expect((await rowsOf(at)).size).toBe(0)
  }, 60_000)

  test('off: an active paper can be removed', async () => {
    const { web, world, at } = await start([ALPHA], { settings: { 'safety.switch': 'off' } })
    const hold = web.hold(world.fileUrl('alpha'), HALF)
    await at.plan([doi('alpha')])
    await hold.reached
    const jobId = idIn((await rowsOf(at)).get('alpha'))
    expect(await at.session.sheaf.cancel([jobId])).toBe(1)
    hold.release()
    await waitFor('no worker is active', () => !at.session.sheaf.isActive(jobId))
    expect((await rowsOf(at)).get('alpha')).toMatchObject({ state: 'FAILED', reason: 'CANCELLED' })
    expect(at.session.run.view().counts).toMatchObject({ attention: 1, active: 0, waiting: 0 })
  })

  test('turned on while open: it reports that the schema exists, reconciles, and records from then on', async () => {
    const { at } = await start([ALPHA, BETA], { settings: { 'safety.switch': 'off' } })
    await at.plan([doi('alpha')])
    await waitFor('the plain one is done', () => done(at.session) === 1)
    let reconciled = 0
    at.session.events.onReconciled(() => (reconciled += 1))
    await at.session.settings.set('safety.switch', 'on')
    expect(at.session.view().switch).toBe('on')
    expect(at.events.app.at(-1)?.switch).toBe('on')
    expect(at.said.some((line) => line.sentence.includes('Idempotency schema migrated successfully'))).toBe(
      true
    )
    expect(reconciled).toBe(1)
    await at.plan([doi('beta')])
    await waitFor('both are done', () => done(at.session) === 2)
    // The one that was fetched before is adopted (docs/design.md, G12).
    expect(at.session.sheaf.jobs({}).length).toBe(2)
    const { all } = await at.session.sheaf.queueCounts()
    expect(all, 'and is in the queue once').toBe(2)
    expect((await rowsOf(at)).get('alpha')?.['recorded']).toBeUndefined()
  })

  test('set by the environment: shown, and a change is refused with the variable’s name', async () => {
    const { at } = await start([], { env: { DOCSTOKG_ENABLE_IDEMPOTENCY: 'false' } })
    expect(at.session.view().switch).toBe('off')
    expect(at.session.settings.loaded().origins['safety.switch']).toBe('environment')
    expect(await refused(at.session.settings.set('safety.switch', 'on'))).toMatch(
      /^BAD_SETTING: .*DOCSTOKG_ENABLE_IDEMPOTENCY/
    )
    await at.session.settings.set('network.workers', 2)
    expect(at.session.view().switch).toBe('off')
  })

  test('if it cannot be turned on, it stays off and says so', async () => {
    const broken = { is: false }
    const { at } = await start([ALPHA], {
      settings: { 'safety.switch': 'off' },
      host: (host) => ({
        ...host,
        files: {
          ...host.files,
          list: (path) => {
            if (broken.is && path.endsWith('staging'))
              return Promise.reject(new Error('The disk does not answer.'))
            return host.files.list(path)
          }
        }
      })
    })
    broken.is = true
    await at.session.settings.set('safety.switch', 'on')
    expect(at.session.view()).toMatchObject({
      switch: 'off',
      switchTrouble: { message: 'The disk does not answer.' }
    })
    broken.is = false
    await at.plan([doi('alpha')])
    await waitFor('it works with the switch off', () => done(at.session) === 1)
    expect(at.session.sheaf.jobs({})).toEqual([])
    await at.session.settings.set('safety.switch', 'on')
    expect(at.session.view()).toMatchObject({ switch: 'on', switchTrouble: null })
  })
})

test('the first start asks; the answers are stored and take effect', async () => {
  const at = await openSessionWorld(null)
  mkdirSync(at.dataDir, { recursive: true })
  expect(at.session.view()).toMatchObject({ firstStart: true, switch: 'off' })
  const library = join(at.dataDir, '..', 'chosen')
  await at.session.settings.welcome({ libraryDir: library, mailto: 'reader@example.org', switch: 'on' })
  expect(at.session.view()).toMatchObject({
    firstStart: false,
    switch: 'on',
    mailto: 'reader@example.org',
    libraryFolder: library
  })
  await at.reopen()
  expect(at.session.view()).toMatchObject({ firstStart: false, switch: 'on', libraryFolder: library })
})
