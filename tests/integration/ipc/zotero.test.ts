/** Zotero in the app in difficult states: closed, local API off, refusing, or another program on its port. */
import { createServer, type AddressInfo } from 'node:net'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { repositoryRoot } from '../../kit/shared'
import { tempFolder } from '../../kit/temp-folder'
import { waitFor } from '../../kit/wait-for'
import { startZotero } from '../../kit/zotero-loopback'
import { startWorld } from '../../web/scholarly'
import { openIpcWorld, type IpcWorld } from './ipc-world'

const FIXTURE = join(repositoryRoot, 'tests/fixtures/zotero')

/** A Zotero folder as it is while Zotero 10 runs: a database and its write-ahead log. */
function zoteroFolder(): string {
  const folder = join(tempFolder('zotero'), 'Zotero')
  mkdirSync(folder)
  for (const name of ['zotero.sqlite', 'zotero.sqlite-wal'])
    writeFileSync(join(folder, name), readFileSync(join(FIXTURE, name)))
  return folder
}

async function start(origin: string, more: { readonly switch?: 'on' | 'off' } = {}): Promise<IpcWorld> {
  const { web } = await startWorld([{ key: 'alpha', copies: [{ via: 'unpaywall' }] }])
  onTestFinished(() => web.close())
  const world = await openIpcWorld(web, {
    settings: { 'zotero.url': origin, ...(more.switch === 'off' ? { 'safety.switch': 'off' } : {}) }
  })
  await world.session.run.begun
  return world
}

test('a closed Zotero is read from its folder; its items without a file are planned in a list', async () => {
  const closed = await startZotero()
  await closed.close()
  const world = await start(closed.origin)
  world.systemDialogs.folder = tempFolder('not-zotero')
  expect(await world.refusal('settings.chooseZoteroFolder', {})).toMatchObject({ code: 'BAD_FILE' })
  world.systemDialogs.folder = zoteroFolder()
  await world.ask('settings.chooseZoteroFolder', {})
  // The page may not pass a path.
  expect(await world.refusal('settings.set', { key: 'zotero.dataFolder', value: '/etc' })).toMatchObject({
    code: 'BAD_SETTING'
  })

  const view = await world.ask('zotero.state', {})
  expect(view).toMatchObject({ running: null, source: 'database', silent: { code: 'ZOTERO_CLOSED' } })
  const [all, ...others] = view.collections
  expect(all).toMatchObject({ name: null })
  expect(all?.missing).toBeGreaterThan(0)
  const collection = others.find((one) => one.missing - one.nameless > 0)
  expect(collection).toBeDefined()
  const name = collection?.name ?? ''
  await world.session.run.pause()
  const planned = await world.ask('zotero.getMissing', { collection: name })
  expect(planned.newJobs).toBe((collection?.missing ?? 0) - (collection?.nameless ?? 0))
  expect((await world.ask('zotero.getMissing', { collection: name })).newJobs).toBe(0)
  expect(world.session.sheaf.lists()).toMatchObject([{ name: `Zotero: ${name}`, works: planned.newJobs }])
  const after = (await world.ask('zotero.state', {})).collections.find((one) => one.name === name)
  expect(after).toMatchObject({ missing: collection?.missing, known: planned.newJobs })

  expect(await world.refusal('zotero.getMissing', { collection: 'not one of them' })).toMatchObject({
    code: 'BAD_REQUEST'
  })
  expect(await world.refusal('zotero.send', {})).toMatchObject({ code: 'ZOTERO_CLOSED' })
})

test('a Zotero that refuses, asks, or is another program gives the next step, and nothing is sent twice', async () => {
  const zotero = await startZotero('10.0.1')
  onTestFinished(() => zotero.close())
  const world = await start(zotero.origin)
  await world.plan(['10.5555/alpha'])
  await waitFor('the paper', () => world.session.sheaf.status().artifacts === 1, 40_000)
  zotero.add({ itemType: 'journalArticle', title: 'Alpha', DOI: '10.5555/alpha' })

  // Its local API is off, and its database is not found.
  expect(await world.ask('zotero.state', {})).toMatchObject({
    running: { version: '10.0.1', api: 'off', attaches: true },
    source: null,
    unread: { code: 'FILE_NOT_FOUND' }
  })
  expect(await world.refusal('zotero.attach', { collection: null })).toMatchObject({ code: 'ZOTERO_API_OFF' })

  zotero.api = true
  zotero.confirm = 'deny'
  expect(await world.refusal('zotero.attach', { collection: null })).toMatchObject({ code: 'ZOTERO_DENIED' })
  // A permission that Zotero has lost, as after a reset, is requested again.
  zotero.confirm = 'remember'
  writeFileSync(join(world.dataDir, 'keys-zotero.json'), JSON.stringify({ keys: { a3f5b1c2: 'forgotten' } }))
  const asked = zotero.asked
  expect((await world.ask('zotero.attach', { collection: null })).counts).toMatchObject({ attached: 1 })
  expect(zotero.asked).toBe(asked + 1)
  expect(world.events.zotero.some(({ handing }) => handing?.confirm === true)).toBe(true)
  expect(world.events.zotero.at(-1)).toEqual({ handing: null })
  for (const press of [1, 2, 3])
    expect((await world.ask('zotero.send', {})).counts, `press ${String(press)}`).toMatchObject({
      existing: 1,
      sent: 0
    })
  expect(zotero.papers()).toHaveLength(1)
  zotero.version = '9.0.6'
  expect(await world.refusal('zotero.attach', { collection: null })).toMatchObject({ code: 'ZOTERO_CANNOT' })

  const other = createServer((socket) => {
    socket.end('HTTP/1.0 200 OK\r\n\r\nJabRef')
  })
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    other.close()
  })
  const { port } = other.address() as AddressInfo
  await world.ask('settings.set', { key: 'zotero.url', value: `http://127.0.0.1:${String(port)}` })
  expect(await world.ask('zotero.state', {})).toMatchObject({ running: null, silent: { code: 'NOT_ZOTERO' } })
  // Only a local address is allowed: papers must not leave the computer by a setting.
  expect(
    await world.refusal('settings.set', { key: 'zotero.url', value: 'http://203.0.113.1:23119' })
  ).toMatchObject({ code: 'BAD_SETTING' })
})

test('with crash-safe downloads off, missing papers are downloaded without a list', async () => {
  const zotero = await startZotero()
  onTestFinished(() => zotero.close())
  zotero.api = true
  zotero.add({ itemType: 'journalArticle', title: 'Alpha', DOI: '10.5555/alpha' })
  const world = await start(zotero.origin, { switch: 'off' })
  await world.session.run.pause()
  expect((await world.ask('zotero.getMissing', { collection: null })).newJobs).toBe(1)
  expect(world.session.sheaf.lists()).toEqual([])
})
