/** `sheaf zotero send` and `attach` as processes, some of them killed: each paper is handed over once. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import initSqlJs from 'sql.js'
import { SAMPLE_WORKS } from '../../../src/main/demo/sample-works'
import { runCli, type CliEnd, type CliOptions } from '../../kit/run-cli'
import { startZotero, type ZoteroLoopback } from '../../kit/zotero-loopback'
import { makeCliWorld, type CliWorld } from './cli-world'

const dois = ['hedgerows', 'lichens', 'maps'].map((key) => SAMPLE_WORKS.find((work) => work.key === key)!.doi)

let world: CliWorld
let zotero: ZoteroLoopback
beforeAll(async () => {
  world = await makeCliWorld()
  zotero = await startZotero()
  const end = await world.sheaf([
    ...['run', '--enable-idempotency', '--quiet', '--list', 'review'],
    ...dois.flatMap((doi) => ['--doi', doi])
  ])
  expect(end.status).toBe(0)
}, 180_000)
afterAll(async () => {
  await zotero.close()
  await world.end()
})

const handOver = (args: readonly string[], options: CliOptions = {}): Promise<CliEnd> =>
  runCli(
    [
      ...['zotero', ...args, '--json', '--data-dir', world.dataDir, '--out', world.library],
      ...(args.includes('--zotero-url') ? [] : ['--zotero-url', zotero.origin])
    ],
    // Do not use the Zotero of the person who runs this test.
    { ...options, env: { HOME: world.folder } }
  )
const actions = (end: CliEnd): string[] =>
  (end.lines as unknown as Record<string, unknown>[])
    .filter(({ type }) => type === 'zotero')
    .map(({ action }) => String(action))
    .sort()

test('Zotero closed, then send killed between request and response, then repeated: each paper is sent once', async () => {
  const open = zotero
  const closed = await handOver(['send', '--zotero-url', 'http://127.0.0.1:9'])
  expect([closed.status, closed.lines]).toEqual([
    1,
    [
      {
        type: 'error',
        code: 'ZOTERO_CLOSED',
        message: expect.stringContaining('127.0.0.1:9') as string,
        hint: expect.stringContaining('Start Zotero') as string
      }
    ]
  ])
  let kill = (): void => undefined
  const meanwhile = (): void => {
    kill()
  }
  for (const path of ['/connector/saveItems', '/connector/saveAttachment']) {
    open.api = path.endsWith('saveAttachment')
    open.mishaps.push({ path, isDone: true, then: { lateMs: 200 }, meanwhile })
    const died = await handOver(['send'], { onStart: (child) => (kill = () => child.kill('SIGKILL')) })
    expect(died.signal).toBe('SIGKILL')
  }
  const end = await handOver(['send', '--list', 'review'])
  expect([end.status, actions(end)]).toEqual([0, ['sent', 'sent', 'sent']])
  expect(end.lines.at(-1)).toMatchObject({ type: 'summary', sent: 3, existing: 0, failed: 0 })
  open.api = false
  const withoutApi = await handOver(['send'])
  expect([withoutApi.status, actions(withoutApi)]).toEqual([0, ['existing', 'existing', 'existing']])
  expect(withoutApi.stderr).toContain('only what Sheaf sent itself is known')
  const items = open.papers()
  expect(items.map(({ data }) => data['DOI']).sort()).toEqual([...dois].sort())
  for (const { key } of items) expect(open.filesOf(key)).toHaveLength(1)
}, 180_000)

test('with the local API off, a copy of the database tells which items exist', async () => {
  const data = join(world.folder, 'zotero-data')
  await mkdir(data)
  const fixture = resolve('tests/fixtures/zotero')
  const database = new (await initSqlJs()).Database(await readFile(join(fixture, 'zotero.sqlite')))
  database.run('UPDATE itemDataValues SET value = ? WHERE value = ?', [dois[0]!, '10.5555/whole'])
  await writeFile(join(data, 'zotero.sqlite'), database.export())
  database.close()
  zotero.api = false
  const dry = await handOver(['send', '--zotero-data', data, '--dry-run'])
  expect([dry.status, actions(dry)]).toEqual([0, ['existing', 'would_send', 'would_send']])
}, 60_000)

test('attach gives items their files; impossible requests are reported, and invalid usage names the option', async () => {
  const refused = await handOver(['attach'])
  expect([refused.status, refused.stderr]).toEqual([
    1,
    expect.stringMatching(/Zotero 9\.0\.6 gives programs no way/) as string
  ])
  zotero.version = '10.0.1'
  zotero.api = true
  zotero.items.clear()
  const { key } = zotero.add({ itemType: 'journalArticle', title: 'x', DOI: dois[1] })
  const missing = await handOver(['missing'])
  expect(missing.lines[0]).toMatchObject({ item_key: key, work_id: `doi:${dois[1]!}`, action: 'missing' })
  const end = await handOver(['attach'])
  expect([end.status, end.lines[0]]).toMatchObject([0, { item_key: key, action: 'attached' }])
  expect(end.stderr).toContain('confirm it in its window')
  expect(zotero.filesOf(key)).toHaveLength(1)
  const nothing = await handOver(['send', '--doi', '10.5555/not.here'])
  expect([nothing.status, actions(nothing)]).toEqual([3, ['not_here']])
  const wrong = await handOver(['send', '--zotero-url', 'localhost:23119'])
  expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('--zotero-url') as string])
}, 60_000)
