/** The ledger's tables: rows are read back as typed values, and first values are kept. */
import { readFile } from 'node:fs/promises'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ReconcileLine } from '../../../src/contract/lines'
import type { ArtifactRow, Provenance } from '../../../src/contract/work'
import {
  artifactByFileUrl,
  artifactById,
  artifactsByHash,
  artifactsOfWork,
  countArtifacts,
  deleteArtifact,
  setPaths,
  upsertArtifact
} from '../../../src/main/ledger/artifacts'
import {
  attemptsOfJob,
  attemptsOfRun,
  insertAttempt,
  outcomesBySource
} from '../../../src/main/ledger/attempts'
import { Database } from '../../../src/main/ledger/database'
import { filedWorksAfter, type FiledWork } from '../../../src/main/ledger/filed-works'
import type { Writer } from '../../../src/main/ledger/ledger'
import { deleteMeta, getMeta, setMeta } from '../../../src/main/ledger/meta'
import { migrate, SCHEMA_VERSION, schemaVersion } from '../../../src/main/ledger/migrate'
import {
  insertReconciliation,
  lastReconciliation,
  listReconciliations
} from '../../../src/main/ledger/reconciliations'
import { beginRun, endRun, lastRun, openRuns } from '../../../src/main/ledger/runs'
import { loadSqlEngine, type SqlEngine } from '../../../src/main/ledger/sql-engine'
import {
  addTombstone,
  listTombstones,
  tombstoneOf,
  removeTombstone
} from '../../../src/main/ledger/tombstones'
import { keepReference } from '../../../src/main/ledger/work-references'
import {
  addNames,
  countWorks,
  insertWork,
  listWorks,
  mergeFacts,
  namesOfWork,
  pointNames,
  workById,
  workByName
} from '../../../src/main/ledger/works'
import { makeLog, type LogLine } from '../../../src/main/platform/log'

let engine: SqlEngine
let database: Database
const lines: LogLine[] = []
const log = makeLog(
  (line) => lines.push(line),
  'info',
  () => 0
)
beforeAll(async () => {
  engine = await loadSqlEngine((path) => readFile(path))
})
beforeEach(() => {
  lines.length = 0
  database = new Database(engine, null)
  write((writer) => migrate(writer, log))
})
const write = <T>(change: (writer: Writer) => T): T => database.transact(change).value

describe('the schema', () => {
  test('a second migration changes nothing, and both log success', () => {
    const before = database.reader.all('SELECT * FROM sqlite_master')
    const { statements } = database.transact((writer) => migrate(writer, log))
    expect(statements).toEqual([])
    expect(database.reader.all('SELECT * FROM sqlite_master')).toEqual(before)
    expect(lines.map(({ sentence }) => sentence)).toEqual([
      'Idempotency schema migrated successfully',
      'Idempotency schema migrated successfully'
    ])
    expect(schemaVersion(database.reader)).toBe(SCHEMA_VERSION)
  })

  test('the first columns are those of the ledger format that can be imported and exported', () => {
    const columns = (table: string): unknown[] =>
      database.reader.all(`SELECT name FROM pragma_table_info('${table}')`).map((row) => row['name'])
    expect(columns('artifact_jobs').slice(0, 10)).toEqual([
      'job_id',
      'work_id',
      'artifact_id',
      'canonical_url',
      'state',
      'lease_owner',
      'lease_until',
      'created_at',
      'updated_at',
      'idempotency_key'
    ])
    expect(columns('artifact_ops').slice(0, 7)).toEqual([
      'op_key',
      'job_id',
      'op_type',
      'started_at',
      'finished_at',
      'result_code',
      'result_json'
    ])
  })
})

describe('works', () => {
  const paper = {
    workId: 'W1',
    ids: { openalex: 'W1', doi: '10.1/a' },
    facts: { title: 'A “title”', authors: ['Ünal, A.', 'B'], year: 2020, type: 'article' },
    arxivVersion: 'v2',
    locations: [{ pdfUrl: 'https://a.example/1.pdf', isOa: true }],
    now: 5
  } as const

  test('a work is read back unchanged, and is inserted once', () => {
    expect(write((writer) => insertWork(writer, paper))).toBe(true)
    expect(write((writer) => insertWork(writer, { ...paper, facts: { title: 'other' } }))).toBe(false)
    const { workId, ids, facts, arxivVersion, locations } = paper
    expect(workById(database.reader, 'W1')).toEqual({ workId, ids, facts, arxivVersion, locations })
    expect(workById(database.reader, 'W2')).toBeNull()
  })

  test('a name belongs to the first work that had it; later claims are reported', () => {
    write((writer) => {
      insertWork(writer, paper)
      expect(addNames(writer, 'W1', [{ scheme: 'doi', value: '10.1/a' }])).toEqual({ taken: [] })
      insertWork(writer, { ...paper, workId: 'doi:10.1/a', ids: {} })
      expect(addNames(writer, 'W1', [{ scheme: 'doi', value: '10.1/a' }])).toEqual({ taken: [] })
      expect(
        addNames(writer, 'doi:10.1/a', [
          { scheme: 'doi', value: '10.1/a' },
          { scheme: 'arxiv', value: '2401.00001' }
        ])
      ).toEqual({ taken: [{ scheme: 'doi', value: '10.1/a', workId: 'W1' }] })
    })
    expect(workByName(database.reader, 'doi', '10.1/a')).toBe('W1')
    expect(workByName(database.reader, 'arxiv', '2401.00001')).toBe('doi:10.1/a')
    write((writer) => {
      pointNames(writer, 'doi:10.1/a', 'W1')
    })
    expect(namesOfWork(database.reader, 'W1').map(({ scheme }) => scheme)).toEqual([
      ...['arxiv', 'doi', 'openalex']
    ])
  })

  test('missing facts are filled in, never overwritten; locations are added once', () => {
    write((writer) => insertWork(writer, paper))
    const found = {
      ids: { doi: '10.9/other', pmid: '77' },
      facts: { title: 'Another title', venue: 'J. of A', language: 'en' },
      locations: [{ pdfUrl: 'https://a.example/1.pdf' }, { landingUrl: 'https://a.example/' }]
    }
    expect(write((writer) => mergeFacts(writer, 'W1', found, 9))).toBe(true)
    expect(write((writer) => mergeFacts(writer, 'W1', found, 10))).toBe(false)
    expect(write((writer) => mergeFacts(writer, 'W9', found, 10))).toBe(false)
    expect(workById(database.reader, 'W1')).toEqual({
      workId: 'W1',
      ids: { openalex: 'W1', doi: '10.1/a', pmid: '77' },
      facts: { ...paper.facts, venue: 'J. of A', language: 'en' },
      arxivVersion: 'v2',
      locations: [...paper.locations, { landingUrl: 'https://a.example/' }]
    })
  })

  test('a list is searched by text, with LIKE wildcards taken literally', () => {
    write((writer) => {
      for (const [n, title] of ['100% of it', '100 of it', 'else'].entries()) {
        insertWork(writer, { workId: `W${String(n)}`, ids: {}, facts: { title }, now: n })
      }
    })
    expect(listWorks(database.reader, { text: '100%' }).map(({ workId }) => workId)).toEqual(['W0'])
    expect(listWorks(database.reader, { limit: 2, offset: 1 }).map(({ workId }) => workId)).toEqual([
      'W1',
      'W2'
    ])
    expect(countWorks(database.reader)).toBe(3)
  })
})

describe('artifacts', () => {
  const provenance: Provenance = {
    source: 'unpaywall',
    tier: 'direct_oa',
    version: 'publishedVersion',
    license: 'cc-by',
    evidence: 'it said so',
    url: 'https://a.example/1.pdf',
    finalUrl: 'https://a.example/1.pdf',
    foundOn: null,
    chain: [{ url: 'https://a.example/1.pdf', status: 200 }],
    headers: { 'content-type': 'application/pdf' },
    checks: [{ name: 'eof', result: 'found' }],
    verdict: 'match',
    verdictBecause: 'the DOI stands on page 1',
    pages: 9,
    encrypted: false,
    fetchedAt: 7
  }
  const AA = 'aa'.repeat(32)
  const artifact = (workId: string, sha256: string): ArtifactRow => ({
    artifactId: `${workId}#pdf`,
    workId,
    jobId: null,
    format: 'pdf',
    sha256,
    bytes: 1000,
    path: `objects/${sha256.slice(0, 2)}/${sha256}.pdf`,
    paperPath: 'papers/A.pdf',
    finalizedAt: 8,
    verdict: 'match',
    provenance
  })

  test('they are read back with their provenance, by id, hash, work and file URL', () => {
    const fileUrl = 'https://a.example/1.pdf'
    write((writer) => {
      upsertArtifact(writer, { ...artifact('W1', AA), fileUrl, fileValidator: '"e"' })
      upsertArtifact(writer, artifact('W2', AA))
      upsertArtifact(writer, { ...artifact('W2', AA), bytes: 1001 })
    })
    const stored = { ...artifact('W1', AA), fileUrl, fileValidator: '"e"' }
    expect(artifactById(database.reader, 'W1#pdf')).toEqual(stored)
    expect(artifactByFileUrl(database.reader, fileUrl)).toEqual(stored)
    expect(artifactByFileUrl(database.reader, 'https://b.example/')).toBeNull()
    expect(artifactsByHash(database.reader, AA).map(({ workId }) => workId)).toEqual(['W1', 'W2'])
    write((writer) => {
      upsertArtifact(writer, { ...artifact('W3', AA), finalizedAt: 9, fileUrl })
      upsertArtifact(writer, { ...artifact('W0', AA), finalizedAt: 9, fileUrl })
      upsertArtifact(writer, { ...artifact('W4', AA), finalizedAt: 7, fileUrl })
    })
    const inOrder = artifactsByHash(database.reader, AA).map(({ workId }) => workId)
    expect(inOrder).toEqual(['W4', 'W1', 'W2', 'W0', 'W3'])
    const others = artifactsByHash(database.reader, AA, 'W1#pdf').map(({ workId }) => workId)
    expect(others).toEqual(['W4', 'W2', 'W0', 'W3'])
    // Of several from one address the newest, and of several as new the first by its id.
    expect(artifactByFileUrl(database.reader, fileUrl)?.workId).toBe('W0')
    write((writer) => {
      writer.run(`DELETE FROM artifact_rows WHERE artifact_id IN ('W0#pdf', 'W3#pdf', 'W4#pdf')`)
    })
    expect(artifactsOfWork(database.reader, 'W2')).toMatchObject([{ bytes: 1001, fileUrl: null }])
    expect(countArtifacts(database.reader)).toEqual({ artifacts: 2, objects: 1, bytes: 1001 })
  })

  test('files come with what references say of their works, page by page, also without a work', () => {
    write((writer) => {
      for (const workId of ['W2', 'W1', 'W3']) upsertArtifact(writer, artifact(workId, AA))
      insertWork(writer, {
        workId: 'W2',
        ids: { doi: '10.1/2' },
        facts: { title: 'Two', type: 'review' },
        now: 1
      })
      keepReference(writer, 'W2', '{"form":"x"}')
    })
    const pages: FiledWork[] = []
    for (let last = ''; ;) {
      const some = filedWorksAfter(database.reader, last, 2)
      const end = some.at(-1)
      if (end === undefined) break
      pages.push(...some)
      last = end.artifact.artifactId
    }
    expect(
      pages.map(({ artifact: { artifactId, sha256 }, ...work }) => ({ artifactId, sha256, ...work }))
    ).toEqual([
      { artifactId: 'W1#pdf', sha256: AA, ids: {}, facts: {} },
      {
        artifactId: 'W2#pdf',
        sha256: AA,
        ids: { doi: '10.1/2' },
        facts: { title: 'Two', type: 'review' },
        reference: '{"form":"x"}'
      },
      { artifactId: 'W3#pdf', sha256: AA, ids: {}, facts: {} }
    ])
  })

  test('each path is set by itself; a removed artifact is gone', () => {
    write((writer) => {
      upsertArtifact(writer, artifact('W1', AA))
      expect(setPaths(writer, 'W1#pdf', { paperPath: null })).toBe(true)
      expect(setPaths(writer, 'W1#pdf', { path: `objects/aa/${AA}.xml` })).toBe(true)
      expect(setPaths(writer, 'none', { path: 'x' })).toBe(false)
    })
    expect(artifactById(database.reader, 'W1#pdf')).toMatchObject({
      path: `objects/aa/${AA}.xml`,
      paperPath: null
    })
    expect(write((writer) => deleteArtifact(writer, 'W1#pdf'))).toBe(true)
    expect(write((writer) => deleteArtifact(writer, 'W1#pdf'))).toBe(false)
    expect(countArtifacts(database.reader)).toEqual({ artifacts: 0, objects: 0, bytes: 0 })
  })
})

test('attempts keep their order and are counted by source', () => {
  const origin = { runId: 'r', jobId: 'j', workId: 'W1', at: 5 }
  const tried = {
    ...origin,
    source: 'unpaywall',
    tier: 'direct_oa',
    url: 'https://a.example/',
    outcome: 'error',
    reason: 'NOT_FOUND',
    detail: 'it said 404',
    status: 404,
    elapsedMs: 12
  } as const
  const attached = {
    ...origin,
    at: 6,
    source: 'manual',
    tier: null,
    url: null,
    outcome: 'success',
    reason: null,
    elapsedMs: 1,
    bytes: 99
  } as const
  write((writer) => {
    insertAttempt(writer, tried)
    insertAttempt(writer, attached)
    insertAttempt(writer, { ...tried, jobId: null })
  })
  expect(attemptsOfJob(database.reader, 'j')).toEqual([tried, attached])
  expect(attemptsOfRun(database.reader, 'r')).toHaveLength(3)
  expect(outcomesBySource(database.reader)).toEqual([
    { source: 'manual', outcome: 'success', reason: null, count: 1, elapsedMs: 1, bytes: 99 },
    { source: 'unpaywall', outcome: 'error', reason: 'NOT_FOUND', count: 2, elapsedMs: 24, bytes: 0 }
  ])
  expect(outcomesBySource(database.reader, 6)).toHaveLength(1)
})

test('a run begins, and ends once', () => {
  write((writer) => {
    beginRun(writer, { runId: 'a', startedAt: 1, settings: { workers: 4 } })
    beginRun(writer, { runId: 'b', startedAt: 2, settings: {} })
  })
  const end = { runId: 'a', finishedAt: 3, howItEnded: 'finished', summary: { done: 1 } }
  expect(write((writer) => endRun(writer, end))).toBe(true)
  expect(write((writer) => endRun(writer, { ...end, howItEnded: 'again' }))).toBe(false)
  expect(openRuns(database.reader).map(({ runId }) => runId)).toEqual(['b'])
  expect(lastRun(database.reader)).toEqual({
    runId: 'b',
    startedAt: 2,
    finishedAt: null,
    howItEnded: null,
    settings: {},
    summary: null
  })
})

const reconcileLine = (requeued: number): ReconcileLine => ({
  type: 'reconcile',
  stale_leases: 0,
  abandoned_ops: 0,
  parts_kept: 0,
  parts_removed: 0,
  relinked: 0,
  requeued,
  quarantined: 0,
  adopted: 0,
  unknown_files: 0,
  ids: { requeued: ['J1'] }
})

test('reconciliations are listed newest first', () => {
  expect(lastReconciliation(database.reader)).toBeNull()
  write((writer) => {
    for (const at of [1, 2, 3]) {
      insertReconciliation(writer, { at, finishedAt: at + 1, why: 'start', line: reconcileLine(at) })
    }
  })
  expect(listReconciliations(database.reader, 2).map(({ at }) => at)).toEqual([3, 2])
  expect(lastReconciliation(database.reader)).toEqual({
    at: 3,
    finishedAt: 4,
    why: 'start',
    line: reconcileLine(3)
  })
  // A row of an earlier version may hold another value: it is read as no line and does not fail.
  write((writer) => {
    writer.run('UPDATE reconciliations SET findings_json = \'{"stale":1}\' WHERE at = 3')
  })
  expect(lastReconciliation(database.reader)).toMatchObject({ at: 3, line: null })
})

test('a tombstone can be read and removed', () => {
  const tombstone = { workId: 'W1', removedAt: 5, removedBy: 'you', undo: { state: 'DEDUPED' } }
  write((writer) => {
    addTombstone(writer, { ...tombstone, removedAt: 4 })
    addTombstone(writer, tombstone)
  })
  expect(tombstoneOf(database.reader, 'W1')).toEqual(tombstone)
  expect(listTombstones(database.reader)).toEqual([tombstone])
  expect(write((writer) => removeTombstone(writer, 'W1'))).toBe(true)
  expect(write((writer) => removeTombstone(writer, 'W1'))).toBe(false)
  expect(tombstoneOf(database.reader, 'W1')).toBeNull()
})

test('an invalid value in a column is reported with the column', () => {
  write((writer) => {
    setMeta(writer, 'k', 'v')
    deleteMeta(writer, 'k')
    writer.run(`INSERT INTO works (work_id, authors_json, created_at, updated_at) VALUES ('W', '{cut', 0, 0)`)
  })
  expect(getMeta(database.reader, 'k')).toBeNull()
  expect(() => workById(database.reader, 'W')).toThrow(/authors_json/)
})
