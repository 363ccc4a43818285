/**
 * Looks up rows of a preview that are identified only by a title: the proposed paper waits for confirmation,
 * is in the library or queue already, or was not found. Nothing is planned here.
 */
import type { TitleMatch } from '../../contract/matches'
import type { WorkDraft } from '../../contract/work'
import type { HandlerDeps } from './handler-deps'
import { identifierOfDraft, kindOf } from './preview-rows'
import type { PreviewedRow } from './previews'

export async function matchRows(
  { session }: Pick<HandlerDeps, 'session'>,
  rows: readonly PreviewedRow[],
  signal: AbortSignal
): Promise<readonly PreviewedRow[]> {
  const asked = rows.flatMap((one) =>
    one.unnamed === undefined || one.row.match !== null ? [] : [{ one, unnamed: one.unnamed }]
  )
  let done = 0
  session.events.tell('matching', { done, of: asked.length })
  const matches = await session.sheaf.matchTitles(
    asked.map(({ unnamed }) => unnamed.facts),
    {
      signal,
      onMatch: () => {
        done += 1
        session.events.tell('matching', { done, of: asked.length })
      }
    }
  )
  const found = new Map(
    asked.map(({ one, unnamed }, at) => [
      one,
      withMatch(session, one, { unnamed, match: matches[at] ?? { verdict: 'unanswered', proposal: null } })
    ])
  )
  return rows.map((one) => found.get(one) ?? one)
}

function withMatch(
  session: HandlerDeps['session'],
  { row, ...rest }: PreviewedRow,
  { unnamed, match }: { readonly unnamed: WorkDraft; readonly match: TitleMatch }
): PreviewedRow {
  const { verdict, proposal } = match
  const view = {
    verdict,
    score: proposal?.score ?? null,
    doubt: proposal?.doubt ?? null,
    title: proposal?.facts.title ?? null,
    authors: proposal?.facts.authors ?? [],
    venue: proposal?.facts.venue ?? null
  }
  if (proposal === null) return { ...rest, row: { ...row, match: view } }
  const draft = { ...unnamed, ids: proposal.ids, facts: { ...unnamed.facts, ...proposal.facts } }
  const [known = null] = session.sheaf.lookUp([draft])
  const kind = kindOf(known)
  // An uncertain match is not shown as known.
  const isKnown = verdict === 'sure' && kind !== 'new'
  return {
    ...rest,
    draft,
    row: {
      ...row,
      kind: isKnown ? kind : 'to_confirm',
      year: proposal.facts.year ?? row.year,
      identifier: identifierOfDraft(draft),
      because: null,
      removed: null,
      jobId: isKnown ? (known?.jobId ?? null) : null,
      artifactId: isKnown ? (known?.artifactId ?? null) : null,
      match: view
    }
  }
}
