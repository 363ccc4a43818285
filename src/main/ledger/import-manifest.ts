/**
 * Inserts the rows of a foreign manifest into this ledger. Imported jobs keep their id, without a lease. Rows
 * that are in the ledger already, by id, by key or by identity, stay unchanged.
 */
import { SCHEMES, type Identifiers } from '../../contract/work'
import { addTo } from '../platform/add-to'
import { jobOf, keyOf, typeNumber } from './history-names'
import { NEXT_JOB_NUMBER } from './jobs'
import type { Writer } from './ledger'
import type { Manifest, ManifestJob, ManifestOp, ManifestProblem } from './manifest-rows'
import { addNames, insertWork, type WorkName } from './works'

export interface Imported {
  readonly jobs: number
  readonly ops: number
  /** rows the ledger had already */
  readonly skipped: number
}

const JOBS_AT_ONCE = 500
/**
 * Characters of one piece, since a transaction must fit into one line of the journal; and of one job, which
 * keeps only the start of a longer history.
 */
const PIECE_LIMITS = { chars: 8 * 1024 * 1024, charsOfJob: 16 * 1024 * 1024 }

export interface Piece extends Pick<Manifest, 'jobs' | 'ops'> {
  /** ops left out because the history of their job is too long */
  readonly leftOut: readonly LeftOut[]
}

export type LeftOut = Pick<ManifestProblem, 'table' | 'key' | 'because'>

/**
 * Splits the manifest into pieces of whole jobs with all their ops, so that an import can be stopped between
 * two transactions and resumed: a job is never in the ledger without its history.
 */
export function* inPieces(manifest: Manifest, limits = PIECE_LIMITS): Iterable<Piece> {
  const opsOf = new Map<string, ManifestOp[]>()
  for (const op of manifest.ops) addTo(opsOf, op.jobId, op)
  let piece = { jobs: [] as ManifestJob[], ops: [] as ManifestOp[], leftOut: [] as LeftOut[] }
  let chars = 0
  for (const job of manifest.jobs) {
    let ofJob = 0
    for (const op of opsOf.get(job.jobId) ?? []) {
      ofJob += op.opKey.length + (op.resultJson?.length ?? 0)
      if (ofJob <= limits.charsOfJob) piece.ops.push(op)
      else
        piece.leftOut.push({
          table: 'artifact_ops',
          key: op.opKey,
          because: 'the history of its job is too long'
        })
    }
    piece.jobs.push(job)
    chars += Math.min(ofJob, limits.charsOfJob)
    if (piece.jobs.length < JOBS_AT_ONCE && chars < limits.chars) continue
    yield piece
    piece = { jobs: [], ops: [], leftOut: [] }
    chars = 0
  }
  if (piece.jobs.length > 0) yield piece
}

export interface ImportOptions {
  /** epoch seconds */
  readonly now: number
  /** the identifiers of a job's work */
  readonly idsOf: (job: ManifestJob) => Identifiers
}

export function importManifest(
  writer: Writer,
  manifest: Pick<Manifest, 'jobs' | 'ops'>,
  { now, idsOf }: ImportOptions
): Imported {
  const taken = new Set<string>()
  let skipped = 0
  for (const job of manifest.jobs) {
    if (!insertJob(writer, job)) {
      skipped += 1
      continue
    }
    taken.add(job.jobId)
    const ids = idsOf(job)
    if (insertWork(writer, { workId: job.workId, ids, facts: {}, now })) {
      addNames(writer, job.workId, namesOf(ids))
    }
  }
  let ops = 0
  for (const op of manifest.ops) {
    // A job that existed before keeps its own history.
    const inserted =
      taken.has(op.jobId) &&
      writer.run(
        `INSERT OR IGNORE INTO op_rows (key, job, op_type, started_at, finished_at, result_code, result_json,
           attempt, replays) VALUES (?1, ${jobOf('?2')}, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`,
        [
          keyOf(op.opKey),
          op.jobId,
          typeNumber(op.opType),
          op.startedAt,
          op.finishedAt,
          op.resultCode,
          op.resultJson,
          op.attempt,
          op.replays
        ]
      ) > 0
    if (inserted) ops += 1
    else skipped += 1
  }
  return { jobs: taken.size, ops, skipped }
}

function insertJob(writer: Writer, job: ManifestJob): boolean {
  const inserted = writer.run(
    `INSERT OR IGNORE INTO artifact_jobs (job_id, work_id, artifact_id, canonical_url, state, created_at,
       updated_at, idempotency_key, reason, attempt, next_attempt_at, job_no)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${NEXT_JOB_NUMBER})`,
    [
      job.jobId,
      job.workId,
      job.artifactId,
      job.canonicalUrl,
      job.state,
      job.createdAt,
      job.updatedAt,
      job.idempotencyKey,
      job.reason,
      job.attempt,
      job.nextAttemptAt
    ]
  )
  return inserted > 0
}

function namesOf(ids: Identifiers): WorkName[] {
  return SCHEMES.flatMap((scheme) => {
    const value = ids[scheme]
    return value === undefined ? [] : [{ scheme, value }]
  })
}
