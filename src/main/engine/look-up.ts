/**
 * Looks up a work under all its names (docs/design.md, G1) before anything is planned. Reads only; the result
 * is what `planWork` would find at the same instant.
 */
import type { State } from '../../contract/words'
import type { WorkDraft } from '../../contract/work'
import type { Reader } from '../ledger/ledger'
import { recordedWork } from '../ledger/recorded-work'
import { workIdOf } from '../works/works'
import { worksNamedBy } from './ops/known-works'

export interface KnownWork {
  readonly workId: string
  readonly title: string | null
  readonly authors: readonly string[]
  readonly year: number | null
  /** the job of the work, a finished one first; null when it has none */
  readonly jobId: string | null
  readonly state: State | null
  /** an artifact of it in the library */
  readonly artifactId: string | null
  readonly removed: { readonly at: number; readonly by: string } | null
}

/** Null when the work is unknown. */
export function lookUpWork(r: Reader, draft: WorkDraft): KnownWork | null {
  const named = worksNamedBy(r, draft).known
  // A draft without an identifier may be a work that was planned by its address alone.
  const own = Object.keys(draft.ids).length === 0 ? [] : [workIdOf(draft.ids, draft.namedBy)]
  const known = [...new Set([...named, ...own])].flatMap((workId) => knownWork(r, workId) ?? [])
  return (
    known.find((one) => one.removed !== null) ??
    known.find((one) => one.artifactId !== null) ??
    known.find((one) => one.jobId !== null) ??
    known[0] ??
    null
  )
}

function knownWork(r: Reader, workId: string): KnownWork | null {
  const { title, authors, year, job, artifact, tombstone, isKnown } = recordedWork(r, workId)
  if (!isKnown) return null
  return {
    workId,
    title,
    authors,
    year,
    jobId: job?.jobId ?? null,
    state: job?.state ?? null,
    artifactId: artifact?.artifactId ?? null,
    removed: tombstone === null ? null : { at: tombstone.removedAt, by: tombstone.removedBy }
  }
}
