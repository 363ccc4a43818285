/**
 * The recover screen's queries: past reconciliations with their counts, and the subject of each finding.
 * Findings name a job, an op, an artifact or a path; for subjects removed since, what is still known is
 * returned.
 */
import { FINDING_KINDS, type FindingKind } from '../../contract/recover-views'
import { keyOf } from './history-names'
import { ofArtifact } from './jobs'
import type { Reader, SqlRow } from './ledger'
import { jsonOf, numberOf, numberOrNull, textOf, textOrNull } from './row-values'
import { isObject } from '../../contract/unknown-values'
import { tableOf } from '../../contract/tables'

export interface ReconciliationCounts {
  readonly id: number
  readonly at: number
  readonly finishedAt: number | null
  readonly why: string
  readonly counts: Readonly<Record<FindingKind, number>>
}

const COUNTS = FINDING_KINDS.map(
  (kind) => `coalesce(json_extract(findings_json, '$.${kind}'), 0) AS ${kind}`
).join(', ')

/** Newest first. Their findings are not read: some list ten thousand files. */
export function reconciliationCounts(reader: Reader, limit: number): ReconciliationCounts[] {
  return reader
    .all(
      `SELECT reconciliation_id, at, finished_at, why, ${COUNTS} FROM reconciliations
       ORDER BY reconciliation_id DESC LIMIT ?`,
      [limit]
    )
    .map((row) => ({
      id: numberOf(row, 'reconciliation_id'),
      at: numberOf(row, 'at'),
      finishedAt: numberOrNull(row, 'finished_at'),
      why: textOf(row, 'why'),
      counts: tableOf(FINDING_KINDS, (kind) => Number(row[kind] ?? 0))
    }))
}

export interface Finding {
  readonly kind: FindingKind
  /** the reported id or path */
  readonly id: string
  readonly jobId: string | null
  readonly title: string | null
  /** the kind of an op; null otherwise */
  readonly opKind: string | null
  /** the recovery of a repeated op, or null */
  readonly recovery: string | null
}

/** At most `most` of each kind; none when there is no such reconciliation. */
export function findingsOf(reader: Reader, reconciliationId: number, most: number): Finding[] {
  const row = reader.get('SELECT findings_json FROM reconciliations WHERE reconciliation_id = ?', [
    reconciliationId
  ])
  if (row === null) return []
  const findings = jsonOf(row, 'findings_json')
  const ids = isObject(findings) && isObject(findings['ids']) ? findings['ids'] : {}
  return FINDING_KINDS.flatMap((kind) => {
    const named = ids[kind]
    if (!Array.isArray(named)) return []
    return named
      .filter((id): id is string => typeof id === 'string')
      .slice(0, most)
      .map((id) => ({ kind, id, ...LOOK_UP[kind](reader, id) }))
  })
}

type LookedUp = Omit<Finding, 'kind' | 'id'>
const NOTHING: LookedUp = { jobId: null, title: null, opKind: null, recovery: null }

const LOOK_UP: Readonly<Record<FindingKind, (reader: Reader, id: string) => LookedUp>> = {
  stale_leases: byJob,
  abandoned_ops: byOp,
  parts_kept: byJob,
  parts_removed: byJob,
  relinked: byArtifact,
  requeued: byJob,
  quarantined: byArtifact,
  adopted: byPath,
  unknown_files: () => NOTHING
}

function byJob(reader: Reader, jobId: string): LookedUp {
  const row = reader.get(
    `SELECT j.job_id, w.title FROM artifact_jobs j LEFT JOIN works w ON w.work_id = j.work_id
     WHERE j.job_id = ?`,
    [jobId]
  )
  return row === null ? NOTHING : { ...NOTHING, ...jobOf(row) }
}

function byOp(reader: Reader, opKey: string): LookedUp {
  const row = reader.get(
    `SELECT o.op_type, o.recovery, j.job_id, w.title FROM artifact_ops o
       LEFT JOIN artifact_jobs j ON j.job_id = o.job_id LEFT JOIN works w ON w.work_id = j.work_id
     WHERE o.key = ?`,
    [keyOf(opKey)]
  )
  if (row === null) return NOTHING
  return { ...jobOf(row), opKind: textOf(row, 'op_type'), recovery: textOrNull(row, 'recovery') }
}

/** An artifact whose file was gone has no row any more, but its job has. */
function byArtifact(reader: Reader, artifactId: string): LookedUp {
  const { sql, parameters } = ofArtifact(artifactId)
  const row = reader.get(
    `SELECT j.job_id, w.title FROM artifact_jobs j LEFT JOIN works w ON w.work_id = j.work_id
     WHERE ${sql} ORDER BY j.created_at, j.job_id LIMIT 1`,
    parameters
  )
  return row === null ? NOTHING : { ...NOTHING, ...jobOf(row) }
}

/** `objects/ab/<sha256>.pdf`, or a readable name. */
function byPath(reader: Reader, path: string): LookedUp {
  const sha256 = /(?:^|\/)([0-9a-f]{64})\.\w{1,10}$/.exec(path)?.[1]
  const row = reader.get(
    `SELECT a.job_id, w.title FROM artifacts a LEFT JOIN works w ON w.work_id = a.work_id
     WHERE ${sha256 === undefined ? 'a.paper_path' : 'a.hash'} = ?
     ORDER BY a.finalized_at, a.artifact_id LIMIT 1`,
    [sha256 === undefined ? path : keyOf(sha256)]
  )
  return row === null ? NOTHING : { ...NOTHING, ...jobOf(row) }
}

function jobOf(row: SqlRow): { readonly jobId: string | null; readonly title: string | null } {
  return { jobId: textOrNull(row, 'job_id'), title: textOrNull(row, 'title') }
}
