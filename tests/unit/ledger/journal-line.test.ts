/** Lines of the journal are read back as they were written, and anything else is damage. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Statement } from '../../../src/main/ledger/database'
import { firstOfName, journalName, readJournal } from '../../../src/main/ledger/journal-file'
import { LineEncoder, type JournalHeader } from '../../../src/main/ledger/journal-line'

const header = (own: Partial<JournalHeader> = {}): JournalHeader => ({
  journal: 1,
  ledger: 'a ledger',
  first: 1,
  nonce: 'n',
  ...own
})

function journalOf(
  transactions: readonly (readonly Statement[])[],
  own: Partial<JournalHeader> = {}
): string {
  const encoder = new LineEncoder(header(own))
  return Buffer.concat([encoder.header(), ...transactions.map((one) => encoder.transaction(one))]).toString()
}

function read(text: string): { seqs: number[]; transactions: Statement[][]; end: string } {
  const seqs: number[] = []
  const transactions: Statement[][] = []
  const { end } = readJournal(Buffer.from(text), Infinity, (seq, statements) => {
    seqs.push(seq)
    transactions.push([...statements])
  })
  return { seqs, transactions, end }
}

const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.constantFrom(0, -0, Infinity, -Infinity, 2 ** 53, 2 ** 31, 1e308, 5e-324),
  fc.constant(null),
  fc.uint8Array()
)
const statement = fc.record({
  sql: fc.oneof(fc.constantFrom('INSERT INTO a VALUES (?)', 'DELETE FROM b'), fc.string()),
  parameters: fc.array(value, { maxLength: 4 })
})

test('every transaction is read back unchanged, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.array(statement, { maxLength: 3 }), { maxLength: 12 }), (transactions) => {
      const reading = read(journalOf(transactions, { first: 42 }))
      expect(reading.end).toBe('whole')
      expect(reading.seqs).toEqual(transactions.map((_, index) => 42 + index))
      expect(reading.transactions).toEqual(transactions)
    })
  )
})

test('a statement is written out once in a file', () => {
  const sql = 'INSERT INTO artifact_ops VALUES (?)'
  const text = journalOf([[{ sql, parameters: [1] }], [{ sql, parameters: [2] }]])
  expect(text.split(sql)).toHaveLength(2)
})

/** As the engine writes them: many similar lines, a few long ones, texts of any script. */
const likeOthers = fc.record({
  sql: fc.constantFrom('INSERT INTO attempts VALUES (?, ?, ?)', 'UPDATE artifact_ops SET result_json = ?'),
  parameters: fc
    .tuple(fc.nat(20_000), fc.constantFrom('a', '\u{1F4DC}é', '"quoted"\n'), fc.string({ unit: 'binary' }))
    .map(([times, word, own]) => [word.repeat(times), 'https://example.org/paper.pdf', own])
})

test('packed lines are read back unchanged, whatever lines come before them', () => {
  fc.assert(
    fc.property(fc.array(fc.array(likeOthers, { maxLength: 2 }), { maxLength: 20 }), (transactions) => {
      const reading = read(journalOf(transactions))
      expect(reading).toMatchObject({ end: 'whole', transactions })
    }),
    { numRuns: 50 }
  )
})

test('a line similar to earlier ones takes a fraction of its length', () => {
  const transactions = Array.from({ length: 100 }, (_, n) => [
    {
      sql: 'INSERT INTO attempts VALUES (?, ?, ?, ?)',
      parameters: [
        n,
        `https://example.org/papers/${String(n)}.pdf`,
        'x-cache: hit, content-length: 1234',
        'no_pdf'
      ]
    }
  ])
  const encoder = new LineEncoder(header())
  const bytes = transactions.reduce((sum, one) => sum + encoder.transaction(one).length, 0)
  expect(encoder.unpackedChars).toBeGreaterThan(2 * bytes)
})

test('the first line of a file is never packed: an earlier Sheaf must read the migration in it', () => {
  const sql = `CREATE TABLE t (${'a, '.repeat(2000)}b)`
  expect(journalOf([[{ sql, parameters: [] }]])).toContain(sql)
})

test('a line of many rows is not delayed by packing it', () => {
  const long = 'a'.repeat(70_000)
  const text = journalOf([[{ sql: 'a', parameters: [] }], [{ sql: 'b', parameters: [long] }]])
  expect(text).toContain(long)
})

describe('a line in the wrong place is damage', () => {
  const one = (n: number): Statement[] => [{ sql: 'DELETE FROM t WHERE a = ?', parameters: [n] }]
  const lines = (text: string): string[] => text.split('\n').map((line) => `${line}\n`)

  test('a line of another journal of the same ledger with the same number', () => {
    const mine = lines(journalOf([one(1), one(2)]))
    const other = lines(journalOf([one(1), one(2)], { nonce: 'other' }))
    const mixed = `${mine[0] ?? ''}${mine[1] ?? ''}${other[2] ?? ''}`
    expect(read(mixed)).toMatchObject({ seqs: [1], end: 'damaged' })
  })

  test('a missing, repeated or swapped line', () => {
    const [head = '', first = '', second = '', third = ''] = lines(journalOf([one(1), one(1), one(1)]))
    expect(read(head + first + third)).toMatchObject({ seqs: [1], end: 'damaged' })
    expect(read(head + first + first)).toMatchObject({ seqs: [1], end: 'damaged' })
    expect(read(head + second + first)).toMatchObject({ seqs: [], end: 'damaged' })
  })

  test('a line in another spelling', () => {
    const text = journalOf([one(1)])
    const upper = text.replace(/^[0-9a-f]{8}(?=\t1\t)/m, (sum) => sum.toUpperCase())
    expect(upper).not.toBe(text)
    expect(read(upper).end).toBe('damaged')
    expect(read(text.replace('\t1\t[', '\t01\t[')).end).toBe('damaged')
    expect(read(text.replace('\t1\t[', '\t1 \t[')).end).toBe('damaged')
    expect(read(`\n${text}`).end).toBe('damaged')
  })
})

test('only files with journal names are journals', () => {
  const check = (name: string, first: number | null): void => {
    expect(firstOfName(name)).toBe(first)
  }
  check(journalName(1), 1)
  check(journalName(900_000), 900_000)
  check('journal-0.log', null)
  check('journal-01.log', null)
  check('journal-7.log.damaged-20260101T000000Z', null)
  check('journal-7.log.aa.tmp', null)
})
