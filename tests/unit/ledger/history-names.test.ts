/** Words of the history are numbered once, and what is remembered of that may be wrong only to the safe side. */
import { readFile } from 'node:fs/promises'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { Database } from '../../../src/main/ledger/database'
import { numberWords, wordOr } from '../../../src/main/ledger/history-names'
import { insertEvent } from '../../../src/main/ledger/job-events'
import type { Writer } from '../../../src/main/ledger/ledger'
import { migrate } from '../../../src/main/ledger/migrate'
import { loadSqlEngine, type SqlEngine } from '../../../src/main/ledger/sql-engine'
import { makeLog } from '../../../src/main/platform/log'

let engine: SqlEngine
let database: Database
const log = makeLog(
  () => undefined,
  'info',
  () => 0
)
beforeAll(async () => {
  engine = await loadSqlEngine((path) => readFile(path))
})
beforeEach(() => {
  database = new Database(engine, null)
  write((writer) => migrate(writer, log))
})
const write = <T>(change: (writer: Writer) => T): T => database.transact(change).value

test('whether a word of the history has a number is asked once a database', () => {
  const other = new Database(engine, null)
  other.transact((writer) => migrate(writer, log))
  for (const one of [database, other]) {
    const asked: string[] = []
    for (let round = 0; round < 4; round += 1) {
      one.transact((writer) => {
        const get: Writer['get'] = (sql, parameters) => {
          asked.push(sql)
          return writer.get(sql, parameters)
        }
        numberWords({ ...writer, get }, ['crossref', 'a/page', null])
      })
    }
    // Before it is written, with the number of words there are, and once when it is there.
    expect(asked).toHaveLength(3)
    expect(one.reader.all('SELECT word FROM words')).toEqual([{ word: 'crossref' }])
  }
  other.close()
})

test('a word that a rolled-back transaction numbered is none that rows rely on', () => {
  const undone = (): void => {
    write((writer) => {
      numberWords(writer, ['undone'])
      numberWords(writer, ['undone'])
      throw new Error('not this time')
    })
  }
  expect(undone).toThrow('not this time')
  write((writer) => {
    insertEvent(writer, { jobId: 'J', at: 1, kind: 'state', from: 'PLANNED', to: 'LEASED' })
    numberWords(writer, ['undone'])
    writer.run(`UPDATE event_rows SET from_state = ${wordOr('?')}`.replaceAll('?', '?1'), ['undone'])
  })
  expect(database.reader.get('SELECT from_state FROM job_events')).toEqual({ from_state: 'undone' })
})
