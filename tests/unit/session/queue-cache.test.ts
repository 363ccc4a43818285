/** The cached queue is read back unchanged, or not at all. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  removeQueueCache,
  writeQueueCache,
  MOST_SEEN,
  readQueueCache
} from '../../../src/main/session/queue-cache'
import { seenJob, seenQueue } from '../../kit/seen-queue'
import { tempFolder } from '../../kit/temp-folder'
import { testHost } from '../../kit/test-host'

function place() {
  const folder = tempFolder('seen')
  const host = testHost()
  return { folder, host, path: join(folder, 'queue-seen.json') }
}

test('a written cache is read', async () => {
  const { folder, host } = place()
  const seen = seenQueue([seenJob('a', { title: null, reason: 'NO_OA_FOUND' }), seenJob('b')])
  await writeQueueCache(host, folder, seen)
  expect(await readQueueCache(host, folder)).toEqual({ v: 1, ...seen })
})

test('without a cache, or after its removal: null', async () => {
  const { folder, host, path } = place()
  expect(await readQueueCache(host, folder)).toBeNull()
  await removeQueueCache(host, folder)
  await writeQueueCache(host, folder, seenQueue([seenJob('a')]))
  await removeQueueCache(host, folder)
  expect(existsSync(path)).toBe(false)
  expect(await readQueueCache(host, folder)).toBeNull()
})

const whole = { v: 1, ...seenQueue([seenJob('a')]) }

test.each<[string, string]>([
  ['empty', ''],
  ['torn', JSON.stringify(whole).slice(0, -9)],
  ['no object', '[]'],
  ['of another version', JSON.stringify({ ...whole, v: 2 })],
  ['with a field that is not known', JSON.stringify({ ...whole, more: 1 })],
  ['without counts', JSON.stringify({ ...whole, counts: undefined })],
  ['with a row that is odd', JSON.stringify({ ...whole, rows: [{ ...seenJob('a'), state: 'FLYING' }] })],
  ['with a row that lacks a field', JSON.stringify({ ...whole, rows: [{ jobId: 'a' }] })],
  ['with more rows than there are', JSON.stringify({ ...whole, total: 0 })],
  [
    'with more rows than the cache may hold',
    JSON.stringify({ ...whole, rows: Array.from({ length: MOST_SEEN + 1 }, (_, n) => seenJob(String(n))) })
  ],
  ['with a question that is none', JSON.stringify({ ...whole, asked: { ...whole.asked, sort: 'luck' } })],
  ['much too large', JSON.stringify({ ...whole, rows: [seenJob('a', { title: 'x'.repeat(2_000_001) })] })]
])('a file that is %s counts as no cache, and stays', async (_, text) => {
  const { folder, host, path } = place()
  writeFileSync(path, text)
  expect(await readQueueCache(host, folder)).toBeNull()
  expect(readFileSync(path, 'utf8')).toBe(text)
})

test('a folder of that name counts as no cache', async () => {
  const { folder, host, path } = place()
  mkdirSync(path)
  expect(await readQueueCache(host, folder)).toBeNull()
})
