/**
 * What is read in the process itself may kill it (memory, a hang that the user ends). The paper it was read
 * for is tried last from then on, and set aside with its reason the second time; every other paper arrives.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { linesOf } from '../kit/run-cli'
import { startWorld, type World } from '../web/scholarly'
import type { Web } from '../web/web'
import { makeCrashFolder, type CrashFolder } from './crash-folder'

/** Looked up together. */
const BATCH = ['first', 'second', 'third', 'fourth']
let world: World
let web: Web
let folder: CrashFolder
beforeAll(async () => {
  ;({ world, web } = await startWorld([
    { key: 'poison', copies: [{ via: 'unpaywall' }] },
    { key: 'sound', copies: [{ via: 'unpaywall' }] },
    ...BATCH.map((key) => ({ key, bytes: 300_000, copies: [{ via: 'unpaywall' as const }] }))
  ]))
  folder = await makeCrashFolder({ world, web })
})
afterAll(async () => {
  await folder.remove()
  await web.close()
})

const doiOf = (key: string): string => world.work(key).doi ?? ''
const dies = async (...which: readonly string[]): Promise<void> => {
  const dois = which.flatMap((key) => ['--doi', doiOf(key)])
  const end = await folder.sheaf(
    [
      'run',
      '--json',
      '--enable-idempotency',
      '--rate',
      '*=1000/s',
      '--mailto',
      'reader@example.org',
      ...dois
    ],
    { env: { SHEAF_DIE_AT: 'RESOLVE: reading' } }
  )
  expect(end.signal, end.stderr).toBe('SIGKILL')
}
const runs = async () =>
  folder.sheaf([
    ...['run', '--json', '--enable-idempotency', '--rate', '*=1000/s'],
    ...['--mailto', 'reader@example.org']
  ])
interface Shown {
  readonly state: string
  readonly reason: string | null
  readonly canonical_url: string
  readonly priority: number
}
const jobOf = async (key: string): Promise<Shown | undefined> => {
  const end = await folder.sheaf(['jobs', '--json'])
  return end.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Shown)
    .find((job) => job.canonical_url.endsWith(doiOf(key)))
}

test('a work that is read when the process dies comes last, then fails; the others arrive', async () => {
  await dies('poison')
  const mark = join(folder.dataDir, 'reading')
  const poison = await readFile(mark, 'utf8')
  expect(JSON.parse(poison)).toHaveLength(1)
  // Planned later, fetched first: the death is at the first reading of this run, which is another's.
  await dies('poison', 'sound')
  expect(await readFile(mark, 'utf8')).not.toContain(JSON.parse(poison))
  // As if the death had been the first paper's once more.
  await writeFile(mark, poison)
  web.forget()
  const end = await runs()
  expect(linesOf(end, 'summary')).toHaveLength(1)
  expect(await jobOf('sound')).toMatchObject({ state: 'DEDUPED' })
  expect(await jobOf('poison')).toMatchObject({ state: 'FAILED', reason: 'READER_DIED' })
  expect(web.requests.filter(({ url }) => decodeURIComponent(url).includes(doiOf('poison')))).toEqual([])

  // The user's word gives it another two.
  const again = await folder.sheaf(['retry', '--json'])
  expect(again.status, again.stderr).toBe(0)
  await runs()
  expect(await jobOf('poison')).toMatchObject({ state: 'DEDUPED' })
  expect(await readFile(mark, 'utf8')).toBe('')
})

test('a death while a batch is read accuses no work for good: all arrive, beside one another', async () => {
  await dies(...BATCH)
  expect(JSON.parse(await readFile(join(folder.dataDir, 'reading'), 'utf8'))).toHaveLength(BATCH.length)
  web.forget()
  web.throttle(150_000)
  await runs()
  for (const key of BATCH) expect(await jobOf(key)).toMatchObject({ state: 'DEDUPED', priority: 0 })
  const began = BATCH.map((key) => web.requestsFor(world.fileUrl(key), 'GET')[0]?.atMs ?? Infinity)
  // A file takes two seconds: one after another the last would begin six seconds after the first.
  expect(Math.max(...began) - Math.min(...began)).toBeLessThan(3_500)
})
