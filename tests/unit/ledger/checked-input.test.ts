/** JSON from SQL, and the input of the ledger's worker threads, are checked before use. */
import { describe, expect, test } from 'vitest'
import type { Reader } from '../../../src/main/ledger/ledger'
import { manifestBytesOf } from '../../../src/main/ledger/manifest-answer'
import { QueueRows } from '../../../src/main/ledger/queue-rows'
import { snapshotWorkOf } from '../../../src/main/ledger/snapshot-work'

const ROW = [1, 'job', 'PLANNED', null, 0, null, null, 10, 20, null, null, null, 3, 2020, 'A title', 'rest']

function readerOf(row: readonly unknown[]): Reader {
  const answer = { rows: JSON.stringify([row]) }
  return { get: () => answer, all: () => [answer], each: () => undefined }
}

describe('rows of the queue', () => {
  test('a valid row is accepted', () => {
    const rows = new QueueRows()
    expect(rows.take(rows.readAfter(readerOf(ROW), 0, 10))).toEqual([0])
    expect(rows.jobId[0]).toBe('job')
  })

  test.each([
    ['a state that does not exist', 2, 'GONE'],
    ['text in a number column', 7, '10'],
    ['no id', 1, null],
    ['a number in the title column', 14, 5]
  ])('%s is a broken invariant', (_, at, value) => {
    const row = ROW.map((one, index) => (index === at ? value : one))
    expect(() => new QueueRows().readAfter(readerOf(row), 0, 10)).toThrow(/wrong kind/)
  })

  test('a row with a missing column is a broken invariant', () => {
    expect(() => new QueueRows().readAfter(readerOf(ROW.slice(1)), 0, 10)).toThrow(/wrong kind/)
  })
})

describe('the input of the snapshot thread', () => {
  const sum = { bytes: 1, crc32: 2 }
  const plan = { base: null, sum: null, after: 0, upTo: 4, journals: [{ path: 'j', limit: Infinity }] }

  test.each([
    { kind: 'build', plan },
    { kind: 'build', plan: { ...plan, base: 's', sum: { ...sum, checked: true } } },
    { kind: 'check', snapshot: { path: 's', sum } }
  ])('accepts $kind unchanged', (work) => {
    expect(snapshotWorkOf(work)).toEqual(work)
  })

  test.each([
    null,
    {},
    { kind: 'build', plan: { ...plan, upTo: '4' } },
    { kind: 'build', plan: { ...plan, journals: [{ path: 'j' }] } },
    { kind: 'check', snapshot: { path: 's', sum: { bytes: 1 } } },
    { kind: 'mend', snapshot: { path: 's', sum } }
  ])('refuses %j', (work) => {
    expect(() => snapshotWorkOf(work)).toThrow(/something else/)
  })
})

test('the input of the manifest thread must be bytes', () => {
  const bytes = new Uint8Array([1])
  expect(manifestBytesOf({ bytes })).toBe(bytes)
  expect(() => manifestBytesOf({ bytes: 'text' })).toThrow(/not given its bytes/)
})
