/** Which job and which file stand for a work that has several of each. */
import { readFile } from 'node:fs/promises'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { upsertArtifact, type NewArtifact } from '../../../src/main/ledger/artifacts'
import { Database } from '../../../src/main/ledger/database'
import { insertFoundJob, insertJob } from '../../../src/main/ledger/jobs'
import type { Writer } from '../../../src/main/ledger/ledger'
import { migrateQuietly } from '../../../src/main/ledger/migrate'
import { recordedWork, type RecordedWork } from '../../../src/main/ledger/recorded-work'
import { loadSqlEngine, type SqlEngine } from '../../../src/main/ledger/sql-engine'
import { addTombstone } from '../../../src/main/ledger/tombstones'
import { insertWork } from '../../../src/main/ledger/works'

let engine: SqlEngine
let database: Database
beforeAll(async () => {
  engine = await loadSqlEngine((path) => readFile(path))
})
beforeEach(() => {
  database = new Database(engine, null)
  write((w) => {
    migrateQuietly(w)
  })
})

const write = (change: (w: Writer) => void): void => void database.transact(change)
const found = (): RecordedWork => recordedWork(database.reader, 'W1')

const job = (artifactId: string, now: number) => ({
  jobId: artifactId,
  workId: 'W1',
  artifactId,
  canonicalUrl: `https://a.example/${artifactId}`,
  idempotencyKey: `key of ${artifactId}`,
  priority: 0,
  runId: null,
  now
})

const PROVENANCE: NewArtifact['provenance'] = {
  source: 'unpaywall',
  tier: 'direct_oa',
  version: null,
  license: null,
  evidence: '',
  url: 'https://a.example/1.pdf',
  finalUrl: 'https://a.example/1.pdf',
  foundOn: null,
  chain: [],
  headers: {},
  checks: [],
  verdict: 'match',
  verdictBecause: '',
  pages: null,
  encrypted: false,
  fetchedAt: 1
}

const artifact = (format: 'pdf' | 'html'): NewArtifact => {
  const sha256 = (format === 'pdf' ? 'a' : 'b').repeat(64)
  return {
    artifactId: `W1#${format}`,
    workId: 'W1',
    jobId: null,
    format,
    sha256,
    bytes: 10,
    path: `objects/${sha256.slice(0, 2)}/${sha256}.${format}`,
    paperPath: null,
    finalizedAt: 1,
    verdict: 'match',
    provenance: PROVENANCE
  }
}

test('a work without a row, a job or a file is not known', () => {
  expect(found()).toMatchObject({ isKnown: false, job: null, artifact: null, tombstone: null })
})

test('a row alone makes a work known, with its facts', () => {
  write((w) =>
    insertWork(w, {
      workId: 'W1',
      ids: { doi: '10.1/a' },
      facts: { title: 'A', authors: ['B'], year: 2020 },
      now: 1
    })
  )
  expect(found()).toMatchObject({ isKnown: true, title: 'A', authors: ['B'], year: 2020, doi: '10.1/a' })
})

test('of several unfinished jobs the one for the PDF stands for the work, though it is younger', () => {
  write((w) => {
    insertJob(w, job('W1#html', 1))
    insertJob(w, job('W1#pdf', 2))
  })
  expect(found().job?.artifactId).toBe('W1#pdf')
})

test('a finished job stands for the work before one for the PDF', () => {
  write((w) => {
    insertJob(w, job('W1#pdf', 1))
    insertFoundJob(w, { ...job('W1#html', 2), state: 'DEDUPED' })
  })
  expect(found().job?.artifactId).toBe('W1#html')
})

test('without one for the PDF it is the oldest', () => {
  write((w) => {
    insertJob(w, job('W1#xml', 2))
    insertJob(w, job('W1#html', 1))
  })
  expect(found().job?.artifactId).toBe('W1#html')
})

test('of several files the PDF stands for the work', () => {
  write((w) => {
    upsertArtifact(w, artifact('html'))
  })
  expect(found().artifact?.format).toBe('html')
  write((w) => {
    upsertArtifact(w, artifact('pdf'))
  })
  expect(found().artifact?.format).toBe('pdf')
})

test('a removed work says so', () => {
  write((w) => {
    addTombstone(w, { workId: 'W1', removedAt: 5, removedBy: 'you', undo: {} })
  })
  expect(found().tombstone).not.toBeNull()
})
