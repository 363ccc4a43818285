/**
 * The works of the ledger that a draft names (docs/design.md, G1). Every name leads to its work, but a weaker
 * name that belongs to a work with another DOI is ignored. Reads only.
 */
import type { Identifiers, Scheme, WorkDraft } from '../../../contract/work'
import type { Reader } from '../../ledger/ledger'
import { workById, workByName } from '../../ledger/works'
import { aliasesOf, areDifferentWorks, ownDoi, withoutSchemes } from '../../works/works'

export interface NamedWorks {
  /** works that the draft names, without duplicates */
  readonly known: readonly string[]
  /** the draft's identifiers without those that belong to a work with another DOI */
  readonly ids: Identifiers
}

export function worksNamedBy(r: Reader, draft: Pick<WorkDraft, 'ids'>): NamedWorks {
  const own = ownDoi(draft.ids)
  const byDoi = own === null ? null : workByName(r, 'doi', own)
  const known = new Set<string>()
  const taken = new Set<Scheme>()
  if (byDoi !== null) known.add(byDoi)
  for (const { scheme, value } of aliasesOf(draft.ids)) {
    if (scheme === 'doi' && value === own) continue
    const holder = workByName(r, scheme, value)
    if (holder === null || known.has(holder)) continue
    const held = own === null ? undefined : workById(r, holder)?.ids
    if (held !== undefined && areDifferentWorks(held, draft.ids)) taken.add(schemeOf(draft.ids, scheme))
    else known.add(holder)
  }
  return { known: [...known], ids: withoutSchemes(draft.ids, taken) }
}

/** arXiv's DOI is derived from the arXiv id, and is dropped with it. */
function schemeOf(ids: Identifiers, alias: Scheme): Scheme {
  return alias === 'doi' && ownDoi(ids) !== null ? 'arxiv' : alias
}
