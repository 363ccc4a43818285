/**
 * Starting with a large library: it compares file names, checks a few files per start in rotation, and does
 * not read the manifest again that it wrote itself. Every loss is detected.
 */
import { appendFile, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Host } from '../../src/main/platform/host'
import { openWorld, type SheafWorld, type WorldOptions } from '../kit/sheaf-world'
import { startWorld } from '../web/scholarly'
import type { WorldWork } from '../web/works'

const never = new AbortController().signal
const KEYS = ['alpha', 'beta', 'gamma'] as const
const works: readonly WorldWork[] = [...KEYS, 'later'].map((key) => ({ key, copies: [{ via: 'unpaywall' }] }))
const dois = KEYS.map((key) => `10.5555/${key}`)

async function filed(options: WorldOptions = {}): Promise<SheafWorld> {
  const { web } = await startWorld(works)
  onTestFinished(() => web.close())
  const sheaf = await openWorld(web, options)
  expect(await sheaf.run(dois)).toMatchObject({ done: 3 })
  return sheaf
}

const quick = (sheaf: SheafWorld) =>
  sheaf.sheaf.reconcile({ verifyHashes: false, quick: true, filesInTurn: 1, why: 'test' }, never)

/** Counts how often the manifest is read as a whole. */
function countingReads(): { readonly wear: (host: Host) => Host; times(): number } {
  let times = 0
  return {
    times: () => times,
    wear: (host) => ({
      ...host,
      files: {
        ...host.files,
        readWhole(path, each) {
          if (path.endsWith('manifest.jsonl')) times += 1
          return host.files.readWhole(path, each)
        }
      }
    })
  }
}

test('missing files are detected by name in any rotation, with one rewrite of the manifest', async () => {
  const sheaf = await filed()
  const papers = await sheaf.sheaf.catalog.papers()
  expect(await quick(sheaf)).toMatchObject({ requeued: 0, relinked: 0, quarantined: 0, unknown_files: 0 })
  const [first, second, third] = papers
  for (const paper of [first!, third!]) {
    await rm(join(sheaf.libraryDir, paper.path))
    await rm(join(sheaf.libraryDir, paper.paperPath!))
  }
  await rm(join(sheaf.libraryDir, second!.paperPath!))
  expect(await quick(sheaf)).toMatchObject({ requeued: 2, relinked: 1, unknown_files: 0 })
  expect(await sheaf.run()).toMatchObject({ done: 2 })
  expect(await sheaf.papers()).toHaveLength(3)
  expect(await quick(sheaf)).toMatchObject({ requeued: 0, relinked: 0, unknown_files: 0 })
})

test('a truncated file is detected when its turn comes, and every file has its turn', async () => {
  const sheaf = await filed()
  for (const { path } of await sheaf.sheaf.catalog.papers()) await truncate(join(sheaf.libraryDir, path), 700)
  const found: number[] = []
  for (let turns = 0; turns < 3; turns += 1) found.push((await quick(sheaf)).quarantined)
  expect(found).toEqual([1, 1, 1])
  expect((await quick(sheaf)).quarantined).toBe(0)
})

test('a check of all files mends a name that another file took and an object that went; a file of the user is named', async () => {
  const sheaf = await filed()
  const [first, second] = await sheaf.sheaf.catalog.papers()
  const taken = join(sheaf.libraryDir, first!.paperPath!)
  await rm(taken)
  await appendFile(taken, 'a file of the user')
  await rm(join(sheaf.libraryDir, second!.path))
  await appendFile(join(sheaf.libraryDir, 'papers/notes.pdf'), 'another one')
  const whole = () => sheaf.sheaf.reconcile({ verifyHashes: false, why: 'test' }, never)
  const checked = await whole()
  expect(checked).toMatchObject({ relinked: 2, requeued: 0, quarantined: 0, unknown_files: 1 })
  expect(checked.ids?.['unknown_files']).toEqual(['papers/notes.pdf'])
  expect(await whole()).toMatchObject({ relinked: 0, requeued: 0, quarantined: 0, unknown_files: 1 })
})

test('the manifest is read again only when another program wrote to it', async () => {
  const reads = countingReads()
  const sheaf = await filed({ host: reads.wear })
  await sheaf.reopen()
  const before = reads.times()
  expect(await sheaf.run(dois)).toMatchObject({ existing: 3, bytes_fetched: 0 })
  expect(await sheaf.sheaf.catalog.papers()).toHaveLength(3)
  expect(reads.times()).toBe(before)
  // Nor for another paper: what is no artifact yet has no line.
  expect(await sheaf.run(['10.5555/later'])).toMatchObject({ done: 1 })
  expect(await sheaf.sheaf.catalog.papers()).toHaveLength(4)
  await sheaf.reopen()
  expect(await sheaf.sheaf.catalog.papers()).toHaveLength(4)
  expect(reads.times()).toBe(before)
  await appendFile(join(sheaf.libraryDir, 'manifest.jsonl'), '{"a line": "of someone else"}\n')
  await sheaf.reopen()
  await sheaf.run()
  expect(reads.times()).toBeGreaterThan(before)
})

test('lines written while the switch was off are read when it is turned on', async () => {
  const { web } = await startWorld(works)
  onTestFinished(() => web.close())
  const sheaf = await openWorld(web, { settings: { 'safety.switch': 'off' } })
  expect(await sheaf.run(dois.slice(0, 1))).toMatchObject({ done: 1 })
  await sheaf.reopen({ 'safety.switch': 'on' })
  expect(await sheaf.run(dois.slice(1, 2))).toMatchObject({ done: 1 })
  expect(sheaf.sheaf.status().artifacts).toBe(2)
})

test('the number of papers follows additions and removals without listing them all', async () => {
  const sheaf = await filed()
  const { catalog } = sheaf.sheaf
  expect(await catalog.count()).toBe(3)
  const changes: (readonly string[] | 'all')[] = []
  catalog.onChange((changed) => changes.push(changed))
  await sheaf.sheaf.remove('doi:10.5555/beta')
  expect(await catalog.count()).toBe(2)
  expect(changes).toEqual([['doi:10.5555/beta#pdf']])
  expect((await catalog.papers()).map((paper) => paper.workId).sort()).toEqual([
    'doi:10.5555/alpha',
    'doi:10.5555/gamma'
  ])
})
