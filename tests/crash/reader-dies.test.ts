/**
 * Reading a file in the main process may kill it (memory, or a hang that the user ends). The paper it was
 * read for is then tried last, and fails with its reason the second time. Every other paper is downloaded.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { linesOf } from '../kit/run-cli'
import { startWorld, type World } from '../web/scholarly'
import type { Web } from '../web/web'
import { makeCrashFolder, type CrashFolder } from './crash-folder'

/** Looked up in one batch. */
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
const runUntilReaderDies = async (...keys: readonly string[]): Promise<void> => {
  const dois = keys.flatMap((key) => ['--doi', doiOf(key)])
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
const runToEnd = async () =>
  folder.sheaf([
    ...['run', '--json', '--enable-idempotency', '--rate', '*=1000/s'],
    ...['--mailto', 'reader@example.org']
  ])
interface JobLine {
  readonly state: string
  readonly reason: string | null
  readonly canonical_url: string
  readonly priority: number
}
const jobOf = async (key: string): Promise<JobLine | undefined> => {
  const end = await folder.sheaf(['jobs', '--json'])
  return end.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as JobLine)
    .find((job) => job.canonical_url.endsWith(doiOf(key)))
}

test('a work that was being read when the process died is tried last, then fails; the others are downloaded', async () => {
  await runUntilReaderDies('poison')
  const marker = join(folder.dataDir, 'reading')
  const poison = await readFile(marker, 'utf8')
  expect(JSON.parse(poison)).toHaveLength(1)
  // The work planned later is fetched first, so the process dies at the first reading of this run, which is
  // another work's.
  await runUntilReaderDies('poison', 'sound')
  expect(await readFile(marker, 'utf8')).not.toContain(JSON.parse(poison))
  // Simulates a second death while the first paper is read.
  await writeFile(marker, poison)
  web.forget()
  const end = await runToEnd()
  expect(linesOf(end, 'summary')).toHaveLength(1)
  expect(await jobOf('sound')).toMatchObject({ state: 'DEDUPED' })
  expect(await jobOf('poison')).toMatchObject({ state: 'FAILED', reason: 'READER_DIED' })
  expect(web.requests.filter(({ url }) => decodeURIComponent(url).includes(doiOf('poison')))).toEqual([])

  // A retry by the user allows two more attempts.
  const again = await folder.sheaf(['retry', '--json'])
  expect(again.status, again.stderr).toBe(0)
  await runToEnd()
  expect(await jobOf('poison')).toMatchObject({ state: 'DEDUPED' })
  expect(await readFile(marker, 'utf8')).toBe('')
})

test('a death while a batch is read blames no work permanently: all are downloaded, in parallel', async () => {
  await runUntilReaderDies(...BATCH)
  expect(JSON.parse(await readFile(join(folder.dataDir, 'reading'), 'utf8'))).toHaveLength(BATCH.length)
  web.forget()
  web.throttle(150_000)
  await runToEnd()
  for (const key of BATCH) expect(await jobOf(key)).toMatchObject({ state: 'DEDUPED', priority: 0 })
  const began = BATCH.map((key) => web.requestsFor(world.fileUrl(key), 'GET')[0]?.atMs ?? Infinity)
  // A file takes two seconds. In sequence, the last would begin six seconds after the first.
  expect(Math.max(...began) - Math.min(...began)).toBeLessThan(3_500)
})
