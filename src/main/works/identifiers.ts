/**
 * A work's id, its locator, and its aliases (docs/design.md §1). Id and locator are derived from the
 * identifiers alone, so that planning needs no network and two machines agree. `recognise.ts` defines the
 * syntax of identifiers, not this module.
 */
import { arxivOfDoi, doiOfArxiv } from '../../contract/doi'
import { fail } from '../../contract/errors'
import type { Identifiers, Scheme } from '../../contract/work'
import { canonicalUrl } from './canonical-url'
import { sha256Hex } from '../platform/sha256'

/** `url`: the address is the name, although it contains an identifier. */
export type NamedBy = 'url'

export interface Alias {
  readonly scheme: Scheme
  readonly value: string
}

/**
 * The `work_id` of a work when it is first planned. An arXiv id stays `arxiv:…` although DataCite gave it a
 * DOI too; that DOI, when the user gave it, stays `doi:…`. A PMID alone is named by its page. BAD_IDENTIFIER
 * when there is no identifier at all.
 */
export function workIdOf(ids: Identifiers, namedBy?: NamedBy): string {
  if (namedBy === 'url' && ids.url !== undefined) return nameOfUrl(ids.url)
  if (ids.openalex !== undefined) return ids.openalex
  if (ids.doi !== undefined) return `doi:${ids.doi}`
  if (ids.arxiv !== undefined) return `arxiv:${ids.arxiv}`
  if (ids.pmcid !== undefined) return `pmcid:${ids.pmcid}`
  if (ids.pmid !== undefined) return nameOfUrl(pageOfPmid(ids.pmid))
  if (ids.url !== undefined) return nameOfUrl(ids.url)
  return fail('BAD_IDENTIFIER', 'The work has no identifier, so it cannot be given a name.')
}

/**
 * The canonical locator: a canonical URL, the `canonical_url` of the work's jobs. OpenAlex's own page
 * only when nothing else is known.
 */
export function locatorOf(ids: Identifiers, namedBy?: NamedBy): string {
  if (namedBy === 'url' && ids.url !== undefined) return ids.url
  if (ids.doi !== undefined) return pageOfDoi(ids.doi)
  if (ids.arxiv !== undefined) return `https://arxiv.org/abs/${ids.arxiv}`
  if (ids.pmcid !== undefined) return `https://pmc.ncbi.nlm.nih.gov/articles/${ids.pmcid}/`
  if (ids.pmid !== undefined) return pageOfPmid(ids.pmid)
  if (ids.url !== undefined) return ids.url
  if (ids.openalex !== undefined) return `https://openalex.org/${ids.openalex}`
  return fail('BAD_IDENTIFIER', 'The work has no identifier, so it cannot be located.')
}

/** Every (scheme, value) pair by which the work can be looked up, including derived ones; no duplicates. */
export function aliasesOf(ids: Identifiers): Alias[] {
  const aliases: Alias[] = []
  const add = (scheme: Scheme, value: string | null | undefined): void => {
    if (value === undefined || value === null) return
    if (!aliases.some((alias) => alias.scheme === scheme && alias.value === value))
      aliases.push({ scheme, value })
  }
  add('openalex', ids.openalex)
  add('doi', ids.doi)
  add('arxiv', ids.arxiv)
  add('pmcid', ids.pmcid)
  add('pmid', ids.pmid)
  add('url', ids.url)
  if (ids.doi !== undefined) add('arxiv', arxivOfDoi(ids.doi))
  if (ids.arxiv !== undefined) add('doi', doiOfArxiv(ids.arxiv))
  return aliases
}

/** The same as `scheme:value`. */
export function aliasNames(ids: Identifiers): string[] {
  return aliasesOf(ids).map(({ scheme, value }) => `${scheme}:${value}`)
}

function nameOfUrl(url: string): string {
  return `url:${sha256Hex(url)}`
}

function pageOfPmid(pmid: string): string {
  return `https://pubmed.ncbi.nlm.nih.gov/${pmid}/`
}

/** A DOI may contain `?`, `#` and `%`, which have another meaning in an address. */
export function pageOfDoi(doi: string): string {
  const path = encodeURI(doi).replace(/[?#]/g, encodeURIComponent)
  return canonicalUrl(`https://doi.org/${path}`)
}
