/**
 * Looks up references of files that are identified only by a title: reported one line each, and planned only
 * with `--accept-matches` and a sufficient score. What is not planned stays a problem, so that entries in =
 * lines out.
 */
import { counted } from '../../contract/counted'
import { DOUBT_WORDS } from '../../contract/match-words'
import { SURE_SCORE, type TitleMatch } from '../../contract/matches'
import type { WorkDraft } from '../../contract/work'
import { workIdOf } from '../works/works'
import type { RequestOf } from './invocation'
import type { Selection, SelectionProblem } from './selectors'
import { print, report, tell, type Opened, type CommandContext } from './command-context'
import { columns } from './wording'

/** The selection with accepted matches added to its drafts. Reports every withheld problem. */
export async function matchTitlesOf<S extends Selection>(
  context: CommandContext,
  { sheaf }: Opened,
  asked: { readonly selection: S; readonly how: RequestOf<'plan'>['titles'] }
): Promise<S> {
  const { selection, how } = asked
  const held = selection.problems.filter((problem) => problem.unnamed !== undefined && !problem.planned)
  if (held.length === 0 || how === 'never') return selection
  if (held.length > 20) tell(context, `${counted(held.length, 'title')} to look up…`)
  const matches = await sheaf.matchTitles(
    held.map(({ unnamed }) => unnamed?.facts ?? {}),
    { signal: context.signal }
  )
  const accepted: WorkDraft[] = []
  const settled = new Map<SelectionProblem, SelectionProblem | null>()
  held.forEach((problem, at) => {
    const match = matches[at] ?? { verdict: 'unanswered', proposal: null }
    const draft = how === 'accept' && match.verdict === 'sure' ? draftOf(problem.unnamed, match) : null
    sayMatch(context, problem, { match, accepted: draft !== null })
    if (draft !== null) accepted.push(draft)
    const left = draft === null ? withMatch(problem, match) : null
    if (left !== null) report(context, left)
    settled.set(problem, left)
  })
  return {
    ...selection,
    drafts: [...selection.drafts, ...accepted],
    problems: selection.problems.flatMap((problem) => {
      const left = settled.get(problem)
      return left === undefined ? [problem] : left === null ? [] : [left]
    })
  }
}

/** The service's identifiers and facts; the user's own reference, key and origin are kept. */
function draftOf(unnamed: WorkDraft | undefined, { proposal }: TitleMatch): WorkDraft | null {
  return unnamed === undefined || proposal === null
    ? null
    : { ...unnamed, ids: proposal.ids, facts: { ...unnamed.facts, ...proposal.facts } }
}

function proposalLine({ ids, facts, service }: NonNullable<TitleMatch['proposal']>) {
  return {
    work_id: workIdOf(ids),
    ...ids,
    title: facts.title ?? null,
    authors: facts.authors ?? [],
    year: facts.year ?? null,
    venue: facts.venue ?? null,
    source: service
  }
}

function sayMatch(
  context: CommandContext,
  { unnamed, origin }: SelectionProblem,
  { match, accepted }: { readonly match: TitleMatch; readonly accepted: boolean }
): void {
  const { verdict, proposal } = match
  const facts = unnamed?.facts ?? {}
  context.lines?.write({
    type: 'match',
    name: origin?.name ?? null,
    line: origin?.line ?? null,
    key: unnamed?.key ?? null,
    title: facts.title ?? null,
    author: facts.authors?.[0] ?? null,
    year: facts.year ?? null,
    verdict,
    accepted,
    score: proposal?.score ?? null,
    doubt: proposal?.doubt ?? null,
    proposal: proposal === null ? null : proposalLine(proposal)
  })
  if (proposal === null) return
  const where = `${origin?.name ?? ''}:${String(origin?.line ?? '')}`
  const title = [proposal.facts.title ?? '', proposal.facts.authors?.[0] ?? '', proposal.facts.year ?? '']
  print(
    context,
    columns([
      [
        where,
        accepted ? 'accepted' : verdict === 'sure' ? 'match' : 'unsure',
        proposal.score.toFixed(2),
        workIdOf(proposal.ids),
        title.filter((part) => part !== '').join(' · ')
      ]
    ])
  )
}

function withMatch(problem: SelectionProblem, { verdict, proposal }: TitleMatch): SelectionProblem {
  if (verdict === 'unanswered')
    return { ...problem, hint: 'No service could be asked about the title. Try again later, or add a DOI.' }
  if (proposal === null)
    return { ...problem, hint: 'No work with this title was found. Add a DOI or another identifier.' }
  const name = proposal.ids.doi ?? workIdOf(proposal.ids)
  const found = `${problem.message} Found: ${name}, score ${proposal.score.toFixed(2)}`
  if (verdict === 'sure')
    return {
      ...problem,
      message: `${found}.`,
      hint: 'Check it, then plan it with --accept-matches, or add the DOI to the file.'
    }
  const because = proposal.doubt === null ? '' : `: ${DOUBT_WORDS[proposal.doubt]}`
  return {
    ...problem,
    message: `${found}, below ${SURE_SCORE.toFixed(2)}${because}.`,
    hint: `If it is the one, plan it with --doi ${name} or add the DOI to the file.`
  }
}
