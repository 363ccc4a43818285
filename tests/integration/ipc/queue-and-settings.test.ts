/** The queue, manual actions, settings and the app, through the window's requests. */
import { readFileSync, readdirSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished, describe, expect, test } from 'vitest'
import { tempFolder } from '../../kit/temp-folder'
import type { JobView } from '../../../src/contract/views'
import { summaryOf } from '../../../src/renderer/text/job-summary'
import { timelineOf } from '../../../src/renderer/text/job-timeline'
import { jobInWords } from '../../../src/renderer/text/job-words'
import { waitFor } from '../../kit/wait-for'
import { paperPdf } from '../../web/paper-file'
import { startWorld } from '../../web/scholarly'
import { openIpcWorld, type IpcWorld } from './ipc-world'

async function start(settings = {}): Promise<{ world: IpcWorld; pdf: (key: string) => Buffer }> {
  const started = await startWorld([
    { key: 'alpha', copies: [{ via: 'unpaywall' }] },
    { key: 'beta', copies: [] },
    { key: 'gamma', copies: [] }
  ])
  onTestFinished(() => started.web.close())
  return { world: await openIpcWorld(started.web, { settings }), pdf: (key) => started.world.pdf(key) }
}

async function list(
  world: IpcWorld,
  group: 'all' | 'attention' | 'done' = 'all'
): Promise<readonly JobView[]> {
  const page = await world.ask('jobs.list', {
    query: { group },
    sort: 'added',
    direction: 'up',
    offset: 0,
    limit: 100
  })
  return page.rows
}

async function runAll(world: IpcWorld): Promise<void> {
  await world.plan(['10.5555/alpha', '10.5555/beta', '10.5555/gamma'])
  await world.ask('run.start', {})
  await waitFor('all have ended', async () => {
    const counts = await world.ask('jobs.counts', {})
    return counts.done === 1 && counts.attention === 2
  })
}

const wordsOf = (job: JobView): string => jobInWords(job, Date.now() / 1000)

describe('the queue', () => {
  test('lists, counts by reason, shows a job’s history, and skips jobs', async () => {
    const { world } = await start()
    await runAll(world)
    expect((await list(world)).map((job) => [job.identifier, wordsOf(job)])).toEqual([
      ['10.5555/alpha', 'In your library'],
      ['10.5555/beta', 'No open copy was found'],
      ['10.5555/gamma', 'No open copy was found']
    ])
    expect((await world.ask('jobs.counts', {})).byReason).toMatchObject([
      { reason: 'NO_OPEN_COPY', count: 2 }
    ])
    const [alpha, beta] = await list(world)
    const detail = await world.ask('jobs.detail', { jobId: alpha!.jobId })
    expect(detail.file?.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(timelineOf(detail.history).map((entry) => entry.title)).toContain('It is the right paper')
    expect(detail.candidates.map((one) => one.verdict)).toEqual(['chosen'])
    expect(detail.lease).toBeNull()

    expect(await world.ask('jobs.ignore', { jobIds: [beta!.jobId] })).toEqual({ changed: 1 })
    expect(await world.ask('jobs.counts', {})).toMatchObject({ attention: 1, ignored: 1 })
    expect(await world.ask('jobs.unignore', { query: { group: 'all' } })).toEqual({ changed: 1 })
    expect(await world.refusal('jobs.retry', { jobIds: ['nobody'] })).toMatchObject({ code: 'NO_SUCH_JOB' })
    // An empty filter means no jobs, not all.
    expect(await world.ask('jobs.retry', { query: { group: 'all', text: 'nowhere' } })).toEqual({
      changed: 0
    })
  })

  test('copies lists, and opens only landing pages', async () => {
    const { world } = await start()
    await runAll(world)
    const [alpha] = await list(world)
    expect(await world.ask('jobs.copyList', { query: { group: 'attention' } })).toEqual({ changed: 2 })
    const copied = String(world.systemDialogs.asked.find((one) => one.what === 'copyText')?.with)
    expect(copied.trim().split('\n')).toHaveLength(2)
    expect(copied).toContain('\t10.5555/beta\thttps://doi.org/10.5555/beta')
    await world.ask('jobs.openLanding', { jobIds: [alpha!.jobId] })
    expect(world.systemDialogs.asked.at(-1)).toEqual({
      what: 'openInBrowser',
      with: 'https://doi.org/10.5555/alpha'
    })
    expect(await world.refusal('app.openLink', { url: 'file:///etc/passwd' })).toMatchObject({
      code: 'BAD_URL'
    })
  })

  test('attaches a file dropped on a row, and leaves no copy of it behind', async () => {
    const { world, pdf } = await start()
    await runAll(world)
    const beta = (await list(world, 'attention'))[0]!
    const drop = (bytes: Uint8Array<ArrayBuffer>, name = '../../beta.pdf') => ({
      jobId: beta.jobId,
      name,
      bytes
    })
    expect(await world.refusal('jobs.attachBytes', drop(new TextEncoder().encode('<html>')))).toMatchObject({
      code: 'BAD_FILE'
    })
    // A file that only starts like a PDF is refused with a code, and the job is unchanged.
    const torn = await world.refusal('jobs.attachBytes', drop(new TextEncoder().encode('%PDF-1.7 torn off')))
    expect(['TOO_SMALL', 'TRUNCATED', 'UNREADABLE_PDF']).toContain(torn.code)
    expect(await world.ask('jobs.detail', { jobId: beta.jobId })).toMatchObject({ job: { state: 'FAILED' } })
    const detail = await world.ask('jobs.attachBytes', drop(new Uint8Array(pdf('beta'))))
    expect(detail.job.state).toBe('DEDUPED')
    expect(wordsOf(detail.job)).toBe('In your library, added by you')
    expect(summaryOf(detail).headline).toBe('Added by you.')
    expect(detail.file).toMatchObject({
      source: 'manual',
      evidence: 'You attached beta.pdf.',
      tier: null,
      url: '',
      finalUrl: ''
    })
    const checks = new Map(detail.file?.checks.map((check) => [check.name, check.result]))
    expect(checks.get('length')).toMatch(/^[\d.]+ kB$/)
    expect(checks.has('right paper')).toBe(false)
    expect(timelineOf(detail.history).filter((entry) => entry.url?.startsWith('manual:'))).toEqual([])
    expect(readdirSync(join(world.dataDir, 'tmp'))).toEqual([])
  })

  test('does not present an uncertain file as certain', async () => {
    const { world } = await start()
    await runAll(world)
    const beta = (await list(world, 'attention'))[0]!
    // The requested title, without any of its authors and without an identifier: the match is unsure.
    const title = beta.title ?? ''
    const bytes = new Uint8Array(paperPdf({ title, authors: ['Unrelated, Person'], year: 2001 }))
    const detail = await world.ask('jobs.attachBytes', { jobId: beta.jobId, name: 'beta.pdf', bytes })
    expect(detail.file?.verdict).toBe('unsure')
    const words = 'In your library, added by you; please check it'
    expect(wordsOf(detail.job)).toBe(words)
    const summary = summaryOf(detail)
    expect(summary.tone).toBe('attention')
    expect(summary.text).toMatch(/^Please check it: /)
    expect(summary.next).toBe('Open the file and check that it is the right paper; remove it if it is not.')
    expect((await list(world)).map(wordsOf)).toContain(words)
  })

  test('reports the bytes on disk of a paused download immediately', async () => {
    const bytes = 300_000
    const started = await startWorld([{ key: 'alpha', bytes, copies: [{ via: 'unpaywall' }] }])
    onTestFinished(() => started.web.close())
    const world = await openIpcWorld(started.web)
    const hold = started.web.hold(started.world.fileUrl('alpha'), bytes / 2)
    onTestFinished(() => {
      hold.release()
    })
    await world.plan(['10.5555/alpha'])
    await world.ask('run.start', {})
    await hold.reached
    const { jobId } = (await list(world))[0]!
    const isHalfDone = () => world.session.run.live(jobId)?.bytes === bytes / 2
    await waitFor('half of the file is on disk', isHalfDone)

    await world.ask('jobs.pause', { jobIds: [jobId] })
    const kept = '150 kB of 300 kB (50 %) are on disk and are kept.'
    expect(summaryOf(await world.ask('jobs.detail', { jobId })).text).toBe(kept)
    await waitFor('no worker is active', () => !world.session.sheaf.isActive(jobId))
    const paused = await world.ask('jobs.detail', { jobId })
    expect(paused.job.bytes).toBe(bytes / 2)
    expect(wordsOf(paused.job)).toBe('Paused by you · 50 % on disk')
    expect(summaryOf(paused).text).toBe(kept)
  })

  test('shows unrecorded jobs together with the others', async () => {
    const { world } = await start({ 'safety.switch': 'off' })
    await world.plan(['10.5555/alpha', '10.5555/beta'])
    expect((await list(world)).map((job) => job.title)).toEqual([null, null])
    await world.ask('run.start', {})
    await waitFor('both have ended', async () => {
      const counts = await world.ask('jobs.counts', {})
      return counts.done === 1 && counts.attention === 1
    })
    const rows = await list(world)
    expect(rows.map((job) => job.recorded)).toEqual([false, false])
    // No source named its title during the download; the library has it.
    await waitFor('the filed paper is named', async () => (await list(world))[0]?.title != null)
    const [filed] = await world.session.sheaf.catalog.papers()
    const { title, authors, year, venue } = filed!
    expect((await list(world))[0]).toMatchObject({ title, authors, year, venue })
    const detail = await world.ask('jobs.detail', { jobId: rows[0]!.jobId })
    expect(timelineOf(detail.history)).toEqual([])
    expect(summaryOf(detail).text).toContain('Crash-safe downloads are off')
    expect((await world.refusal('jobs.remove', { jobId: rows[0]!.jobId })).code).toBe('TRANSITION_REFUSED')
    expect(world.session.sheaf.jobs({})).toEqual([])
  })

  test('of a canary is one list of both groups: paged, sorted, counted, retried and cancelled together', async () => {
    const keys = Array.from({ length: 12 }, (_, n) => `lost${String(n)}`)
    const started = await startWorld(keys.map((key) => ({ key, copies: [] })))
    onTestFinished(() => started.web.close())
    const world = await openIpcWorld(started.web, {
      settings: { 'safety.switch': 'canary', 'safety.canaryPercent': 50 }
    })
    const haveFailed = async (): Promise<boolean> =>
      (await world.ask('jobs.counts', {})).byReason[0]?.count === keys.length
    await world.plan(keys.map((key) => `10.5555/${key}`))
    await world.ask('run.start', {})
    await waitFor('all have failed', haveFailed, 30_000)
    const seen: JobView[] = []
    for (let offset = 0; offset < keys.length; offset += 5) {
      const page = await world.ask('jobs.list', {
        query: { group: 'attention', reasons: ['NO_OPEN_COPY'] },
        sort: 'updated',
        direction: 'down',
        offset,
        limit: 5
      })
      expect(page.total).toBe(keys.length)
      seen.push(...page.rows)
    }
    const recorded = seen.filter((job) => job.recorded).length
    expect(recorded).toBe(world.session.sheaf.jobs({}).length)
    expect(recorded % keys.length, 'both groups have jobs').toBeGreaterThan(0)
    expect(new Set(seen.map((job) => job.jobId)).size).toBe(keys.length)
    const times = seen.map((job) => job.updatedAt)
    expect(times).toEqual([...times].sort((a, b) => b - a))

    const all = { query: { group: 'attention' } } as const
    await world.ask('run.pause', {})
    expect(await world.ask('jobs.retry', all)).toEqual({ changed: keys.length })
    expect(await world.ask('jobs.counts', {})).toMatchObject({ waiting: keys.length, attention: 0 })
    expect(await world.ask('jobs.cancel', { query: { group: 'waiting' } })).toEqual({ changed: keys.length })
    const { byReason } = await world.ask('jobs.counts', {})
    expect(byReason).toMatchObject([{ reason: 'CANCELLED', count: keys.length }])
  }, 60_000)
})

describe('settings', () => {
  test('are listed with their origin, validated, and stored', async () => {
    const { world } = await start()
    const before = await world.ask('settings.list', {})
    expect(before.entries.find((one) => one.key === 'network.workers')).toMatchObject({
      origin: 'default',
      value: 8
    })
    expect(await world.ask('settings.check', { key: 'network.workers', value: 65 })).toMatchObject({
      code: 'BAD_SETTING',
      message: expect.stringContaining('a whole number from 1 to 64') as string
    })
    expect(await world.refusal('settings.set', { key: 'network.workers', value: 'many' })).toMatchObject({
      code: 'BAD_SETTING'
    })
    const after = await world.ask('settings.set', { key: 'network.workers', value: 7 })
    expect(after.entries.find((one) => one.key === 'network.workers')).toMatchObject({
      origin: 'file',
      value: 7
    })
    expect(await world.ask('settings.nameExample', { template: '{firstAuthor} {year}' })).toEqual({
      name: 'Piwowar 2018.pdf'
    })
    expect(await world.ask('settings.keyExample', { pattern: '[auth:lower][shortyear]' })).toEqual({
      key: 'piwowar18'
    })
    expect((await world.ask('settings.keyExample', { pattern: '' })).key).toMatch(
      /^piwowar2018state-[0-9a-f]{4}$/
    )
    expect(await world.refusal('settings.keyExample', { pattern: '[author]' })).toMatchObject({
      code: 'BAD_SETTING',
      message: expect.stringContaining('[auth]') as string
    })
  })

  test('the library folder is set by a dialog only', async () => {
    const { world } = await start()
    const value = tempFolder('library')
    expect(await world.refusal('settings.set', { key: 'files.library', value })).toMatchObject({
      code: 'BAD_SETTING'
    })
    expect(await world.ask('settings.chooseLibrary', {})).toBeNull()
    world.systemDialogs.folder = value
    expect(await world.ask('settings.chooseLibrary', {})).toMatchObject({ libraryFolder: value })
  })

  test('a certificate file is set by a dialog only, and validated before it is stored', async () => {
    const { world } = await start()
    const ca = join(import.meta.dirname, '../../fixtures/net/tls/ca.pem')
    const typed = await world.refusal('settings.set', { key: 'network.caFile', value: ca })
    expect(typed).toMatchObject({
      code: 'BAD_SETTING',
      message: expect.stringContaining('system’s dialog') as string
    })
    expect(await world.ask('settings.chooseCaFile', {})).toBeNull()
    const kept = async (): Promise<unknown> =>
      (await world.ask('settings.list', {})).entries.find((one) => one.key === 'network.caFile')?.value
    world.systemDialogs.files = [join(tempFolder('ca'), 'gone.pem')]
    expect(await world.refusal('settings.chooseCaFile', {})).toMatchObject({ code: 'CA_FILE_UNUSABLE' })
    expect(await kept()).toBe('')
    world.systemDialogs.files = [ca]
    await world.ask('settings.chooseCaFile', {})
    expect(await kept()).toBe(ca)
    await world.ask('settings.reset', { key: 'network.caFile' })
    expect(await kept()).toBe('')
  })

  test('the connection test uses the current settings', async () => {
    const { world } = await start()
    const answered = await world.ask('settings.testConnection', {})
    expect(answered).toMatchObject({ host: 'api.openalex.org', proxy: null, error: null })
    expect(answered.status).toBeGreaterThan(99)
    const nowhere = await startWorld([])
    const origin = nowhere.web.connectTo[0]!.to
    await nowhere.web.close()
    await world.ask('settings.set', { key: 'network.connectTo', value: [{ from: '*', to: origin }] })
    await world.ask('settings.set', { key: 'network.proxy', value: 'http://ada:secret@proxy.example:8080' })
    const refused = await world.ask('settings.testConnection', {})
    expect(refused).toMatchObject({ status: null, error: { code: 'CONNECTION_REFUSED' } })
    expect(refused.proxy).toBe('proxy.example:8080')
    expect(JSON.stringify(refused)).not.toContain('secret')
  })

  test('a value from the environment names its variable', async () => {
    const started = await startWorld([])
    onTestFinished(() => started.web.close())
    const world = await openIpcWorld(started.web, { env: { DOCSTOKG_ENABLE_IDEMPOTENCY: 'false' } })
    const { entries } = await world.ask('settings.list', {})
    expect(entries.find((one) => one.key === 'safety.switch')).toMatchObject({
      value: 'off',
      origin: 'environment',
      overriddenBy: 'DOCSTOKG_ENABLE_IDEMPOTENCY'
    })
  })
})

describe('the app', () => {
  test('stores the welcome screen’s answers only if all three are valid', async () => {
    const { world } = await start()
    const folder = tempFolder('welcome')
    world.systemDialogs.folder = folder
    expect(await world.ask('app.chooseLibrary', {})).toEqual({ folder })
    expect((await world.refusal('app.welcome', { mailto: 'nobody', switch: 'on' })).code).toBe('BAD_SETTING')
    expect(await world.ask('app.state', {})).toMatchObject({ libraryFolder: world.libraryDir })
    expect(await world.ask('app.welcome', { mailto: 'ada@example.org', switch: 'on' })).toMatchObject({
      firstStart: false,
      libraryFolder: folder,
      mailto: 'ada@example.org'
    })
  })

  test('writes a support file without private data', async () => {
    const { world } = await start()
    await runAll(world)
    expect(await world.ask('app.exportDiagnostics', {})).toBeNull()
    const file = join(tempFolder('support'), 'sheaf.json')
    world.systemDialogs.saveAt = file
    expect(await world.ask('app.exportDiagnostics', {})).toEqual({ file })
    const text = readFileSync(file, 'utf8')
    expect(JSON.parse(text)).toMatchObject({ version: '0.0.0-test', counts: { artifacts: 1 } })
    expect(text).not.toContain('reader@example.org')
    expect(text).not.toContain(world.dataDir)
    expect(text).not.toContain('alpha-1.pdf')
    expect(text).toContain('repository-alpha.example')
    expect(existsSync(file)).toBe(true)
  })
})
