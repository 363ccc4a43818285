/**
 * The app and a missing library folder (docs/design.md, G12): it reports it, offers the ways to continue, and
 * downloads nothing again.
 */
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { waitFor } from '../../kit/wait-for'
import { startWorld } from '../../web/scholarly'
import type { Web } from '../../web/web'
import { openIpcWorld, type IpcWorld } from './ipc-world'

/** A library with one paper; no run is active, and the web's log is empty. */
async function withPaper(): Promise<{ readonly world: IpcWorld; readonly web: Web }> {
  const { web } = await startWorld([{ key: 'alpha', copies: [{ via: 'unpaywall' }] }])
  onTestFinished(() => web.close())
  const world = await openIpcWorld(web)
  await world.plan(['10.5555/alpha'])
  await waitFor('the paper is done', async () => (await world.ask('jobs.counts', {})).done === 1)
  await world.session.close()
  web.forget()
  return { world, web }
}

test('absent: Sheaf waits and shows the former path; the folder is found again; nothing is fetched twice', async () => {
  const { world, web } = await withPaper()
  const moved = `${world.libraryDir}-moved`
  renameSync(world.libraryDir, moved)
  await world.reopen()
  await world.session.run.begun
  expect(await world.ask('app.state', {})).toMatchObject({
    trouble: null,
    libraryTrouble: { folder: world.libraryDir, isAnother: false, papers: 1 }
  })
  expect(await world.ask('run.state', {})).toMatchObject({ phase: 'stuck' })
  expect(await world.ask('jobs.counts', {})).toMatchObject({ done: 1, waiting: 0, attention: 0 })

  expect(await world.ask('app.lookForLibrary', { startNew: false })).toMatchObject({
    libraryTrouble: { papers: 1 }
  })
  world.systemDialogs.folder = join(moved, 'papers')
  expect(await world.refusal('app.findLibrary', {})).toMatchObject({ code: 'LIBRARY_MISSING' })
  world.systemDialogs.folder = moved
  expect(await world.ask('app.findLibrary', {})).toMatchObject({ libraryTrouble: null, libraryFolder: moved })
  expect(await world.ask('jobs.counts', {})).toMatchObject({ done: 1 })
  expect((await world.ask('run.state', {})).phase).not.toBe('stuck')
  expect(web.requests).toHaveLength(0)
})

test('another library in its place is recognised as another, and a new one is started only on confirmation', async () => {
  const { world, web } = await withPaper()
  renameSync(world.libraryDir, `${world.libraryDir}-moved`)
  mkdirSync(join(world.libraryDir, '.sheaf'), { recursive: true })
  writeFileSync(
    join(world.libraryDir, '.sheaf/library.json'),
    JSON.stringify({ id: 'f'.repeat(32), created: 1_700_000_000 })
  )
  await world.reopen()
  await world.session.run.begun
  expect(await world.ask('app.state', {})).toMatchObject({ libraryTrouble: { isAnother: true } })
  expect(readdirSync(world.libraryDir)).toEqual(['.sheaf'])
  expect(await world.ask('app.lookForLibrary', { startNew: true })).toMatchObject({ libraryTrouble: null })
  expect(web.requests).toHaveLength(0)
})

test('after the loss of the data folder the library’s papers are offered, and adopted without a download', async () => {
  const { world, web } = await withPaper()
  for (const name of readdirSync(world.dataDir))
    if (name !== 'settings.json') rmSync(join(world.dataDir, name), { recursive: true })
  const settings = join(world.dataDir, 'settings.json')
  writeFileSync(
    settings,
    readFileSync(settings, 'utf8').replace('"safety.switch":"on"', '"safety.switch":"off"')
  )
  await world.reopen()
  await world.session.run.begun
  await waitFor('a rebuild is offered', async () => (await world.ask('app.state', {})).offersRebuild)
  expect(await world.ask('app.rebuildLibrary', {})).toEqual({ works: 1, files: 1, problems: 0, first: null })
  expect(await world.ask('app.state', {})).toMatchObject({ offersRebuild: false })
  expect(web.requests).toHaveLength(0)
})
