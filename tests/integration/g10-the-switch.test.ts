/**
 * G10: with the switch off the ledger gets no row, and downloads work. With canary a fixed set of works is
 * recorded, in every run, and only these. Turning the switch on keeps earlier downloads. The ledger's file is
 * read with plain SQLite, not with Sheaf's code.
 */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished, describe, expect, test } from 'vitest'
import type { Settings } from '../../src/contract/settings'
import { inCanary } from '../../src/main/works/keys'
import { startWorld, type World } from '../web/scholarly'
import type { Web } from '../web/web'
import type { WorldWork } from '../web/works'
import { openLedgerFile, type LedgerFile } from '../kit/ledger-file'
import { draft, openWorld, type SheafWorld } from '../kit/sheaf-world'

const REMEMBERED = [
  'artifact_jobs',
  'artifact_ops',
  'works',
  'work_names',
  'artifacts',
  'job_events'
] as const

interface Setup {
  readonly web: Web
  readonly world: World
  readonly sheaf: SheafWorld
}

async function start(works: readonly WorldWork[], settings: Partial<Settings>): Promise<Setup> {
  const { web, world } = await startWorld(works)
  onTestFinished(() => web.close())
  return { web, world, sheaf: await openWorld(web, { settings }) }
}

const works: readonly WorldWork[] = ['alpha', 'beta', 'gamma'].map((key) => ({
  key,
  copies: [{ via: 'unpaywall' }]
}))
const dois = works.map(({ key }) => `10.5555/${key}`)

/** Closes Sheaf, counts the rows in the file, and opens Sheaf again. */
async function look<T>(
  sheaf: SheafWorld,
  ask: (ledger: LedgerFile) => T,
  settings?: Partial<Settings>
): Promise<T> {
  await sheaf.reopen(settings)
  const ledger = await openLedgerFile(sheaf.dataDir)
  try {
    return ask(ledger)
  } finally {
    ledger.close()
  }
}

const rowsLeft = (ledger: LedgerFile): Record<string, unknown> =>
  Object.fromEntries(REMEMBERED.map((table) => [table, ledger.value(`SELECT count(*) FROM ${table}`)]))
const NOTHING = Object.fromEntries(REMEMBERED.map((table) => [table, 0]))

describe('off', () => {
  test('downloads work and leave no row', async () => {
    const { world, sheaf } = await start(works, { 'safety.switch': 'off' })
    expect(await sheaf.run(dois)).toMatchObject({ planned: 3, done: 3, failed: 0 })
    expect(await sheaf.papers()).toHaveLength(3)
    const right = new Set(works.flatMap(({ key }) => [...world.hashes(key)]))
    for (const [path, hash] of await sheaf.objects()) {
      expect(path).toContain(hash)
      expect(right).toContain(hash)
    }
    const left = await look(sheaf, (ledger) => ({
      ...rowsLeft(ledger),
      attempts: Number(ledger.value('SELECT count(*) FROM attempts')) > 0,
      runs: ledger.value('SELECT count(*) FROM runs')
    }))
    expect(left, 'only attempts and runs are recorded').toEqual({ ...NOTHING, attempts: true, runs: 1 })
  })

  test('failures, interruptions and unknown works leave no row either', async () => {
    const { web, world, sheaf } = await start(
      [
        works[0]!,
        { key: 'none' },
        { key: 'login', copies: [{ via: 'unpaywall', misbehave: { kind: 'html-login' } }] }
      ],
      { 'safety.switch': 'off' }
    )
    const summary = await sheaf.run(['10.5555/none', '10.5555/login', '10.5555/nobody'])
    expect(summary).toMatchObject({ done: 0, failed: 3 })
    const hold = web.hold(world.fileUrl('alpha'), 20_000)
    const stop = new AbortController()
    const running = sheaf.run(['10.5555/alpha'], stop.signal)
    await hold.reached
    stop.abort()
    await running
    hold.release()
    expect(await look(sheaf, rowsLeft)).toEqual(NOTHING)
    expect(await sheaf.objects()).toHaveProperty('size', 0)
  })

  test('a rerun downloads again', async () => {
    const { web, world, sheaf } = await start(works, { 'safety.switch': 'off' })
    await sheaf.run(dois)
    const once = web.bytesSent(world.fileUrl('alpha'))
    const inThisProcess = await sheaf.run(dois)
    expect(inThisProcess).toMatchObject({ planned: 3, existing: 0, done: 3, replays: 0 })
    expect(web.bytesSent(world.fileUrl('alpha'))).toBe(2 * once)
    await sheaf.reopen()
    const again = await sheaf.run(dois)
    expect(again).toMatchObject({ planned: 3, existing: 0, done: 3, replays: 0 })
    expect(web.bytesSent(world.fileUrl('alpha'))).toBe(3 * once)
    expect(await sheaf.objects(), 'the same bytes are still one object').toHaveProperty('size', 3)
    expect(await look(sheaf, rowsLeft)).toEqual(NOTHING)
  })

  test('planning alone writes nothing', async () => {
    const { sheaf } = await start(works, { 'safety.switch': 'off' })
    const report = await sheaf.sheaf.plan(
      { drafts: dois.map(draft), formats: ['pdf'] },
      new AbortController().signal
    )
    expect(report.planned).toHaveLength(3)
    expect(await look(sheaf, rowsLeft)).toEqual(NOTHING)
  })
})

describe('canary', () => {
  const many: readonly WorldWork[] = Array.from({ length: 16 }, (_, index) => ({
    key: `c${String(index)}`,
    copies: [{ via: 'unpaywall' }]
  }))
  const names = many.map(({ key }) => `10.5555/${key}`)
  const chosen = names.map((doi) => `doi:${doi}`).filter((workId) => inCanary(workId, 40))
  const settings = { 'safety.switch': 'canary', 'safety.canaryPercent': 40 } as const

  test('the same works are recorded in every run and process, and only these', async () => {
    expect(chosen.length).toBeGreaterThan(2)
    expect(chosen.length).toBeLessThan(14)
    const { web, sheaf } = await start(many, settings)
    expect(await sheaf.run(names)).toMatchObject({ planned: 16, done: 16 })
    const ofTables = (ledger: LedgerFile): unknown[][] => [
      ledger.rows('SELECT work_id FROM artifact_jobs ORDER BY work_id').map((row) => row['work_id']),
      ledger.rows('SELECT work_id FROM works ORDER BY work_id').map((row) => row['work_id']),
      ledger
        .rows('SELECT DISTINCT work_id FROM artifact_ops JOIN artifact_jobs USING (job_id) ORDER BY work_id')
        .map((row) => row['work_id'])
    ]
    const first = await look(sheaf, ofTables)
    expect(first).toEqual([[...chosen].sort(), [...chosen].sort(), [...chosen].sort()])
    web.forget()
    const again = await sheaf.run(names)
    expect(again).toMatchObject({ existing: chosen.length, done: 16 - chosen.length })
    for (const doi of names) {
      const asked = web.requests.some(({ url }) => url.includes(`/${doi.slice(8)}-1.pdf`))
      expect(asked, doi).toBe(!chosen.includes(`doi:${doi}`))
    }
    expect(await look(sheaf, ofTables)).toEqual(first)
  })

  test('0 % is off and 100 % is on', async () => {
    const { sheaf } = await start(works, { ...settings, 'safety.canaryPercent': 0 })
    expect(await sheaf.run(dois)).toMatchObject({ done: 3 })
    expect(await look(sheaf, rowsLeft, { 'safety.canaryPercent': 100 })).toEqual(NOTHING)
    expect(await sheaf.run(dois), 'adopted, not fetched again').toMatchObject({
      existing: 3,
      bytes_fetched: 0
    })
    expect(await look(sheaf, (ledger) => ledger.value('SELECT count(*) FROM artifact_jobs'))).toBe(3)
  })
})

describe('turning it on', () => {
  test('reports that the schema exists, reconciles, and changes nothing that was downloaded before', async () => {
    const { sheaf } = await start(works, { 'safety.switch': 'off' })
    await sheaf.run(dois.slice(0, 2))
    const before = await sheaf.objects()
    const path = join(sheaf.libraryDir, [...before.keys()][0]!)
    const { ino, mtimeMs } = await stat(path)
    await sheaf.reopen({ 'safety.switch': 'on' })
    const summary = await sheaf.run([dois[2]!])
    expect(summary).toMatchObject({ done: 1 })
    const [line] = sheaf.linesOf('reconcile')
    expect(line).toMatchObject({ parts_removed: 0, quarantined: 0, requeued: 0 })
    for (const [object, hash] of before) expect((await sheaf.objects()).get(object)).toBe(hash)
    expect(await sheaf.papers()).toHaveLength(3)
    expect(await stat(path)).toMatchObject({ ino, mtimeMs })
  })

  test('earlier downloads are adopted, not fetched again: one object, one name', async () => {
    const { sheaf } = await start(works, { 'safety.switch': 'off' })
    await sheaf.run(dois)
    const papers = await sheaf.papers()
    await sheaf.reopen({ 'safety.switch': 'on' })
    expect(await sheaf.run(dois)).toMatchObject({ planned: 0, existing: 3, failed: 0, bytes_fetched: 0 })
    expect(await sheaf.objects()).toHaveProperty('size', 3)
    expect(await sheaf.papers()).toEqual(papers)
    expect([...sheaf.sheaf.library()]).toHaveLength(3)
  })

  test('and off again: recorded rows stay unchanged', async () => {
    const { sheaf } = await start(works, { 'safety.switch': 'on' })
    await sheaf.run(dois.slice(0, 1))
    const rows = await look(sheaf, rowsLeft, { 'safety.switch': 'off' })
    expect(await sheaf.run(dois)).toMatchObject({ done: 3 })
    expect(await look(sheaf, rowsLeft)).toEqual(rows)
  })
})
