/** Finished files in few bytes (schema 23): the view shows the same rows as before, and no query reads all of them. */
import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { storedProvenance } from '../../../src/contract/stored-provenance'
import type { Provenance } from '../../../src/contract/work'
import { FORMATS, PAPER_VERDICTS } from '../../../src/contract/words'
import {
  artifactByFileUrl,
  artifactById,
  artifactsByHash,
  artifactsElsewhere,
  artifactsOfWork,
  countArtifacts,
  deleteArtifact,
  filedAfter,
  filedById,
  isNameShared,
  moveToCurrentLibrary,
  numberElsewhere,
  numberOfArtifacts,
  placesAfter,
  setPaths,
  upsertArtifact,
  type NewArtifact
} from '../../../src/main/ledger/artifacts'
import { Database } from '../../../src/main/ledger/database'
import { filedWorksAfter } from '../../../src/main/ledger/filed-works'
import { insertJob } from '../../../src/main/ledger/jobs'
import type { Reader, SqlRow } from '../../../src/main/ledger/ledger'
import { countFilesOf, useLibrary } from '../../../src/main/ledger/libraries'
import { paperById, papersAfter } from '../../../src/main/ledger/library-queries'
import { migrateQuietly } from '../../../src/main/ledger/migrate'
import { loadSqlEngine } from '../../../src/main/ledger/sql-engine'
import { explaining } from '../../kit/explaining'
import { migratedLedger, type OldRow } from '../../kit/old-ledger'

const URL = 'https://a.example/1.pdf'
const JOB = 'a'.repeat(32)
const SHA = 'd4'.repeat(32)
const HERE = 'b'.repeat(32)

const provenance: Provenance = {
  ...{ source: 'openalex', tier: 'direct_oa', version: 'publishedVersion', license: 'cc-by' },
  evidence: 'OpenAlex: an open location at Annals of Geese.',
  url: URL,
  finalUrl: URL,
  foundOn: 'https://doi.org/10.1/a',
  chain: [{ url: URL, status: 200 }],
  headers: {
    'content-type': 'application/pdf',
    'content-length': '7000',
    'accept-ranges': 'bytes',
    etag: '"e"',
    'last-modified': 'Tue, 02 Jan 2024 03:04:05 GMT',
    date: 'Mon, 30 Nov 2026 19:13:29 GMT',
    server: 'nginx'
  },
  checks: [
    ['begins as a PDF', 'yes'],
    ['length', '7000 bytes, as announced'],
    ['end marker', 'yes'],
    ['table of objects', 'yes'],
    ['opens', '2 pages'],
    ['encrypted', 'no'],
    ['right paper', 'match']
  ].map(([name = '', result = '']) => ({ name, result })),
  ...{ verdict: 'match', verdictBecause: 'Its first pages print its DOI.', pages: 2, encrypted: false },
  fetchedAt: 1796066011.118
}

const artifact: NewArtifact = {
  ...{
    artifactId: 'doi:10.1/a#pdf',
    workId: 'doi:10.1/a',
    jobId: JOB,
    format: 'pdf',
    sha256: SHA,
    bytes: 7000
  },
  path: `objects/d4/${SHA}.pdf`,
  paperPath: 'papers/Ä 2020 – Geese.pdf',
  ...{ finalizedAt: 1796066011.5, verdict: 'match', provenance, fileUrl: URL, fileValidator: '"e"' }
}

const json = (one: Provenance): string => JSON.stringify(storedProvenance(one))
const check = (name: string, result: string): Provenance['checks'] =>
  provenance.checks.map((one) => (one.name === name ? { name, result } : one))

/** Of each the columns as every earlier version showed them. */
const columnsOf = (one: NewArtifact): SqlRow => ({
  artifact_id: one.artifactId,
  work_id: one.workId,
  job_id: one.jobId,
  format: one.format,
  sha256: one.sha256,
  bytes: one.bytes,
  path: one.path,
  paper_path: one.paperPath,
  finalized_at: one.finalizedAt,
  verdict: one.verdict,
  provenance_json: json(one.provenance),
  file_url: one.fileUrl ?? null,
  file_validator: one.fileValidator ?? null,
  library_id: HERE
})
const shown = (r: Reader): SqlRow[] =>
  r.all(`SELECT ${Object.keys(columnsOf(artifact)).join(', ')} FROM artifacts ORDER BY rowid`)

/** What a server, a source, an earlier version or another tool may leave. */
const changed = (some: Partial<Provenance>, row: Partial<NewArtifact> = {}): NewArtifact => ({
  ...{ ...artifact, ...row, provenance: { ...provenance, ...some } }
})
const kinds: readonly NewArtifact[] = [
  artifact,
  changed({ tier: null, version: null, license: null, foundOn: null, pages: null, headers: {}, checks: [] }),
  changed({ foundOn: 'https://a.example/1', finalUrl: `${URL}?x`, encrypted: true }),
  changed({ chain: [{ url: URL, status: 302, location: `${URL}?x` }] }),
  changed({ checks: check('length', '7000 bytes, none announced') }),
  changed({ checks: check('end marker', 'missing, but its table of objects is there') }),
  changed({ checks: check('table of objects', 'rebuilt by searching the file') }),
  changed({ checks: check('encrypted', 'yes, readable without a password'), encrypted: true }),
  changed({ checks: check('opens', '1 page'), pages: 1 }),
  changed({ checks: check('length', '6 bytes') }),
  changed({ checks: [{ name: 'full text', result: 'yes' }] }),
  changed({ verdict: 'unsure', checks: check('right paper', 'unsure') }, { verdict: 'unsure' }),
  changed({ verdict: 'unsure' }),
  changed({ evidence: 'Zenodo keeps this file in record 12345.', verdictBecause: '' }),
  changed({ headers: { 'content-length': '7', 'content-disposition': 'inline', link: '<x>; rel="y"' } }),
  changed({ headers: { etag: 'W/"e"', 'last-modified': 'yesterday', date: 'Sun, 06 Nov 94 08:49:37 GMT' } }),
  changed({
    headers: { 'last-modified': 'Mon, 01 Jan 1601 00:00:00 GMT', date: 'Mon, 31 Feb 2026 19:13:29 GMT' }
  }),
  changed({ headers: { 'content-type': 'text/html', date: '1', server: 'nginx/1.2' } }),
  changed({ headers: { server: 'a', 'content-type': 'application/pdf' } }),
  changed({ headers: { 'x-other': 'a' } }),
  changed({ url: '', finalUrl: '' }, { fileUrl: undefined, fileValidator: undefined }),
  changed({ url: `${URL}#p` }),
  changed({ evidence: 'a\u0000b\u0001\ud800 “\\"' }),
  changed({}, { workId: 'W1' }),
  changed({}, { sha256: SHA.toUpperCase(), path: 'objects/x.pdf' }),
  changed({}, { jobId: 'c'.repeat(32), paperPath: null }),
  changed({}, { paperPath: 'papers/x.xml' }),
  changed({}, { paperPath: 'papers/papers/x.pdf.pdf' }),
  changed({}, { paperPath: 'papers/.pdf' })
].map((one, n) => ({
  ...one,
  artifactId: n === 0 ? one.artifactId : `doi:10.1/${String(n)}#pdf`,
  workId: n === 0 ? one.workId : one.workId === 'W1' ? 'W1' : `doi:10.1/${String(n)}`
}))

let database: Database
beforeEach(async () => {
  database = new Database(await loadSqlEngine((path) => readFile(path)), null)
  database.transact((w) => {
    migrateQuietly(w)
    useLibrary(w, { libraryId: HERE, path: '/here', now: 1 })
    insertJob(w, {
      ...{ jobId: JOB, workId: artifact.workId, artifactId: artifact.artifactId, runId: null },
      ...{ canonicalUrl: 'https://doi.org/10.1/a', idempotencyKey: 'k', priority: 0, now: 2 }
    })
  })
})
const write = (rows: readonly NewArtifact[]): void => {
  database.transact((w) => {
    for (const row of rows) upsertArtifact(w, row)
  })
}

test('rows of any kind are shown as they were given, and read back', () => {
  write(kinds)
  expect(shown(database.reader)).toEqual(kinds.map(columnsOf))
  for (const one of kinds)
    expect(artifactById(database.reader, one.artifactId)?.provenance).toEqual(one.provenance)
})

test('a usual file has nothing as text that another column or a word says', () => {
  write(kinds)
  const [usual] = database.reader.all('SELECT * FROM artifact_rows')
  const texts = Object.entries(usual ?? {}).filter(([, value]) => typeof value === 'string')
  expect(texts.map(([column]) => column)).toEqual([
    ...['artifact_id', 'format', 'paper', 'file_url', 'file_validator']
  ])
  const whole = database.reader.all('SELECT artifact_no AS n FROM artifact_rows WHERE provenance IS NOT NULL')
  // A verdict of its own, headers in another order or without a column, and what SQLite would not escape the same.
  expect(whole.map((row) => row['n'])).toEqual([13, 19, 20, 23])
})

test('rows of schema 22 are the same rows, in the same columns as written now', async () => {
  const old = (one: NewArtifact): OldRow => ({ table: 'artifacts', row: columnsOf(one) })
  const rows: OldRow[] = [
    { table: 'libraries', row: { library_id: HERE, path: '/here', first_seen: 1, last_seen: 1 } },
    {
      table: 'artifact_jobs',
      row: {
        ...{ job_id: JOB, job_no: 1, work_id: 'doi:10.1/a', artifact_id: 'doi:10.1/a#pdf' },
        ...{ canonical_url: URL, created_at: 1, updated_at: 1, idempotency_key: 'k' }
      }
    },
    ...kinds.map(old)
  ]
  const r = await migratedLedger(22, rows)
  expect(shown(r)).toEqual(kinds.map(columnsOf))
  write(kinds)
  const stored = (reader: Reader): SqlRow[] =>
    reader.all(`SELECT artifact_no, work, job, hash, path, paper, verdict, library, url, found_on, pages, fetched_at, type, length,
      ranges, etag, modified, dated, checks, more FROM artifact_rows
      WHERE provenance IS NULL ORDER BY artifact_no`)
  // Checks of another length and a day that no month has: the migration leaves such a provenance as it was.
  expect(stored(r)).toEqual(stored(database.reader).filter(({ artifact_no: n }) => n !== 10 && n !== 17))
})

test('of schema 22, what is no provenance of ours stays as it is', async () => {
  const texts = [
    '{"source":"pmc","verdict":"match","verdictBecause":"x","checks":[{"name":"opens","result":"1 page"}]}',
    '{cut',
    '{}',
    '7',
    'null',
    '[1]',
    '{"checks":"x","chain":"y","headers":[1],"source":5,"pages":"two","encrypted":"no"}',
    '{ "source" : "pmc" }'
  ]
  const rows = texts.map((text, n): OldRow => {
    const one = {
      ...columnsOf(artifact),
      artifact_id: `W${String(n)}#pdf`,
      work_id: `W${String(n)}`,
      job_id: null
    }
    return { table: 'artifacts', row: { ...one, provenance_json: text, library_id: null } }
  })
  const r = await migratedLedger(22, rows)
  expect(shown(r).map((row) => row['provenance_json'])).toEqual(texts)
  expect(shown(r).map((row) => row['library_id'])).toEqual(texts.map(() => null))
  const sources = [0, 2, 6, 7].map((n) => artifactById(r, `W${String(n)}#pdf`)?.provenance.source)
  expect(sources).toEqual(['pmc', 'manual', 'manual', 'pmc'])
})

const text = fc.string({ unit: 'binary', maxLength: 12 })
const word = fc.oneof(
  text,
  fc.constantFrom('cc-by', 'nginx', 'bytes', '1', '“x”', 'Its first pages print its DOI.')
)
const second = fc.oneof(fc.integer({ min: -5e9, max: 2e11 }), fc.integer({ min: 1.7e9, max: 1.9e9 }))
const date = fc.oneof(
  word,
  second.map((at) => new Date(at * 1_000).toUTCString())
)
const anyProvenance = fc.record({
  source: fc.constantFrom('openalex', 'pmc', 'manual'),
  tier: fc.constantFrom('direct_oa', null),
  version: fc.constantFrom('publishedVersion', null),
  license: fc.option(word),
  evidence: word,
  url: fc.oneof(word, fc.constant(URL)),
  finalUrl: fc.oneof(word, fc.constant(URL)),
  foundOn: fc.option(fc.oneof(word, fc.constant('https://doi.org/10.1/a'))),
  chain: fc.array(
    fc.record({ url: word, status: fc.integer(), location: word }, { requiredKeys: ['url', 'status'] }),
    {
      maxLength: 2
    }
  ),
  headers: fc.record(
    {
      'content-type': fc.oneof(word, fc.constant('application/pdf')),
      'content-length': fc.oneof(word, fc.constant('7000')),
      'content-range': word,
      'content-disposition': word,
      'content-encoding': word,
      'accept-ranges': word,
      etag: fc.oneof(word, fc.constant('"e"')),
      'last-modified': date,
      date,
      server: word,
      link: word
    },
    { requiredKeys: [] }
  ),
  checks: fc.oneof(
    fc.constantFrom(...kinds.map((one) => one.provenance.checks)),
    fc.array(fc.record({ name: word, result: word }), { maxLength: 2 })
  ),
  verdict: fc.constantFrom(...PAPER_VERDICTS),
  verdictBecause: word,
  pages: fc.option(fc.integer()),
  encrypted: fc.boolean(),
  fetchedAt: fc.oneof(
    fc.constantFrom(0, 1796066011, 1796066011.118),
    fc.integer({ min: 0, max: 2e12 }).map((ms) => ms / 1_000)
  )
})

test('any provenance is read through the view as it was given, and so is a row of schema 22', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyProvenance,
      fc.constantFrom(...PAPER_VERDICTS),
      fc.constantFrom(...FORMATS),
      async (some, verdict, format) => {
        const one: NewArtifact = {
          ...artifact,
          artifactId: `doi:10.1/a#${format}`,
          format,
          verdict,
          provenance: some
        }
        write([one])
        const given = json(one.provenance)
        const inView = (r: Reader): string =>
          String(
            r.get('SELECT provenance_json FROM artifacts WHERE artifact_id = ?', [one.artifactId])?.[
              'provenance_json'
            ]
          )
        // The order of the fields counts, too.
        expect(JSON.stringify(JSON.parse(inView(database.reader)))).toBe(given)
        const old = await migratedLedger(22, [{ table: 'artifacts', row: columnsOf(one) }])
        expect(inView(old)).toBe(given)
      }
    ),
    { numRuns: 60 }
  )
})

test('a second migration from 22 changes no row', () => {
  write(kinds)
  const before = database.reader.all('SELECT * FROM artifact_rows')
  database.transact((w) => {
    w.run(`UPDATE _meta SET value = '22' WHERE key = 'schema_version'`)
    migrateQuietly(w)
  })
  expect(database.reader.all('SELECT * FROM artifact_rows')).toEqual(before)
})

test('no query of a file, a work, a hash or an address reads all files', () => {
  write(kinds)
  const plans: string[] = []
  database.transact((writer) => {
    const w = explaining(writer, plans)
    upsertArtifact(w, artifact)
    artifactById(w, artifact.artifactId)
    filedById(w, artifact.artifactId)
    expect(artifactsByHash(w, SHA)).toHaveLength(kinds.length - 1)
    expect(artifactsOfWork(w, artifact.workId)).toHaveLength(1)
    expect(artifactsOfWork(w, 'W1')).toHaveLength(1)
    expect(artifactByFileUrl(w, URL)).not.toBeNull()
    expect(isNameShared(w, artifact.paperPath ?? '', artifact.artifactId)).toBe(true)
    expect(filedAfter(w, '', 5).rows).toHaveLength(5)
    filedWorksAfter(w, '', 5)
    papersAfter(w, 0, 5)
    expect(placesAfter(w, 0, 5).rows).toHaveLength(5)
    paperById(w, artifact.artifactId)
    artifactsElsewhere(w, '', 5)
    setPaths(w, artifact.artifactId, { path: artifact.path, paperPath: 'papers/y.pdf' })
    moveToCurrentLibrary(w, artifact.artifactId, { path: artifact.path, paperPath: 'papers/x.xml' })
    expect(filedById(w, artifact.artifactId)?.paperPath).toBe('papers/x.xml')
    deleteArtifact(w, artifact.artifactId)
  })
  expect(plans.filter((plan) => /^SCAN (?!CONSTANT ROW|\()|TEMP B-TREE/.test(plan))).toEqual([])
})

test('places are those that the view shows', () => {
  write(kinds)
  const shown = database.reader.all(
    `SELECT artifact_id AS artifactId, path, paper_path AS paperPath, bytes, 1 AS isHere,
       path = 'objects/' || substr(sha256, 1, 2) || '/' || sha256 || '.' || format AS isObject
     FROM artifacts ORDER BY rowid`
  )
  const places = placesAfter(database.reader, 0, 1_000).rows
  expect(new Set(places.map(({ isObject }) => isObject))).toEqual(new Set([true, false]))
  expect(
    places.map((place) => ({ ...place, isHere: Number(place.isHere), isObject: Number(place.isObject) }))
  ).toEqual(shown)
})

test('files are counted by library, by list, and all', () => {
  const elsewhere = 'e'.repeat(32)
  write(kinds)
  database.transact((w) => {
    useLibrary(w, { libraryId: elsewhere, path: '/there', now: 2 })
    upsertArtifact(w, { ...artifact, artifactId: 'doi:10.1/x#pdf', workId: 'doi:10.1/x' })
    w.run(`INSERT INTO lists (name, created_at, updated_at) VALUES ('l', 1, 1)`)
    for (const [place, work] of [
      ['1', 'W1'],
      ['2', 'doi:10.1/a'],
      ['3', 'doi:10.1/a'],
      ['4', 'doi:10.1/']
    ])
      w.run(`INSERT INTO list_entries (list_id, origin, place, work_id, added_at) VALUES (1, 'f', ?, ?, 1)`, [
        place ?? null,
        work ?? null
      ])
  })
  const r = database.reader
  expect([numberOfArtifacts(r), numberElsewhere(r)]).toEqual([1, kinds.length])
  expect([countFilesOf(r, HERE), countFilesOf(r, elsewhere), countFilesOf(r, null)]).toEqual([
    kinds.length,
    1,
    0
  ])
  expect(artifactsElsewhere(r, '', 1_000).rows.map(({ libraryId }) => libraryId)).toEqual(
    kinds.map(() => HERE)
  )
  expect(countArtifacts(r)).toEqual({ artifacts: kinds.length + 1, objects: 2, bytes: 14_000 })
  expect(countArtifacts(r, 1)).toEqual({ artifacts: 2, objects: 1, bytes: 7_000 })
})
