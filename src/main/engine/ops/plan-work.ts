/**
 * PLAN: one job per work and format, however often and under whatever name it is requested (docs/design.md,
 * G1). Needs no network. Every known name of a work leads to it; the first `work_id` stays, and a removed
 * work stays removed.
 */
import { limitFacts, MOST_CHARS } from '../../../contract/limits'
import type { PlannedLine } from '../../../contract/lines'
import type { Identifiers, Work, WorkDraft } from '../../../contract/work'
import { artifactIdOf, type Format } from '../../../contract/words'
import { insertEvent } from '../../ledger/job-events'
import { insertJob, jobsOfArtifact } from '../../ledger/jobs'
import type { Reader, Writer } from '../../ledger/ledger'
import { tombstoneOf } from '../../ledger/tombstones'
import { keepReference } from '../../ledger/work-references'
import { addNames, insertWork, mergeFacts, pointNames, workById } from '../../ledger/works'
import { jobIdOf, jobKey } from '../../works/keys'
import { aliasesOf, areDifferentWorks, locatorOf, workIdOf } from '../../works/works'
import { worksNamedBy } from './known-works'

export interface PlanContext {
  readonly now: number
  readonly runId: string | null
  readonly priority: number
  /** false: the caller has checked that no work was ever removed */
  readonly hasTombstones?: boolean
  /** false: the user's own reference, which may have to be read first, is not kept */
  readonly keepsReferences?: boolean
}

/** Plans one work inside a transaction. One line per format. */
export function planWork(
  w: Writer,
  draft: WorkDraft,
  formats: readonly Format[],
  context: PlanContext
): PlannedLine[] {
  const { workId, isNew, ids, title } = rememberWork(w, draft, context)
  const tombstone = context.hasTombstones === false ? null : tombstoneOf(w, workId)
  return formats.map((format) => {
    const artifactId = artifactIdOf(workId, format)
    // A work that was just created has no job: every job is written with its work.
    const known = isNew ? undefined : jobsOfArtifact(w, artifactId)[0]
    const canonicalUrl = known?.canonicalUrl ?? locatorOf(ids, namedByOf(workId, draft))
    const key = jobKey(workId, artifactId, canonicalUrl)
    const jobId = known?.jobId ?? jobIdOf(key)
    const line = {
      type: 'planned' as const,
      work_id: workId,
      job_id: jobId,
      canonical_url: canonicalUrl,
      title,
      existing: known !== undefined
    }
    if (tombstone !== null)
      return { ...line, existing: true, tombstone: sayRemoval(tombstone.removedAt, tombstone.removedBy) }
    if (known === undefined) {
      const inserted = insertJob(w, {
        jobId,
        workId,
        artifactId,
        canonicalUrl,
        idempotencyKey: key,
        priority: context.priority,
        runId: context.runId,
        now: context.now
      })
      if (inserted) insertEvent(w, { jobId, at: context.now, kind: 'planned', detail: { ...draft.origin } })
      return { ...line, existing: !inserted }
    }
    return line
  })
}

/** The work that planning would create, without a row: for previews. */
export function draftedWork(draft: WorkDraft): Work {
  const workId = workIdOf(draft.ids, draft.namedBy)
  return {
    workId,
    ids: draft.ids,
    facts: limitFacts(draft.facts),
    ...(draft.arxivVersion === undefined ? {} : { arxivVersion: draft.arxivVersion }),
    locations: draft.locations ?? []
  }
}

export function drafted(draft: WorkDraft, format: Format): PlannedLine {
  const workId = workIdOf(draft.ids, draft.namedBy)
  const canonicalUrl = locatorOf(draft.ids, draft.namedBy)
  return {
    type: 'planned',
    work_id: workId,
    job_id: jobIdOf(jobKey(workId, artifactIdOf(workId, format), canonicalUrl)),
    canonical_url: canonicalUrl,
    title: limitFacts(draft.facts).title ?? null,
    existing: false
  }
}

interface Remembered {
  readonly workId: string
  /** it was not in the ledger before this call */
  readonly isNew: boolean
  /** everything that the ledger records of it now */
  readonly ids: Identifiers
  readonly title: string | null
}

/** Finds the work by any of its names, or creates it; merges works that turn out to be one. */
function rememberWork(w: Writer, draft: WorkDraft, { now, keepsReferences = true }: PlanContext): Remembered {
  const facts = limitFacts(draft.facts)
  const { known, ids } = worksNamedBy(w, draft)
  const workId = eldest(w, known) ?? workIdOf(ids, draft.namedBy)
  const inserted = insertWork(w, {
    workId,
    ids,
    facts,
    arxivVersion: draft.arxivVersion,
    locations: draft.locations ?? [],
    now
  })
  if (!inserted) mergeFacts(w, workId, { ids, facts, locations: draft.locations }, now)
  const own = known.length > 1 ? (workById(w, workId)?.ids ?? {}) : {}
  for (const other of known)
    if (other !== workId && !areDifferentWorks(workById(w, other)?.ids ?? {}, own))
      pointNames(w, other, workId)
  addNames(w, workId, aliasesOf(ids))
  const reference = keepsReferences ? draft.reference : undefined
  if (reference !== undefined && reference.length <= MOST_CHARS.reference) keepReference(w, workId, reference)
  if (inserted) return { workId, isNew: true, ids, title: facts.title ?? null }
  const work = workById(w, workId)
  return { workId, isNew: false, ids: work?.ids ?? draft.ids, title: work?.facts.title ?? null }
}

/** Of several works that this draft identifies as one, the one planned first. */
function eldest(r: Reader, workIds: readonly string[]): string | null {
  if (workIds.length <= 1) return workIds[0] ?? null
  const firstJobAt = (workId: string): number =>
    Math.min(...jobsOfArtifact(r, artifactIdOf(workId, 'pdf')).map((job) => job.createdAt), Number.MAX_VALUE)
  return [...workIds].sort((a, b) => firstJobAt(a) - firstJobAt(b))[0] ?? null
}

function namedByOf(workId: string, draft: WorkDraft): 'url' | undefined {
  return workId.startsWith('url:') && draft.ids.url !== undefined ? 'url' : undefined
}

export function sayRemoval(at: number, by: string): string {
  const day = new Date(at * 1000).toISOString().slice(0, 10)
  return `removed on ${day}, by ${by}`
}
