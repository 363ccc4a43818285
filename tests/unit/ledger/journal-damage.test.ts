/**
 * A journal of some hundred commits, cut at every byte and with every byte changed: reading gives a prefix,
 * never a wrong row, and reports damage. (A cut exactly at a line end cannot be detected: the result is a
 * shorter journal. A last line without its end is torn; one with its end is damaged.)
 */
import { expect, test } from 'vitest'
import type { Statement } from '../../../src/main/ledger/database'
import { readJournal, type JournalReading } from '../../../src/main/ledger/journal-file'
import { LineEncoder } from '../../../src/main/ledger/journal-line'

// Short lines, since the work grows with lines times bytes. Some are long enough to be packed.
const COMMITS = 160
const LF = 10

const transactions: Statement[][] = Array.from({ length: COMMITS }, (_, n) => [
  { sql: 'INSERT INTO t (a, b) VALUES (?, ?)', parameters: [n / 4, n % 3 === 0 ? 'ö' : null] },
  ...(n % 5 === 4
    ? [{ sql: 'INSERT INTO long VALUES (?)', parameters: [`${'as long as most '.repeat(12)}${String(n)}`] }]
    : []),
  ...(n % 9 === 0 ? [{ sql: 'DELETE FROM t WHERE a = ?', parameters: [n] }] : [])
])
const encoder = new LineEncoder({ journal: 1, ledger: 'l', first: 1, nonce: 'x' })
const whole = Buffer.concat([
  encoder.header(),
  ...transactions.map((statements) => encoder.transaction(statements))
])
/** for each byte, the number of its line; 0 is the header */
const lineOf = new Uint16Array(whole.length)
for (let at = 0, line = 0; at < whole.length; at += 1) {
  lineOf[at] = line
  if (whole[at] === LF) line += 1
}

/** Reads, and compares every row with what was written. */
function readAndCompare(bytes: Uint8Array): JournalReading {
  return readJournal(bytes, Infinity, (seq, statements) => {
    const written = transactions[seq - 1]
    let same = written?.length === statements.length
    for (let i = 0; same && i < statements.length; i += 1) {
      const [a, b] = [written?.[i], statements[i]]
      same = a?.sql === b?.sql && a?.parameters.length === b?.parameters.length
      for (let j = 0; same && j < (a?.parameters.length ?? 0); j += 1) {
        same = a?.parameters[j] === b?.parameters[j]
      }
    }
    if (!same) throw new Error(`a wrong row was handed out at ${String(seq)}`)
  })
}

test(`cut at every byte of ${String(whole.length)}`, () => {
  for (let cut = 0; cut < whole.length; cut += 1) {
    const reading = readAndCompare(whole.subarray(0, cut))
    const wholeLines = cut === 0 ? 0 : lineOf[cut - 1]! + (whole[cut - 1] === LF ? 1 : 0)
    const atLineEnd = cut > 0 && whole[cut - 1] === LF
    if (reading.end !== (atLineEnd ? 'whole' : 'torn')) expect.fail(`cut ${String(cut)}: ${reading.end}`)
    if (reading.last !== (wholeLines === 0 ? -1 : wholeLines - 1)) expect.fail(`cut ${String(cut)}: prefix`)
  }
}, 120_000)

test('changed at every byte', () => {
  const bytes = Buffer.from(whole)
  for (let at = 0; at < whole.length; at += 1) {
    const good = whole[at]!
    bytes[at] = good ^ (1 << (at % 8))
    const reading = readAndCompare(bytes)
    bytes[at] = good
    const line = lineOf[at]!
    if (reading.last !== line - 1) expect.fail(`flip ${String(at)}: ends at ${String(reading.last)}`)
    // Only a change of the very last line end looks like a torn tail.
    const expected = at === whole.length - 1 ? 'torn' : 'damaged'
    if (reading.end !== expected) expect.fail(`flip ${String(at)}: ${reading.end}`)
  }
}, 120_000)

test.each([
  ['a plain line', 2],
  ['a packed line', 10]
])('any byte may take any value: %s', (_, line) => {
  const bytes = Buffer.from(whole)
  // A line in the middle: every byte of it, every value.
  const from = lineOf.indexOf(line)
  const to = lineOf.indexOf(line + 1)
  expect(bytes.subarray(from, to).includes('\t"')).toBe(line === 10)
  const part = bytes.subarray(0, lineOf.indexOf(line + 3))
  for (let at = from; at < to; at += 1) {
    const good = part[at]!
    for (let value = 0; value < 256; value += 1) {
      if (value === good) continue
      part[at] = value
      const reading = readAndCompare(part)
      if (reading.last !== line - 1 || reading.end !== 'damaged')
        expect.fail(`byte ${String(at)} = ${String(value)}`)
    }
    part[at] = good
  }
})
