/** The database in memory: transactions are atomic, and a reader cannot write. */
import { readFile } from 'node:fs/promises'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Database } from '../../../src/main/ledger/database'
import { castParameters } from '../../../src/main/ledger/statement-kind'
import type { Writer } from '../../../src/main/ledger/ledger'
import { loadSqlEngine, type SqlEngine } from '../../../src/main/ledger/sql-engine'

let engine: SqlEngine
let database: Database
beforeAll(async () => {
  engine = await loadSqlEngine((path) => readFile(path))
})
beforeEach(() => {
  database = new Database(engine, null)
  database.transact((writer) => {
    writer.run('CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c REAL, d BLOB)')
  })
})
const count = (): unknown => database.reader.get('SELECT count(*) AS n FROM t')?.['n']

test('a transaction returns its statements with their parameters, except those that changed nothing', () => {
  const bytes = new Uint8Array([1, 2, 255])
  const { value, statements } = database.transact((writer) => {
    writer.run('INSERT INTO t VALUES (?, ?, ?, ?)', [1, 'x', 0.1, bytes])
    expect(writer.run('UPDATE t SET b = ? WHERE a = ?', ['y', 99])).toBe(0)
    bytes[0] = 77 // the caller reuses its buffer
    return writer.all('SELECT b, d FROM t')
  })
  expect(value).toEqual([{ b: 'x', d: new Uint8Array([1, 2, 255]) }])
  expect(statements).toEqual([
    { sql: 'INSERT INTO t VALUES (?, ?, ?, ?)', parameters: [1, 'x', 0.1, new Uint8Array([1, 2, 255])] }
  ])
})

test('rows returned by a change are journalled with it', () => {
  const { value, statements } = database.transact((writer) =>
    writer.get('INSERT INTO t (b) VALUES (?) RETURNING a', ['z'])
  )
  expect(value).toEqual({ a: 1 })
  expect(statements).toHaveLength(1)
})

test('a large database uses the memory it is given, and grows into the space after it', () => {
  const filler = 'x'.repeat(90_000)
  for (let part = 0; part < 5; part += 1)
    database.transact((writer) => {
      for (let n = 0; n < 150; n += 1) writer.run('INSERT INTO t (b) VALUES (?)', [filler])
    })
  const bytes = database.bytes()
  const memory = new Uint8Array(bytes.length + 1_000_000)
  memory.set(bytes)
  const large = new Database(engine, memory.subarray(0, bytes.length))
  large.transact((writer) => writer.run('INSERT INTO t (b) VALUES (?)', [filler]))
  expect(memory.subarray(bytes.length).some((byte) => byte !== 0)).toBe(true)
  // More rows than the space holds.
  large.transact((writer) => {
    for (let n = 0; n < 30; n += 1) writer.run('INSERT INTO t (b) VALUES (?)', [filler])
  })
  expect(large.quickCheck()).toBe('ok')
  expect(large.reader.get('SELECT count(*) AS n, sum(length(b)) AS l FROM t')).toEqual({
    n: 781,
    l: 781 * filler.length
  })
  large.close()
})

test('a database grows in place, shrinks when a large transaction is rolled back, and has the same bytes', () => {
  const filler = 'x'.repeat(90_000)
  const write = (count: number) => (writer: Writer) => {
    for (let n = 0; n < count; n += 1) writer.run('INSERT INTO t (b) VALUES (?)', [filler])
  }
  database.transact(write(300))
  // More than SQLite's cache: pages reach the file before the rollback.
  expect(() =>
    database.transact((writer) => {
      write(400)(writer)
      throw new Error('no')
    })
  ).toThrow('no')
  expect(count()).toBe(300)
  database.transact(write(100))
  const again = new Database(engine, database.bytes())
  expect([again.quickCheck(), database.quickCheck()]).toEqual(['ok', 'ok'])
  expect(again.reader.get('SELECT count(*) AS n, sum(length(b)) AS l FROM t')).toEqual({
    n: 400,
    l: 400 * filler.length
  })
  again.close()
})

describe('a transaction that throws changes nothing, and the next one works', () => {
  const check = (name: string, change: (writer: Writer) => unknown, message: RegExp): void => {
    test(name, () => {
      expect(() => database.transact(change)).toThrow(message)
      expect(count()).toBe(0)
      database.transact((writer) => writer.run('INSERT INTO t (b) VALUES (?)', ['after']))
      expect(count()).toBe(1)
      expect(database.bytes().length).toBeGreaterThan(0)
    })
  }
  const one = (writer: Writer): void => {
    writer.run('INSERT INTO t (a) VALUES (?)', [1])
  }
  check(
    'because the caller threw',
    (writer) => {
      one(writer)
      throw new Error('changed my mind')
    },
    /changed my mind/
  )
  check(
    'because of a constraint',
    (writer) => {
      one(writer)
      one(writer)
    },
    /UNIQUE constraint failed/
  )
  check(
    'in the middle of reading rows',
    (writer) => {
      one(writer)
      writer.each('SELECT * FROM t', [], () => {
        throw new Error('no more')
      })
    },
    /no more/
  )
  check(
    'because it returns a promise',
    async (writer) => {
      one(writer)
      await Promise.resolve()
    },
    /synchronous/
  )
  check(
    'because it begins another transaction',
    (writer) => {
      one(writer)
      database.transact(one)
    },
    /inside a transaction/
  )
})

test('a writer cannot be used after its transaction', () => {
  let escaped: Writer | null = null
  database.transact((writer) => {
    escaped = writer
  })
  expect(() => escaped!.run('INSERT INTO t (a) VALUES (?)', [1])).toThrow(/ended/)
})

test('a reader changes nothing', () => {
  for (const sql of [
    'INSERT INTO t (a) VALUES (1)',
    'INSERT INTO t (a) VALUES (1) RETURNING a',
    'WITH x AS (SELECT 1) DELETE FROM t',
    'DROP TABLE t',
    'PRAGMA user_version = 5'
  ]) {
    expect(() => database.reader.all(sql), sql).toThrow()
  }
  const replaced = database.reader.get(`WITH x AS (SELECT 'a-b' AS v) SELECT replace(v, '-', '') AS v FROM x`)
  expect(replaced).toEqual({ v: 'ab' })
})

test('a statement that could give another result on replay is refused', () => {
  for (const sql of [
    'INSERT INTO t (c) VALUES (random())',
    `INSERT INTO t (b) VALUES (datetime('now'))`,
    'INSERT INTO t (b) VALUES (CURRENT_TIMESTAMP)'
  ]) {
    expect(() => database.transact((writer) => writer.run(sql)), sql).toThrow(/replay/)
    expect(count()).toBe(0)
  }
})

test('parameters that cannot be stored are refused, by number', () => {
  const insert = (...values: unknown[]): void => {
    database.transact((writer) => writer.run('INSERT INTO t (b, c) VALUES (?, ?)', values as string[]))
  }
  expect(() => {
    insert('x', undefined)
  }).toThrow(/Parameter 2/)
  expect(() => {
    insert(new Date(0), 1)
  }).toThrow(/Parameter 1/)
  expect(() => {
    insert('x', NaN)
  }).toThrow(/Parameter 2/)
  expect(() => {
    insert('x')
  }).toThrow(/1 parameters were given for 2/)
})

test('one statement may be run again while its rows are being read', () => {
  database.transact((writer) => {
    for (let a = 1; a <= 3; a += 1) writer.run('INSERT INTO t (a) VALUES (?)', [a])
  })
  const seen: unknown[] = []
  database.reader.each('SELECT a FROM t WHERE a > ? ORDER BY a', [0], (row) => {
    seen.push(row['a'], database.reader.all('SELECT a FROM t WHERE a > ? ORDER BY a', [2]).length)
  })
  expect(seen).toEqual([1, 1, 2, 1, 3, 1])
})

test('large integers keep their value in integer columns', () => {
  database.transact((writer) => writer.run('INSERT INTO t (a) VALUES (?)', [2 ** 53 - 1]))
  expect(database.reader.get('SELECT a, typeof(a) AS kind FROM t')).toEqual({
    a: 2 ** 53 - 1,
    kind: 'integer'
  })
})

test('bytes that are not a database are refused when opened', () => {
  expect(
    () => new Database(engine, Buffer.from('<html>not a database, but long enough</html>'.repeat(99)))
  ).toThrow(/not a database/)
})

/** A database in memory serializes in one piece. */
const bytesOf = (one: Database): Uint8Array => {
  const pieces = [...one.piecesInPlace()]
  expect(pieces).toHaveLength(1)
  return pieces[0] ?? new Uint8Array(0)
}

test('the bytes read in place are the database after inserts, growth, deletes and rollbacks', () => {
  let noted = 0
  /** Whether the bytes were read without a copy. */
  const compare = (): boolean => {
    noted += 1
    database.writeUnrecorded('UPDATE t SET c = ? WHERE a = 1', [noted])
    const inPlace = bytesOf(database)
    const again = new Database(engine, Buffer.from(inPlace))
    expect(again.quickCheck()).toBe('ok')
    const ask = 'SELECT a, b, c FROM t'
    expect(again.reader.all(ask)).toEqual(database.reader.all(ask))
    again.close()
    return bytesOf(database).buffer === inPlace.buffer
  }
  for (const size of [0, 10, 200_000, 6_000_000]) {
    database.transact((writer) => writer.run('INSERT INTO t (b) VALUES (?)', ['x'.repeat(size)]))
    expect(compare()).toBe(true)
  }
  database.transact((writer) => writer.run('DELETE FROM t WHERE a > 2'))
  expect(compare()).toBe(true)
  expect(() =>
    database.transact((writer) => {
      writer.run('INSERT INTO t (b) VALUES (?)', ['y'.repeat(30_000_000)])
      throw new Error('taken back')
    })
  ).toThrow('taken back')
  compare()
  database.transact((writer) => writer.run('INSERT INTO t (b) VALUES (?)', ['z'.repeat(10_000)]))
  compare()
})

test('a long text that is cast is stored and journalled as text, like a short one', () => {
  const sql = 'INSERT INTO t (a, b, d) VALUES (?, CAST(? AS TEXT), ?)'
  const long = `é${'漢字 and 🙂 "quoted" \\ '.repeat(100)}`
  const { statements } = database.transact((writer) => {
    writer.run(sql, [1, long, long])
    writer.run(sql, [2, 'short', null])
  })
  expect(statements[0]?.parameters).toEqual([1, long, long])
  const rows = database.reader.all('SELECT a, b, typeof(b) AS kind, d, typeof(d) AS other FROM t ORDER BY a')
  expect(rows).toEqual([
    { a: 1, b: long, kind: 'text', d: long, other: 'text' },
    { a: 2, b: 'short', kind: 'text', d: null, other: 'null' }
  ])
})

test('numbered parameters are cast by number, and one that is also used without a cast stays as it is', () => {
  expect([...castParameters('UPDATE t SET b = CAST(?2 AS TEXT), d = ?1 WHERE a = ?3')]).toEqual([1])
  expect([...castParameters('UPDATE t SET b = CAST(?2 AS BLOB), d = CAST(?1 AS REAL)')]).toEqual([1])
  expect([...castParameters('UPDATE t SET b = CAST(?2 AS TEXT), d = ?2')]).toEqual([])
  expect([...castParameters('UPDATE t SET b = CAST(:b AS TEXT)')]).toEqual([])
})
