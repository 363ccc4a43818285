/**
 * The preview reads the first rows from the ledger's file without opening it: the same rows as the open
 * ledger, and no change on disk.
 */
import { createHash } from 'node:crypto'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { previewQueue } from '../../../src/main/ledger/ledger-preview'
import { openLedger } from '../../../src/main/ledger/open-ledger'
import { pageOfJobs, type QueueAsk, type QueuePage } from '../../../src/main/ledger/queue-queries'
import type { Files } from '../../../src/main/platform/files'
import type { Host } from '../../../src/main/platform/host'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { makeWorld, type World } from './ledger-world'

const ask: QueueAsk = { query: { group: 'all' }, sort: 'added', direction: 'down', offset: 0, limit: 50 }
const JOBS = 1_500

let world: World
let file: string
let known: QueuePage

beforeEach(async () => {
  world = makeWorld()
  const ledger = await openLedger(world.host(), { folder: world.folder })
  await ledger.commit((w) => {
    for (let n = 0; n < JOBS; n += 1) {
      const title = `Title number ${String(n)} ${'that is long '.repeat(20)}`
      w.run(
        `INSERT INTO works (work_id, title, authors_json, year, ids_json, created_at, updated_at)
         VALUES (?, ?, '["Okafor, A."]', 2020, '{}', 1, 1)`,
        [`doi:10.1/${String(n)}`, title]
      )
      // Not in the order in which they are shown.
      w.run(
        `INSERT INTO artifact_jobs (job_id, work_id, artifact_id, canonical_url, created_at, updated_at, idempotency_key)
         VALUES (?1, ?2, ?2 || '#pdf', 'https://example.org/' || ?1, ?3, 2, ?1)`,
        [`job-${String(n)}`, `doi:10.1/${String(n)}`, 1_000 + ((n * 7) % JOBS)]
      )
    }
  })
  await ledger.snapshot()
  known = ledger.read((r) => pageOfJobs(r, ask))
  await ledger.close()
  file = join(world.folder, 'ledger.sqlite')
})
afterEach(() => world.end())

/** Files that count bytes read. */
function counting(): { readonly files: Files; readonly bytes: () => number; readonly open: () => number } {
  let bytes = 0
  let open = 0
  const files: Files = {
    ...nodeFiles,
    openAtOnce(path) {
      const opened = nodeFiles.openAtOnce(path)
      open += 1
      return {
        ...opened,
        read(position, length) {
          bytes += length
          return opened.read(position, length)
        },
        close() {
          open -= 1
          opened.close()
        }
      }
    }
  }
  return { files, bytes: () => bytes, open: () => open }
}

/** A host whose clock never reaches the time limit of the preview. */
function hostWithoutTimeout(own: Parameters<World['host']>[0] = {}): Host {
  const host = world.host(own)
  return { ...host, clock: { ...host.clock, monotonicMs: () => 0 } }
}

const sumOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

test('the rows are those of the ledger, and only a part of its file is read', async () => {
  const { files, bytes, open } = counting()
  const before = sumOf(file)
  const page = await previewQueue(hostWithoutTimeout({ files }), world.folder, ask)
  expect(page).toEqual(known)
  expect(page?.total).toBe(JOBS)
  expect(page?.rows).toHaveLength(50)
  expect(bytes()).toBeGreaterThan(0)
  expect(bytes()).toBeLessThan(readFileSync(file).length / 4)
  expect(open()).toBe(0)
  expect(sumOf(file)).toBe(before)
})

test('a ledger in use can be previewed', async () => {
  const ledger = await openLedger(world.host(), { folder: world.folder })
  expect(await previewQueue(hostWithoutTimeout(), world.folder, ask)).toEqual(known)
  await ledger.commit((w) => w.run("UPDATE artifact_jobs SET hold = 'paused'"))
  await ledger.close()
})

describe('there is no preview', () => {
  const damages: readonly (readonly [string, (path: string) => void])[] = [
    [
      'the file is empty',
      (path) => {
        writeFileSync(path, '')
      }
    ],
    [
      'it is not a database',
      (path) => {
        writeFileSync(path, 'x'.repeat(100_000))
      }
    ],
    [
      'it is truncated to 100 bytes',
      (path) => {
        truncateSync(path, 100)
      }
    ],
    [
      'its second half is missing',
      (path) => {
        truncateSync(path, readFileSync(path).length / 2)
      }
    ],
    [
      'its pages are damaged',
      (path) => {
        writeFileSync(path, readFileSync(path).fill(0xa5, 4_096))
      }
    ]
  ]
  test.each(damages)('%s', async (_, damage) => {
    damage(file)
    const { files, open } = counting()
    expect(await previewQueue(hostWithoutTimeout({ files }), world.folder, ask)).toBeNull()
    expect(open()).toBe(0)
    expect(world.lines.at(-1)?.sentence).toContain('could not be read for the preview')
  })

  test('there is no file', async () => {
    expect(await previewQueue(hostWithoutTimeout(), join(world.folder, 'nowhere'), ask)).toBeNull()
  })

  test('the file shrinks while it is read', async () => {
    const files: Files = {
      ...nodeFiles,
      openAtOnce(path) {
        const opened = nodeFiles.openAtOnce(path)
        truncateSync(path, 8_192)
        return opened
      }
    }
    expect(await previewQueue(hostWithoutTimeout({ files }), world.folder, ask)).toBeNull()
  })

  test('the disk takes too long', async () => {
    const host = world.host()
    let now = 0
    const clock = { ...host.clock, monotonicMs: () => (now += 20) }
    expect(await previewQueue({ ...host, clock }, world.folder, ask)).toBeNull()
    expect(world.lines.at(-1)?.facts).toMatchObject({ because: expect.stringContaining('500 ms') as string })
  })
})
