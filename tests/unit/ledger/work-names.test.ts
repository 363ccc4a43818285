/** A name that the id of a work spells needs no row (schema 27): every name leads where it led with one row each. */
import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { Database } from '../../../src/main/ledger/database'
import type { Reader, SqlRow, Writer } from '../../../src/main/ledger/ledger'
import { migrateQuietly } from '../../../src/main/ledger/migrate'
import { loadSqlEngine } from '../../../src/main/ledger/sql-engine'
import {
  addNames,
  insertWork,
  namesOfWork,
  pointNames,
  workByName,
  type WorkName
} from '../../../src/main/ledger/works'
import { explaining } from '../../kit/explaining'
import { migratedLedger } from '../../kit/old-ledger'

const WORKS = [
  'doi:10.1/a',
  'doi:10.1/b',
  'arxiv:2401.1',
  'pmcid:PMC1',
  'W1',
  'url:00',
  'other',
  'doi:',
  'W1x'
] as const
const NAMES: readonly WorkName[] = [
  { scheme: 'doi', value: '10.1/a' },
  { scheme: 'doi', value: '10.1/b' },
  { scheme: 'arxiv', value: '2401.1' },
  { scheme: 'pmcid', value: 'PMC1' },
  { scheme: 'openalex', value: 'W1' },
  { scheme: 'openalex', value: 'other' },
  { scheme: 'pmid', value: '1' },
  { scheme: 'url', value: 'https://a.example/' }
]
/** The name that each id spells. */
const OWN = new Map<string, WorkName | undefined>(WORKS.slice(0, 5).map((workId, n) => [workId, NAMES[n]]))
const keyOf = ({ scheme, value }: WorkName): string => `${scheme} ${value}`

let database: Database
beforeAll(async () => {
  database = new Database(await loadSqlEngine((path) => readFile(path)), null)
  database.transact((w) => migrateQuietly(w))
})

const inView = (r: Reader): SqlRow[] => r.all('SELECT * FROM work_names ORDER BY scheme, value')

const step = fc.oneof(
  fc.record({
    add: fc.constantFrom(...WORKS),
    names: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 3 })
  }),
  fc.record({ point: fc.constantFrom(...WORKS), to: fc.constantFrom(...WORKS) })
)

test('works are added, named and joined as with a row for each name', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      database.transact((w) => {
        w.run('DELETE FROM name_rows')
        w.run('DELETE FROM works')
        const names = new Map<string, string>()
        const known = new Set<string>()
        for (const one of steps) {
          if ('point' in one) {
            if (!known.has(one.point) || !known.has(one.to)) continue
            pointNames(w, one.point, one.to)
            for (const [name, workId] of names) if (workId === one.point) names.set(name, one.to)
            continue
          }
          insertWork(w, { workId: one.add, ids: {}, facts: {}, now: 1 })
          known.add(one.add)
          // As every caller does: a work has the names of its identifiers.
          const own = OWN.get(one.add)
          const all = own === undefined ? one.names : [own, ...one.names]
          const taken = all.filter((name) => (names.get(keyOf(name)) ?? one.add) !== one.add)
          for (const name of all) if (!names.has(keyOf(name))) names.set(keyOf(name), one.add)
          expect(addNames(w, one.add, all).taken.map(keyOf)).toEqual(taken.map(keyOf))
        }
        for (const name of NAMES)
          expect(workByName(w, name.scheme, name.value)).toBe(names.get(keyOf(name)) ?? null)
        expect(inView(w)).toHaveLength(names.size)
        for (const workId of WORKS)
          expect(namesOfWork(w, workId).map(keyOf).sort()).toEqual(
            [...names].flatMap(([name, holder]) => (holder === workId ? [name] : [])).sort()
          )
      })
    }),
    { numRuns: 300 }
  )
})

test('names of schema 26 are the same names, in fewer rows', async () => {
  const rows = [
    ['doi', '10.1/a', 'doi:10.1/a'],
    ['openalex', 'W2', 'doi:10.1/a'],
    ['openalex', 'W1', 'W1'],
    ['doi', '10.1/b', 'W1'],
    ['openalex', 'other', 'other'],
    ['pmcid', 'PMC1', 'pmcid:PMC1'],
    // Of a work without a row.
    ['doi', '10.1/c', 'doi:10.1/c'],
    ['url', 'https://a.example/', 'url:00']
  ].map(([scheme, value, work_id]) => ({ scheme, value, work_id }))
  const r = await migratedLedger(26, [
    ...['doi:10.1/a', 'doi:10.1/b', 'W1', 'other', 'pmcid:PMC1', 'url:00'].map((work_id) => ({
      table: 'works',
      row: { work_id, created_at: 1, updated_at: 1 }
    })),
    ...rows.map((row) => ({ table: 'work_names', row }))
  ])
  const sorted = [...rows].sort((one, other) => (keyIn(one) < keyIn(other) ? -1 : 1))
  expect(inView(r)).toEqual(sorted)
  expect(r.all('SELECT value FROM name_rows ORDER BY scheme, value').map((row) => row['value'])).toEqual([
    ...['10.1/b', '10.1/c', 'W2', 'other', 'https://a.example/']
  ])
  for (const { scheme, value, work_id } of rows)
    expect(workByName(r, scheme as WorkName['scheme'], value ?? '')).toBe(work_id)
})
const keyIn = (row: { scheme?: string | undefined; value?: string | undefined }): string =>
  `${row.scheme ?? ''} ${row.value ?? ''}`

test('a second migration from 26 changes no name, and no name is looked for in all of them', () => {
  const plans: string[] = []
  database.transact((writer) => {
    const w: Writer = explaining(writer, plans)
    insertWork(w, { workId: 'doi:10.1/a', ids: {}, facts: {}, now: 1 })
    addNames(w, 'doi:10.1/a', NAMES)
    pointNames(w, 'doi:10.1/a', 'W1')
    const before = inView(writer)
    writer.run(`UPDATE _meta SET value = '26' WHERE key = 'schema_version'`)
    migrateQuietly(writer)
    expect(inView(writer)).toEqual(before)
  })
  expect(plans.filter((plan) => /^SCAN (?!CONSTANT ROW)/.test(plan))).toEqual([])
})
