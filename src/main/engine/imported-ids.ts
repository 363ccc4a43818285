/** The names of a work imported from a foreign ledger: all that its id and its locator contain. Pure. */
import type { Identifiers } from '../../contract/work'
import { recognise } from '../works/works'

export function idsOfImported(job: { readonly workId: string; readonly canonicalUrl: string }): Identifiers {
  return { ...idsIn(job.canonicalUrl), ...idsIn(job.workId) }
}

function idsIn(text: string): Identifiers {
  const found = recognise(text)
  return found.kind === 'ids' ? found.ids : {}
}
