/**
 * Compares the entries of one file: which name the same work again, which only share a weaker identifier.
 * Reference managers write one wrong arXiv id or PMID into many entries, and one address into the chapters of
 * a book. Such entries are not merged, and none is dropped: an entry is a draft, a repeat, or a problem.
 * Source: docs/design.md, G1.
 */
import type { Identifiers, Scheme, WorkDraft } from '../../contract/work'
import { aliasesOf, aliasNames } from './identifiers'
import { ownDoi, SeenWorks, titlesDiffer, withoutSchemes } from './same-work'
import { keysOf } from '../../contract/tables'

export interface Named {
  readonly draft: WorkDraft
  readonly line: number
  readonly text: string
}
export interface Sorted {
  readonly drafts: readonly WorkDraft[]
  readonly repeats: readonly WorkDraft[]
  readonly problems: readonly {
    readonly line: number
    readonly text: string
    readonly because: string
    readonly planned: boolean
  }[]
}

export function sortOut(entries: readonly Named[]): Sorted {
  const contested = contestedNames(entries)
  const drafts: WorkDraft[] = []
  const repeats: WorkDraft[] = []
  const problems: Sorted['problems'][number][] = []
  const seen = new SeenWorks<Named>()
  for (const entry of entries) {
    const { line, text } = entry
    const { draft, dropped } = withoutContested(entry.draft, contested)
    if (dropped.length > 0)
      problems.push({
        line,
        text,
        planned: true,
        because: `${dropped.join(' and ')} ${dropped.length > 1 ? 'are' : 'is'} given to several works of this file; only the DOI is believed.`
      })
    const before = seen.find(draft.ids)
    if (before === null) {
      seen.add(draft.ids, { draft, line, text })
      drafts.push(draft)
      continue
    }
    const other = before.value
    const differs = titlesDiffer(draft.facts.title, other.draft.facts.title)
    if (differs) {
      const shown = (draft.facts.title ?? '').slice(0, 100)
      const because = before.byDoi
        ? `Its DOI is that of line ${other.line}, which has another title; “${shown}” is taken for a repeat of it.`
        : `It has the same ${sharedName(draft.ids, other.draft.ids)} as line ${other.line} and another title, “${shown}”; which of the two it names is not known.`
      problems.push({ line, text, planned: before.byDoi, because })
      if (!before.byDoi) continue
    }
    seen.add(draft.ids, other)
    repeats.push(draft)
  }
  return { drafts, repeats, problems }
}

/**
 * Identifiers that belong to more than one work of the file: works with two DOIs, or with a DOI and another
 * title.
 */
function contestedNames(entries: readonly Named[]): ReadonlySet<string> {
  const holders = new Map<string, { readonly doi: string | null; readonly title: string | undefined }>()
  const contested = new Set<string>()
  for (const { draft } of entries) {
    const doi = ownDoi(draft.ids)
    const { title } = draft.facts
    for (const { scheme, value } of aliasesOf(draft.ids)) {
      if (scheme === 'url' || (scheme === 'doi' && value === doi)) continue
      const name = `${scheme}:${value}`
      const holder = holders.get(name)
      if (holder === undefined) holders.set(name, { doi, title })
      else if (
        holder.doi !== doi &&
        (holder.doi === null || doi === null ? titlesDiffer(title, holder.title) : true)
      )
        contested.add(name)
    }
  }
  return contested
}

const SPOKEN: Readonly<Record<Scheme, string>> = {
  doi: 'DOI',
  openalex: 'OpenAlex id',
  arxiv: 'arXiv id',
  pmid: 'PMID',
  pmcid: 'PMC id',
  url: 'address'
}

/** Removes from a work with a DOI the identifiers that other works have too. */
function withoutContested(
  draft: WorkDraft,
  contested: ReadonlySet<string>
): { readonly draft: WorkDraft; readonly dropped: readonly string[] } {
  if (contested.size === 0 || ownDoi(draft.ids) === null) return { draft, dropped: [] }
  const schemes = keysOf(draft.ids).filter(
    (scheme) => scheme !== 'doi' && contested.has(`${scheme}:${draft.ids[scheme] ?? ''}`)
  )
  if (schemes.length === 0) return { draft, dropped: [] }
  const dropped = schemes.map((scheme) => `The ${SPOKEN[scheme]} ${draft.ids[scheme] ?? ''}`)
  const { arxivVersion, ...others } = draft
  const ids = withoutSchemes(draft.ids, new Set(schemes))
  const keepsVersion = arxivVersion !== undefined && ids.arxiv !== undefined
  return { draft: { ...others, ids, ...(keepsVersion ? { arxivVersion } : {}) }, dropped }
}

function sharedName(one: Identifiers, other: Identifiers): string {
  const names = new Set(aliasNames(other))
  const shared = aliasesOf(one).find(({ scheme, value }) => names.has(`${scheme}:${value}`))
  return shared === undefined ? 'name' : SPOKEN[shared.scheme]
}
