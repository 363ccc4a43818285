/**
 * Rows of a preview: the result of each draft, and each line that was not understood, in the given order. A
 * repeated work is one row (docs/design.md, G1).
 */
import { isDone } from '../../contract/states'
import type { PreviewKind } from '../../contract/add-views'
import type { WorkDraft } from '../../contract/work'
import type { KnownWork, Sheaf } from '../sheaf-api'
import { locatorOf, SeenWorks, workIdOf, type Problem } from '../works/works'
import { identifierInAddress } from './job-view'
import type { Preview, PreviewedRow } from './previews'
import type { ReadList } from './read-references'
import { inSlices } from '../platform/slices'

export interface ToClassify {
  readonly lists: readonly ReadList[]
  /** for a search: its works have no position in a text */
  readonly nameless: boolean
  readonly signal: AbortSignal
}

/** Works looked up between two yields: about ten milliseconds. */
export const LOOKED_UP_AT_ONCE = 150

export async function previewRows(
  sheaf: Pick<Sheaf, 'lookUp'>,
  asked: ToClassify
): Promise<Pick<Preview, 'rows' | 'repeated' | 'repeats'>> {
  const rows: PreviewedRow[] = []
  const repeats: WorkDraft[] = []
  const seen = new SeenWorks<true>()
  let repeated = 0
  for (const list of asked.lists) {
    repeated += list.repeated
    for (const repeat of list.repeats) repeats.push(repeat)
    const notes = notesOf(list.problems)
    for await (const batch of inSlices(inOrder(list), LOOKED_UP_AT_ONCE)) {
      asked.signal.throwIfAborted()
      const fresh = batch.flatMap(({ draft }) => {
        if (draft === null) return []
        if (named(draft, seen)) {
          repeated += 1
          repeats.push(draft)
          return []
        }
        return [draft]
      })
      const known = sheaf.lookUp(fresh)
      const found = new Map(fresh.map((draft, index) => [draft, known[index] ?? null]))
      for (const entry of batch) {
        const index = rows.length
        if (entry.draft === null) rows.push(notUnderstood(entry.problem, index))
        else if (found.has(entry.draft)) {
          const note = notes.get(entry.draft.origin?.line ?? -1) ?? null
          rows.push(rowOf(entry.draft, found.get(entry.draft) ?? null, { index, note, ...asked }))
        }
      }
    }
  }
  return { rows, repeated, repeats }
}

type Entry =
  { readonly draft: WorkDraft; readonly problem: null } | { readonly draft: null; readonly problem: Problem }

function inOrder(list: ReadList): Entry[] {
  const entries: { readonly line: number; readonly entry: Entry }[] = [
    ...list.drafts.map((draft) => ({ line: draft.origin?.line ?? 0, entry: { draft, problem: null } })),
    ...list.problems
      .filter((problem) => !problem.planned)
      .map((problem) => ({ line: problem.line, entry: { draft: null, problem } }))
  ]
  // Stable: two works of one line keep their order.
  return entries.sort((a, b) => a.line - b.line).map(({ entry }) => entry)
}

/** Unusable fields of entries that are planned all the same. */
function notesOf(problems: readonly Problem[]): ReadonlyMap<number, string> {
  return new Map(problems.filter((one) => one.planned).map((one) => [one.line, one.because]))
}

/** Was the work seen before under one of its names? Adds it. */
function named(draft: WorkDraft, seen: SeenWorks<true>): boolean {
  const known = seen.find(draft.ids) !== null
  seen.add(draft.ids, true)
  return known
}

function rowOf(
  draft: WorkDraft,
  known: KnownWork | null,
  place: { readonly index: number; readonly note: string | null; readonly nameless: boolean }
): PreviewedRow {
  const kind = kindOf(known)
  const removed = known?.removed ?? null
  return {
    draft,
    row: {
      index: place.index,
      kind,
      title: draft.facts.title ?? known?.title ?? null,
      authors: draft.facts.authors ?? known?.authors ?? [],
      year: draft.facts.year ?? known?.year ?? null,
      identifier: identifierOfDraft(draft),
      origin: place.nameless ? null : (draft.origin?.name ?? null),
      line: place.nameless ? null : (draft.origin?.line ?? null),
      text: null,
      because: place.note,
      removed: removed === null ? null : { at: removed.at, by: removed.by },
      jobId: known?.jobId ?? null,
      artifactId: known?.artifactId ?? null,
      match: null,
      copy: null
    }
  }
}

export function kindOf(known: KnownWork | null): PreviewKind {
  if (known === null) return 'new'
  if (known.removed !== null) return 'removed'
  if (known.artifactId !== null || (known.state !== null && isDone(known.state))) return 'in_library'
  return known.jobId === null ? 'new' : 'planned'
}

export function identifierOfDraft(draft: WorkDraft): string | null {
  if (Object.keys(draft.ids).length === 0) return null
  return identifierInAddress(workIdOf(draft.ids, draft.namedBy), locatorOf(draft.ids, draft.namedBy))
}

function notUnderstood(problem: Problem, index: number): PreviewedRow {
  return {
    draft: null,
    ...(problem.unnamed === undefined ? {} : { unnamed: problem.unnamed }),
    row: {
      index,
      kind: 'not_understood',
      title: problem.unnamed?.facts.title ?? null,
      authors: problem.unnamed?.facts.authors ?? [],
      year: problem.unnamed?.facts.year ?? null,
      identifier: null,
      origin: problem.name,
      line: problem.line,
      text: problem.text,
      because: problem.because,
      removed: null,
      jobId: null,
      artifactId: null,
      match: null,
      copy: null
    }
  }
}
