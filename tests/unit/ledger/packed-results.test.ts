/** Results of ops in few bytes (schema 24): the view shows every result as it was written, byte for byte. */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { LEGAL_KINDS, resultOf, ROW_FACTS } from './results-of-ops'
import { storedResolved } from '../../../src/contract/stored-results'
import { OP_KINDS, PROVIDERS, type OpKind } from '../../../src/contract/words'
import { Database } from '../../../src/main/ledger/database'
import { keyOf } from '../../../src/main/ledger/history-names'
import { insertJob } from '../../../src/main/ledger/jobs'
import type { Reader, SqlRow } from '../../../src/main/ledger/ledger'
import { byteCounts } from '../../../src/main/ledger/insights-queries'
import { migrateQuietly } from '../../../src/main/ledger/migrate'
import { beginOp, deleteOps, finishOp, opByKey, voidOps } from '../../../src/main/ledger/ops'
import { packedResult } from '../../../src/main/ledger/packed-results'
import { loadSqlEngine } from '../../../src/main/ledger/sql-engine'
import { dropMovedProvenance } from '../../../src/main/ledger/streamed-provenance'
import { migratedLedger } from '../../kit/old-ledger'
import { repositoryRoot } from '../../kit/shared'

const JOB = 'a'.repeat(32)
const KEY = 'b1'.repeat(32)
const { url, sha256, path } = ROW_FACTS
const CONTEXTS: Readonly<Record<OpKind, string>> = {
  RESOLVE: '{"plan":"direct_oa:0"}',
  HEAD: JSON.stringify({ url }),
  STREAM: JSON.stringify({ range_start: 0, url }),
  FINALIZE: JSON.stringify({ sha256, target_path: path }),
  INDEX: JSON.stringify({ sha256 }),
  DEDUPE: JSON.stringify({ sha256 }),
  RENAME: '{"target_path":"papers/a.pdf"}'
}

let database: Database
beforeAll(async () => {
  database = new Database(await loadSqlEngine((file) => readFile(file)), null)
  database.transact((w) => {
    migrateQuietly(w)
    insertJob(w, {
      ...{ jobId: JOB, workId: 'W1', artifactId: 'W1#pdf', canonicalUrl: 'https://a.example/', runId: 'r' },
      ...{ idempotencyKey: 'k', priority: 0, now: 2 }
    })
  })
})

interface Written {
  readonly kind: OpKind
  readonly resultJson: string
  readonly contextJson?: string
  readonly resultCode?: string
  readonly opKey?: string
}

/** As the op's own functions write it. */
function write({
  kind,
  resultJson,
  contextJson = CONTEXTS[kind],
  resultCode = 'OK',
  opKey = KEY
}: Written): void {
  database.transact((w) => {
    beginOp(w, { opKey, jobId: JOB, kind, contextJson, leaseEpoch: 0, now: 2 })
    finishOp(w, { opKey, kind, contextJson, leaseEpoch: 0, resultCode, resultJson, recovery: null, now: 3 })
  })
}

const clear = (): void => {
  database.transact((w) => {
    deleteOps(w, JOB)
  })
}

const shown = (r: Reader, opKey = KEY): unknown =>
  r.get('SELECT result_json FROM artifact_ops WHERE op_key = ?', [opKey])?.['result_json']

const stored = (): SqlRow | null =>
  database.reader.get(`SELECT typeof(result_json) AS type, CAST(result_json AS TEXT) AS text FROM op_rows`)

function readBack(written: Written): void {
  write(written)
  const text = shown(database.reader)
  clear()
  expect(text).toBe(written.resultJson)
}

test.each(LEGAL_KINDS)('a result of a %s is read back byte for byte, and packed', (kind) => {
  fc.assert(
    fc.property(resultOf(kind), (result) => {
      const resultJson = JSON.stringify(result)
      readBack({ kind, resultJson })
      expect(packedResult(kind, CONTEXTS[kind], resultJson)?.length).toBeLessThan(resultJson.length)
      // Of another context: nothing is left out.
      readBack({ kind, resultJson, contextJson: '{}' })
      readBack({ kind, resultJson, resultCode: 'FORBIDDEN' })
    }),
    { numRuns: 300 }
  )
})

const anyResult = fc.oneof(
  fc.json(),
  fc.string(),
  fc.constantFrom(
    '[]',
    '[1,"a"]',
    '{"manifest":true,"more":1}',
    '{"manifest":false}',
    '{"originalArtifactId":7}',
    '{}'
  )
)

test.each(OP_KINDS)('any other result of a %s is read back byte for byte', (kind) => {
  fc.assert(
    fc.property(anyResult, (resultJson) => {
      // A NUL ends a text for SQLite's functions; JSON has none.
      fc.pre(!resultJson.includes('\0'))
      readBack({ kind, resultJson })
    }),
    { numRuns: 300 }
  )
})

const JSON_VALUES = [
  null,
  0,
  7,
  -1.5,
  1e21,
  true,
  false,
  '',
  'N',
  'bytes',
  '$[0]',
  [],
  [0],
  [null],
  {},
  { url: 'x' }
]

test.each(LEGAL_KINDS)(
  'a result of a %s with one field changed, moved or gone is read back byte for byte',
  (kind) => {
    fc.assert(
      fc.property(
        resultOf(kind),
        fc.nat(),
        fc.constantFrom('gone', 'last', ...JSON_VALUES),
        (result, nth, change) => {
          const places = placesIn(result)
          const place = places[nth % places.length]
          const changed = JSON.parse(JSON.stringify(result)) as object
          if (place !== undefined) changeAt(changed, place, change)
          readBack({ kind, resultJson: JSON.stringify(changed) })
        }
      ),
      { numRuns: 1_000 }
    )
  }
)

/** The ways to all fields and items within the value. */
function placesIn(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) => [
    [name],
    ...placesIn(one).map((rest) => [name, ...rest])
  ])
}

function changeAt(value: object, [name = '', ...rest]: readonly string[], change: unknown): void {
  const fields = value as Record<string, unknown>
  const inner = fields[name]
  if (rest.length > 0 && typeof inner === 'object' && inner !== null) {
    changeAt(inner, rest, change)
    return
  }
  if (change === 'gone' || change === 'last') Reflect.deleteProperty(fields, name)
  if (change !== 'gone' && !Array.isArray(value)) fields[name] = change === 'last' ? inner : change
}

test('results with spaces, repeated names or other numbers are not packed', () => {
  for (const resultJson of [
    '{"manifest": true}',
    '{"originalArtifactId":"a","originalArtifactId":null}',
    '{"path":"a","paperPath":"b","finalizedAt":1.0}'
  ])
    for (const kind of OP_KINDS) readBack({ kind, resultJson })
})

test('the results of the engine, of this version and of earlier ones, are read back byte for byte', () => {
  const file = join(repositoryRoot, 'tests/fixtures/ipc/job-histories.json')
  const rows = opsIn(JSON.parse(readFileSync(file, 'utf8')) as unknown)
  expect(rows.length).toBeGreaterThan(20)
  for (const row of rows) {
    const kind = OP_KINDS.find((one) => one === row['op_type'])
    if (kind === undefined || typeof row['result_json'] !== 'string') continue
    readBack({ kind, resultJson: row['result_json'], contextJson: String(row['context_json']) })
  }
})

function opsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return []
  const one = value as Record<string, unknown>
  return [...('op_type' in one ? [one] : []), ...Object.values(one).flatMap(opsIn)]
}

test('every source has its number', () => {
  const asked = PROVIDERS.filter((one) => one !== 'given' && one !== 'manual')
  const packed = packedResult('RESOLVE', '{}', JSON.stringify({ candidates: [], asked }))
  expect(packed).toBe(JSON.stringify([[], null, asked.map((_, n) => n)]))
})

test('candidates, identifiers and pages are written in the order that is packed, whichever source they are of', () => {
  const candidate = {
    md5: 'f',
    bytes: 2,
    tier: 'archive',
    foundOn: url,
    rank: 3,
    evidence: 'e',
    source: 'core'
  } as const
  const result = storedResolved({
    ...{
      facts: {},
      retryable: true,
      retryAt: 7.5,
      reasons: ['A'],
      givenReasons: ['B'],
      asked: ['core'],
      isWhole: false
    },
    candidates: [
      { ...candidate, url, format: 'xml', version: 'acceptedVersion', license: 'x', priceUsd: 0.1 }
    ],
    landingPages: [
      { isOa: true, venue: 'V', license: 'cc-by', version: 'acceptedVersion', landingUrl: 'a', pdfUrl: 'b' }
    ],
    ids: { url, pmcid: 'PMC1', pmid: '1', arxiv: '1', doi: '10.1/a', openalex: 'W1' }
  })
  const resultJson = JSON.stringify(result)
  expect(packedResult('RESOLVE', '{}', resultJson)).not.toBeNull()
  readBack({ kind: 'RESOLVE', resultJson })
})

test('rows of schema 25 stay as they are, and bytes that were fetched twice are counted in both forms', async () => {
  const results = [
    { url, sha256, bytes: 9, fetchedBytes: 9, resumedFrom: 4, provenance: LISTED },
    '{cut',
    '[200]',
    ''
  ]
  const rows = results.map((result, n) => ({
    ...{
      op_no: n,
      key: `op ${String(n)}`,
      job: JOB,
      op_type: n === 0 ? 3 : 2,
      started_at: 1,
      finished_at: 2
    },
    ...{ result_code: 'OK', result_json: typeof result === 'string' ? result : JSON.stringify(result) }
  }))
  const old = await migratedLedger(
    25,
    rows.map((row) => ({ table: 'op_rows', row }))
  )
  expect(old.all('SELECT result_json FROM artifact_ops ORDER BY rowid')).toEqual(
    rows.map((row) => ({ result_json: row.result_json }))
  )
  expect(byteCounts(old)).toEqual({ fetched: 0, savedByResume: 4, fetchedTwice: 0 })
  const streamed = { url, sha256, bytes: 9, fetchedBytes: 9, provenance: {} }
  for (const [n, more] of [{}, { resumedFrom: 3 }, { fetchedTwice: 2 }].entries())
    write({ kind: 'STREAM', opKey: String(n), resultJson: JSON.stringify({ ...streamed, ...more }) })
  expect(byteCounts(database.reader)).toEqual({ fetched: 0, savedByResume: 3, fetchedTwice: 2 })
  clear()
})

const STREAMED = JSON.stringify({ url, sha256, bytes: 9, fetchedBytes: 9, provenance: {} })
const LISTED = {
  source: 'openalex',
  verdict: 'match',
  verdictBecause: 'Its first pages print its DOI.',
  pages: 2
}

test.each([
  [true, {}, `[9,-1,"v",[1,0,0,2]]`],
  [false, {}, `[9,"${sha256}","v",[1,0,0,2]]`],
  // Bytes that were not fetched in one go are looked for: this one is not packed.
  [true, { resumedFrom: 4 }, null]
])('a STREAM keeps little once its file is listed, and says the same (%j, %j)', (isPlaced, more, packed) => {
  const finalizeKey = 'c2'.repeat(32)
  if (isPlaced) write({ kind: 'FINALIZE', resultJson: '{}', opKey: finalizeKey })
  const { source, ...verdict } = LISTED
  const before = { url, sha256, bytes: 9, fetchedBytes: 9, validator: 'v', ...more }
  const provenance = { source, tier: 'archive', url, ...verdict, checks: [['a', 'b']], fetchedAt: 4 }
  write({ kind: 'STREAM', resultJson: JSON.stringify({ ...before, provenance }) })
  expect(database.transact((w) => dropMovedProvenance(w, KEY, { jobId: JOB, epoch: 0 })).value).toBe(1)
  const listed = JSON.stringify({ ...before, provenance: LISTED })
  expect(shown(database.reader)).toBe(listed)
  const row = database.reader.get(
    `SELECT typeof(result_json) AS type, CAST(result_json AS TEXT) AS text FROM op_rows WHERE op_type = 3`
  )
  expect(row).toEqual(packed === null ? { type: 'text', text: listed } : { type: 'blob', text: packed })
  clear()
})

test.each([
  ['STREAM', 'HEAD', JSON.stringify({ url }), JSON.stringify({ range_start: 0, url }), -2],
  [
    'STREAM',
    'HEAD',
    JSON.stringify({ url: 'https://b.example/' }),
    JSON.stringify({ range_start: 0, url }),
    null
  ],
  ['STREAM', 'HEAD', JSON.stringify({ url }), JSON.stringify({ range_start: 1, url }), null],
  ['STREAM', 'FINALIZE', CONTEXTS.FINALIZE, JSON.stringify({ range_start: 0, url }), null],
  ['INDEX', 'FINALIZE', CONTEXTS.FINALIZE, CONTEXTS.INDEX, -2],
  ['DEDUPE', 'FINALIZE', CONTEXTS.FINALIZE, CONTEXTS.DEDUPE, -2],
  ['DEDUPE', 'FINALIZE', CONTEXTS.INDEX, CONTEXTS.INDEX, null],
  ['INDEX', 'FINALIZE', CONTEXTS.FINALIZE, JSON.stringify({ sha256: 'e'.repeat(64) }), null],
  ['FINALIZE', 'INDEX', CONTEXTS.INDEX, CONTEXTS.FINALIZE, null]
] as const)(
  'a context of %s that one of %s says is not written again (%s, %s)',
  (kind, of, its, own, distance) => {
    write({ kind: of, contextJson: its, resultJson: '{}', opKey: 'first' })
    write({ kind: 'RENAME', resultJson: '{}', opKey: 'between' })
    for (const resultJson of [kind === 'STREAM' ? STREAMED : '{}', '{"again":1}']) {
      write({ kind, contextJson: own, resultJson })
      const row = database.reader.get('SELECT * FROM artifact_ops WHERE key = ?', [keyOf(KEY)])
      expect(row).toMatchObject({ context_json: own, result_json: resultJson })
    }
    const found = database.reader.get('SELECT context FROM op_rows WHERE key = ?', [keyOf(KEY)])?.['context']
    expect(typeof found === 'number' ? found : null).toBe(distance)
    expect(database.reader.all("SELECT context_json FROM artifact_ops WHERE op_key = 'first'")).toEqual([
      { context_json: its }
    ])
    clear()
  }
)

test('a success that is set aside keeps its whole result', () => {
  write({ kind: 'HEAD', resultJson: JSON.stringify({ finalUrl: url, status: 200 }) })
  expect(stored()).toEqual({ type: 'blob', text: '[200]' })
  database.transact((w) => voidOps(w, { jobId: JOB }, ['HEAD'], 'gone'))
  expect(opByKey(database.reader, KEY)?.result).toEqual({
    because: 'gone',
    was: { finalUrl: url, status: 200 }
  })
  clear()
})
