/**
 * The user's linked .bib files: written only when papers were added and no other program has changed the file
 * in between. A removed paper is not planned again. An unreadable file is reported and read again later.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { BibView } from '../../src/contract/bibs'
import type { BibNews } from '../../src/main/sheaf-api'
import { openWorld } from '../kit/sheaf-world'
import { tempFolder } from '../kit/temp-folder'
import { waitFor } from '../kit/wait-for'
import { startWorld } from '../web/scholarly'

const BIB = `@article{one,\n  title = {One},\n  doi = {10.5555/one},\n}\n@misc{named, title = {Words that name no work}}\n`
const SECOND = `@article{two, title = {Two}, doi = {10.5555/two}}\n`

test('a .bib is planned, linked, and never written over a change of another program', async () => {
  const { web } = await startWorld(
    ['one', 'two'].map((key) => ({ key, copies: [{ via: 'unpaywall' as const }] }))
  )
  onTestFinished(() => web.close())
  const folder = join(tempFolder('bibs'), 'thesis')
  mkdirSync(folder)
  const file = join(folder, 'refs.bib')
  writeFileSync(file, BIB)
  /** called once, between the last read of a check and its write */
  let meanwhile: (() => void) | null = null
  const world = await openWorld(web, {
    host: (host) => ({
      ...host,
      files: {
        ...host.files,
        list(path) {
          if (path === folder) {
            meanwhile?.()
            meanwhile = null
          }
          return host.files.list(path)
        }
      }
    })
  })
  const { bibs } = world.sheaf
  await expect(bibs.link(join(folder, 'nothing.bib'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  writeFileSync(join(folder, 'notes.bib'), '{\\rtf1 no bibliography}')
  await expect(bibs.link(join(folder, 'notes.bib'))).rejects.toMatchObject({ code: 'BAD_FILE' })
  await bibs.link(file)
  await bibs.link(file)
  const bib = (): BibView => {
    const [only, ...others] = bibs.list()
    expect(others).toEqual([])
    if (only === undefined) throw new Error('No file is linked.')
    return only
  }
  const stop = new AbortController()
  const changes: BibNews[] = []
  const states = new Set<string>()
  const ended = bibs.watch({
    signal: stop.signal,
    everyMs: 20,
    settleMs: 20,
    plan: async (drafts, name, signal) =>
      (await world.sheaf.plan({ drafts, formats: ['pdf'], list: { name } }, signal)).newJobs,
    onChange: () => states.add(bib().state),
    tell: (what) => changes.push(what)
  })
  onTestFinished(async () => {
    stop.abort()
    await ended
  })

  await waitFor('the plan', () => bib().state === 'watched')
  expect(bib()).toMatchObject({
    entries: 2,
    withFile: 0,
    inQueue: 1,
    nameless: 1,
    links: 0,
    list: 'refs.bib'
  })
  expect(changes).toEqual([{ name: 'refs.bib', planned: 1, links: 0 }])
  expect(readFileSync(file, 'utf8')).toBe(BIB)

  // Another program adds an entry just before the link would be written.
  meanwhile = () => {
    writeFileSync(file, SECOND + BIB)
  }
  await world.run()
  await waitFor('the second plan', () => states.has('changing') && changes.some(({ links }) => links > 0))
  expect(meanwhile).toBeNull()
  expect(readFileSync(file, 'utf8').startsWith(SECOND)).toBe(true)
  await world.run()
  await waitFor('both links', () => bib().links === 2)
  const linked = readFileSync(file, 'utf8')
  expect(linked.replace(/\n {2}file = \{[^}]*\},/, '').replace(/, file = \{[^}]*\}/, '')).toBe(SECOND + BIB)
  expect(world.sheaf.lists()).toMatchObject([{ name: 'refs.bib', works: 2 }])

  // The file disappears and returns, as on an unplugged drive.
  renameSync(file, `${file}.away`)
  await waitFor('that it is gone', () => bib().state === 'gone')
  renameSync(`${file}.away`, file)
  await waitFor('that it is back', () => bib().state === 'watched')

  // Papers that the user removed are not planned again, however often the file changes.
  await world.sheaf.remove('doi:10.5555/one')
  writeFileSync(file, BIB)
  await waitFor('the former text is read', () => bib().withFile === 0)
  expect(bib().inQueue).toBe(0)
  expect(changes.reduce((sum, { planned }) => sum + planned, 0)).toBe(2)

  await bibs.unlink(bib().id)
  expect(bibs.list()).toEqual([])
  rmSync(file)
})
