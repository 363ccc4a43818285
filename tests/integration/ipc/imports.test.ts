/** Importing PDFs given by the page or chosen in a dialog: rows, decisions, stopping, cleaning up. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { IMPORT_FATES, type ImportFate, type ImportRow } from '../../../src/contract/import-views'
import { makePdf } from '../../kit/make-pdf'
import { tempFolder } from '../../kit/temp-folder'
import { waitFor } from '../../kit/wait-for'
import { startWorld } from '../../web/scholarly'
import { openIpcWorld, type IpcWorld } from './ipc-world'

const paper = (n: number, doi = true): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(
    makePdf({
      title: `Observation ${String(n)} of the drifting sand at shore ${String(n)}`,
      authors: [`Ada Mirror${String(n)}`],
      year: 2019,
      metadata: false,
      ...(doi ? { doi: `10.5555/sand.${String(n)}` } : {})
    })
  )

async function start(): Promise<IpcWorld> {
  const { web } = await startWorld([])
  onTestFinished(() => web.close())
  const world = await openIpcWorld(web)
  await world.session.run.begun
  return world
}

async function rows(world: IpcWorld, fate: ImportFate): Promise<readonly ImportRow[]> {
  return (await world.ask('imports.list', { fate, offset: 0, limit: 500 })).rows
}

const ended = async (world: IpcWorld): Promise<void> => {
  await waitFor(
    'the end of the import',
    async () => !(await world.ask('imports.list', { fate: 'filed', offset: 0, limit: 1 })).working,
    40_000
  )
}

const lying = (world: IpcWorld): readonly string[] => {
  const folder = join(world.session.dataDir, 'imports')
  return existsSync(folder) ? readdirSync(folder) : []
}

test('received files stay in the data folder only until the user decides about them', async () => {
  const world = await start()
  const give = (name: string, bytes: Uint8Array<ArrayBuffer>): Promise<null> =>
    world.ask('imports.give', { name, bytes })
  // Two with the same name, as from two folders, and names that try to leave the folder.
  await Promise.all([
    give('a.pdf', paper(1)),
    give('a.pdf', paper(2)),
    give('../../outside.pdf', paper(3)),
    give('unknown.pdf', paper(4, false)),
    give('page.pdf', Buffer.from('<!doctype html><title>Sign in</title>'))
  ])
  await ended(world)
  expect((await rows(world, 'filed')).map(({ identifier }) => identifier).sort()).toEqual([
    '10.5555/sand.1',
    '10.5555/sand.2',
    '10.5555/sand.3'
  ])
  expect((await rows(world, 'filed')).map(({ name }) => name).sort()).toEqual([
    'a.pdf',
    'a.pdf',
    'outside.pdf'
  ])
  expect((await rows(world, 'refused')).map(({ name }) => name)).toEqual(['page.pdf'])
  const [unsure] = await rows(world, 'unsure')
  expect(unsure).toMatchObject({ name: 'unknown.pdf', title: null, identifier: null })
  expect(lying(world)).toEqual(['unknown.pdf'])

  expect(await world.refusal('imports.fileAs', { id: unsure?.id, identifier: 'hello' })).toMatchObject({
    code: 'BAD_REQUEST'
  })
  await world.ask('imports.fileAs', { id: unsure?.id ?? '', identifier: 'https://doi.org/10.5555/sand.4' })
  expect(await rows(world, 'unsure')).toEqual([])
  expect(await rows(world, 'filed')).toHaveLength(4)
  expect(lying(world)).toEqual([])
  const { all } = await world.ask('library.list', {
    query: {},
    sort: 'added',
    direction: 'down',
    offset: 0,
    limit: 10
  })
  expect(all).toBe(4)
}, 120_000)

test('a chosen folder is read in place; the import can be stopped, and the folder chosen again', async () => {
  const world = await start()
  const folder = tempFolder('mine')
  mkdirSync(join(folder, 'deep'))
  for (let n = 1; n <= 30; n += 1)
    writeFileSync(join(folder, n % 2 === 0 ? 'deep' : '.', `${String(n)}.pdf`), paper(n))
  const before = readFileSync(join(folder, '1.pdf'))
  world.systemDialogs.folder = folder
  expect(await world.ask('imports.chooseFolder', {})).toEqual({ chosen: 1 })
  await waitFor('two files', async () => (await rows(world, 'filed')).length >= 2, 40_000)
  await world.ask('imports.stop', {})
  await ended(world)
  const some = (await rows(world, 'filed')).length
  expect(some).toBeLessThan(30)
  await world.ask('imports.chooseFolder', {})
  await ended(world)
  const counts = await world.ask('imports.list', { fate: 'filed', offset: 0, limit: 1 })
  expect(IMPORT_FATES.map((fate) => counts.counts[fate])).toEqual([0, 0, 30, some])
  expect(readFileSync(join(folder, '1.pdf'))).toEqual(before)
  expect(lying(world)).toEqual([])
}, 120_000)

test('excluded files are deleted, and leftovers of a crashed app are removed', async () => {
  const world = await start()
  const folder = join(world.session.dataDir, 'imports')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'of yesterday.pdf'), paper(7))
  await world.ask('imports.give', { name: 'unknown.pdf', bytes: paper(8, false) })
  await ended(world)
  const [unsure] = await rows(world, 'unsure')
  expect(lying(world)).toEqual(['unknown.pdf'])
  await world.ask('imports.leave', { ids: [unsure?.id ?? ''] })
  expect(await rows(world, 'unsure')).toEqual([])
  expect(lying(world)).toEqual([])
}, 120_000)
