/**
 * The figures of Insights counted anew from every row, through the views: the reference for the counting that keeps
 * what it counted (`src/main/ledger/kept-figures.ts`).
 */
import type {
  Counting,
  InsightsFigures,
  LegacyFigures,
  ReadSlice
} from '../../src/main/ledger/insights-figures'
import { BY_HAND } from '../../src/main/ledger/insights-queries'
import type { Reader, SqlRow } from '../../src/main/ledger/ledger'
import { IN_LIST_NAMED } from '../../src/main/ledger/lists'

const SLICE_ROWS = 4_000

/** `read` yields to other work between calls. */
export async function countFigures(read: ReadSlice, how: Counting): Promise<InsightsFigures> {
  const of = ofList(how.list)
  const jobs = await countJobs(read, how, of)
  const ops = await countOps(read, how, of)
  const events = await countEvents(read, how, of)
  const artifacts = await countFiled(read, how, of)
  const attempts = await countAttempts(read, how, of)
  const { bytesFetched, bytes, tried, legacy } = attempts
  // A file without an attempt (attached, adopted) counts as requested, too.
  for (const [source, n] of artifacts.succeeded) tried.set(source, Math.max(n, tried.get(source) ?? 0))
  return { ...jobs, ...ops, ...events, ...artifacts, bytesFetched, bytes, tried, legacy }
}

/** Conditions that select the rows of one list; each takes `parameters`. */
interface OfList {
  /** on `work_id` */
  readonly works: string
  /** on `job_id` */
  readonly jobs: string
  readonly parameters: readonly string[]
}

function ofList(list: string | null): OfList {
  if (list === null) return { works: '', jobs: '', parameters: [] }
  return {
    works: `AND work_id IN (${IN_LIST_NAMED})`,
    jobs: `AND job_id IN (SELECT job_id FROM artifact_jobs WHERE work_id IN (${IN_LIST_NAMED}))`,
    parameters: [list]
  }
}

const n = (row: SqlRow | null, column: string): number => Number(row?.[column] ?? 0)

/** Yields every slice of a table's rows in order. */
async function slices(
  read: ReadSlice,
  table: string,
  visit: (reader: Reader, from: number, to: number) => void
): Promise<void> {
  const last = await read((r) => n(r.get(`SELECT max(rowid) AS last FROM ${table}`), 'last'))
  for (let from = 0; from < last; from += SLICE_ROWS) {
    await read((r) => {
      visit(r, from, from + SLICE_ROWS)
    })
  }
}

function add<K>(counts: Map<K, number>, key: K, more: number): void {
  counts.set(key, (counts.get(key) ?? 0) + more)
}

async function countJobs(
  read: ReadSlice,
  { since }: Counting,
  of: OfList
): Promise<Pick<InsightsFigures, 'endings' | 'failures' | 'secondsToComplete'>> {
  const endings = { done: 0, duplicates: 0, noOpenCopy: 0, cancelled: 0, failed: 0 }
  const failures = new Map<string, number>()
  const seconds: number[] = []
  await slices(read, 'artifact_jobs', (r, from, to) => {
    r.each(
      `SELECT state, reason, hold, count(*) AS n FROM artifact_jobs
       WHERE rowid > ? AND rowid <= ? AND updated_at >= ?
         AND (state IN ('DEDUPED', 'SKIPPED_DUPLICATE') OR (state = 'FAILED' AND next_attempt_at IS NULL))
         ${of.works}
       GROUP BY state, reason, hold`,
      [from, to, since, ...of.parameters],
      (row) => {
        const jobs = n(row, 'n')
        if (row['state'] === 'DEDUPED') endings.done += jobs
        else if (row['state'] === 'SKIPPED_DUPLICATE') endings.duplicates += jobs
        else {
          const reason = typeof row['reason'] === 'string' ? row['reason'] : 'INTERNAL'
          if (reason === 'NO_OPEN_COPY') endings.noOpenCopy += jobs
          else if (reason === 'CANCELLED') endings.cancelled += jobs
          else endings.failed += jobs
          if (row['hold'] === null) add(failures, reason, jobs)
        }
      }
    )
    r.each(
      `SELECT j.updated_at - (SELECT min(e.at) FROM event_rows e WHERE e.job IN (j.job_no, j.job_id) AND e.kind = 'lease')
         AS seconds
       FROM artifact_jobs j WHERE j.rowid > ? AND j.rowid <= ? AND j.state = 'DEDUPED' AND j.updated_at >= ?
         AND NOT ${BY_HAND} ${of.works}`,
      [from, to, since, ...of.parameters],
      (row) => {
        if (row['seconds'] !== null) seconds.push(Math.max(0, n(row, 'seconds')))
      }
    )
  })
  return { endings, failures, secondsToComplete: seconds.sort((a, b) => a - b) }
}

async function countOps(
  read: ReadSlice,
  { since }: Counting,
  of: OfList
): Promise<Pick<InsightsFigures, 'performed' | 'replayed' | 'bytesSavedByResume' | 'bytesFetchedTwice'>> {
  const counts = { performed: 0, replayed: 0, bytesSavedByResume: 0, bytesFetchedTwice: 0 }
  await slices(read, 'op_rows', (r, from, to) => {
    const row = r.get(
      `SELECT sum(attempt) AS performed, sum(replays) AS replayed,
         sum(CASE WHEN op_type = 'STREAM' AND result_code = 'OK' AND json_valid(result_json)
           THEN json_extract(result_json, '$.resumedFrom') END) AS saved,
         sum(CASE WHEN op_type = 'STREAM' AND result_code = 'OK' AND json_valid(result_json)
           THEN json_extract(result_json, '$.fetchedTwice') END) AS twice
       FROM artifact_ops WHERE rowid > ? AND rowid <= ? AND finished_at >= ? ${of.jobs}`,
      [from, to, since, ...of.parameters]
    )
    counts.performed += n(row, 'performed')
    counts.replayed += n(row, 'replayed')
    counts.bytesSavedByResume += n(row, 'saved')
    counts.bytesFetchedTwice += n(row, 'twice')
  })
  return counts
}

async function countEvents(
  read: ReadSlice,
  how: Counting,
  of: OfList
): Promise<Pick<InsightsFigures, 'leaseWaitsMs' | 'recoveries'>> {
  const waits: number[] = []
  const recovered = new Set<string>()
  await slices(read, 'event_rows', (r, from, to) => {
    r.each(
      `SELECT json_extract(detail_json, '$.wait_ms') AS wait FROM job_events
       WHERE event_id > ? AND event_id <= ? AND kind = 'lease' AND at >= ? ${of.jobs}`,
      [from, to, how.since, ...of.parameters],
      (row) => {
        if (typeof row['wait'] === 'number') waits.push(row['wait'])
      }
    )
    r.each(
      `SELECT DISTINCT job_id FROM job_events
       WHERE event_id > ? AND event_id <= ? AND kind = 'recovered' AND at >= ? ${of.jobs}`,
      [from, to, how.recoveriesSince, ...of.parameters],
      (row) => recovered.add(String(row['job_id']))
    )
  })
  const ends = { well: 0, badly: 0, all: recovered.size }
  const ids = [...recovered]
  for (let from = 0; from < ids.length; from += SLICE_ROWS) {
    await read((r) => {
      for (const jobId of ids.slice(from, from + SLICE_ROWS)) {
        const row = r.get(
          `SELECT state IN ('DEDUPED', 'SKIPPED_DUPLICATE') AS done,
             state = 'FAILED' AND next_attempt_at IS NULL AS failed,
             coalesce(reason, '') IN ('INTERNAL', 'BROKEN_INVARIANT') AS ours
           FROM artifact_jobs WHERE job_id = ?`,
          [jobId]
        )
        if (n(row, 'done') === 1 || (n(row, 'failed') === 1 && n(row, 'ours') === 0)) ends.well += 1
        else if (n(row, 'failed') === 1) ends.badly += 1
      }
    })
  }
  return { leaseWaitsMs: waits.sort((a, b) => a - b), recoveries: ends }
}

async function countFiled(
  read: ReadSlice,
  { since, bucketSeconds }: Counting,
  of: OfList
): Promise<Pick<InsightsFigures, 'papers' | 'succeeded'>> {
  const papers = new Map<number, number>()
  const succeeded = new Map<string, number>()
  await slices(read, 'artifacts', (r, from, to) => {
    r.each(
      `SELECT CAST((finalized_at - ?) / ? AS INTEGER) AS bucket,
         source, count(*) AS n
       FROM artifacts WHERE rowid > ? AND rowid <= ? AND finalized_at >= ?
         ${of.works}
       GROUP BY 1, 2`,
      [since, bucketSeconds, from, to, since, ...of.parameters],
      (row) => {
        add(papers, n(row, 'bucket'), n(row, 'n'))
        if (typeof row['source'] === 'string') add(succeeded, row['source'], n(row, 'n'))
      }
    )
  })
  return { papers, succeeded }
}

interface LegacyWork {
  firstAt: number
  doneAt: number | null
  bytes: number
  largest: number
  /** something was fetched, or was found to fetch */
  hadCopy: boolean
}

async function countAttempts(
  read: ReadSlice,
  how: Counting,
  of: OfList
): Promise<{
  readonly bytesFetched: number
  readonly bytes: Map<number, number>
  readonly tried: Map<string, number>
  readonly legacy: LegacyFigures
}> {
  const { since, bucketSeconds } = how
  let bytesFetched = 0
  const bytes = new Map<number, number>()
  const asked = new Map<string, Set<string>>()
  const works = new Map<string, LegacyWork>()
  await slices(read, 'attempt_rows', (r, from, to) => {
    r.each(
      `SELECT CAST((at - ?) / ? AS INTEGER) AS bucket, sum(bytes) AS n FROM attempts
       WHERE attempt_id > ? AND attempt_id <= ? AND at >= ? AND bytes > 0 ${of.jobs} GROUP BY 1`,
      [since, bucketSeconds, from, to, since, ...of.parameters],
      (row) => {
        bytesFetched += n(row, 'n')
        add(bytes, n(row, 'bucket'), n(row, 'n'))
      }
    )
    r.each(
      `SELECT DISTINCT source, coalesce(job_id, work_id) AS who FROM attempts
       WHERE attempt_id > ? AND attempt_id <= ? AND at >= ? AND outcome <> 'skipped' ${of.jobs}`,
      [from, to, since, ...of.parameters],
      (row) => {
        const source = String(row['source'])
        const who = asked.get(source) ?? new Set<string>()
        asked.set(source, who.add(String(row['who'])))
      }
    )
    // Unrecorded works are in no list.
    if (how.list !== null) return
    r.each(
      `SELECT a.job AS job_id, a.at, a.elapsed_ms, a.outcome, a.bytes FROM attempt_rows a
       WHERE a.attempt_id > ? AND a.attempt_id <= ? AND a.at >= ? AND typeof(a.job) = 'text'
         AND NOT EXISTS (SELECT 1 FROM artifact_jobs j WHERE j.job_id = a.job)
       ORDER BY a.attempt_id`,
      [from, to, since],
      (row) => {
        noteLegacy(works, row)
      }
    )
  })
  const tried = new Map([...asked].map(([source, who]) => [source, who.size]))
  return { bytesFetched, bytes, tried, legacy: legacyFigures(works) }
}

function noteLegacy(works: Map<string, LegacyWork>, row: SqlRow): void {
  const jobId = String(row['job_id'])
  const at = n(row, 'at')
  const bytes = n(row, 'bytes')
  const outcome = row['outcome']
  const work = works.get(jobId) ?? {
    firstAt: at - n(row, 'elapsed_ms') / 1000,
    doneAt: null,
    bytes: 0,
    largest: 0,
    hadCopy: false
  }
  work.bytes += bytes
  work.largest = Math.max(work.largest, bytes)
  if (outcome === 'success' && bytes > 0) work.doneAt = at
  if (outcome !== 'no_pdf' && outcome !== 'skipped') work.hadCopy = true
  works.set(jobId, work)
}

function legacyFigures(works: ReadonlyMap<string, LegacyWork>): LegacyFigures {
  const all = [...works.values()]
  const seconds = all.flatMap((work) =>
    work.doneAt === null ? [] : [Math.max(0, work.doneAt - work.firstAt)]
  )
  return {
    works: all.length,
    completed: seconds.length,
    withoutCopy: all.filter((work) => work.doneAt === null && !work.hadCopy).length,
    bytesFetchedTwice: all.reduce((sum, work) => sum + work.bytes - work.largest, 0),
    seconds: seconds.sort((a, b) => a - b)
  }
}
