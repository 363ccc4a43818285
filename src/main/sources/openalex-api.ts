/**
 * Builds queries to OpenAlex and interprets its refusals. One work by an identifier is free; a list costs
 * $0.0001, a search $0.001, a file $0.01 out of a daily budget. Each refusal requires another reaction, so
 * they are distinguished. Source: ourresearch/openalex-api-proxy src/index.ts, help.openalex.org (read
 * 2026-11); docs/services.md.
 */
import type { AnswerFacts } from '../net/net'
import { doiInPath } from './facts'
import { readStatus, type Failure } from './reading'
import type { Identifiers } from '../../contract/work'
import { namesSpentBudget } from '../net/closures'
import { nextMidnight } from '../net/rate'

export const OPENALEX_API = 'https://api.openalex.org'
/** Values in one filter, and works on one page. */
export const OPENALEX_MOST = 100
/** The service refuses longer addresses; counted from the first character of the scheme. */
export const OPENALEX_URL_BYTES = 3_900

/** The root fields of a work that Sheaf reads. */
export const OPENALEX_FIELDS = [
  'id',
  'doi',
  'title',
  'publication_year',
  'type',
  'language',
  'ids',
  'authorships',
  'open_access',
  'best_oa_location',
  'primary_location',
  'locations',
  'is_retracted',
  'has_content'
].join(',')

/** A key is sent in a header: addresses are recorded, headers are not. */
export function openAlexHeaders(key: string | null): Record<string, string> {
  return key === null ? {} : { authorization: `Bearer ${key}` }
}

/** One work by its best identifier, which OpenAlex does not bill; null when none is known. */
export function singletonUrl(ids: Identifiers): string | null {
  const { openalex, doi, pmid, pmcid } = ids
  const name =
    openalex ??
    (doi === undefined ? null : `doi:${doiInPath(doi)}`) ??
    (pmid === undefined ? null : `pmid:${pmid}`) ??
    (pmcid === undefined ? null : `pmcid:${pmcid}`)
  return name === null ? null : `${OPENALEX_API}/works/${name}`
}

/** Why a work cannot be asked for by an identifier. */
export const NO_OPENALEX_NAME = 'OpenAlex is asked by OpenAlex id, DOI, PMID or PMCID, and none is known.'

export function filterUrl(field: 'doi' | 'ids.pmid', values: readonly string[]): string {
  const listed = values.map(filterValue).join('|')
  return `${OPENALEX_API}/works?filter=${field}:${listed}&per_page=${String(OPENALEX_MOST)}&select=${OPENALEX_FIELDS}`
}

/** The comma and the bar separate conditions and values: such a DOI needs its own query. */
export function fitsFilter(value: string): boolean {
  return !/[,|"!]/.test(value)
}

const filterValue = (value: string): string =>
  encodeURIComponent(value).replace(/%2F/g, '/').replace(/%3A/g, ':')

export type OpenAlexRefusal = 'budget' | 'too_fast' | 'shedding' | 'bad_key' | 'needs_key' | null

/** The kind of refusal, or null when the answer is not one. */
export function refusalKind(
  answer: Pick<AnswerFacts, 'status' | 'headers'>,
  asked: { readonly text: string; readonly hasKey: boolean }
): OpenAlexRefusal {
  const { status, headers } = answer
  if (status === 401) return asked.hasKey ? 'bad_key' : 'needs_key'
  if (status !== 429 && status !== 503) return null
  if (status === 429 && (namesSpentBudget(headers) || /insufficient budget/i.test(asked.text)))
    return 'budget'
  if (/temporar/i.test(asked.text)) return 'shedding'
  return status === 429 ? 'too_fast' : 'shedding'
}

/** A refusal with its meaning; null when the answer can be read. */
export function readOpenAlexStatus(
  answer: AnswerFacts,
  asked: { readonly text: string; readonly hasKey: boolean; readonly now: number }
): Failure | null {
  const limited = (detail: string, retryAt: number | null): Failure => ({
    outcome: 'retryable',
    reason: 'RATE_LIMITED',
    detail,
    retryAt
  })
  switch (refusalKind(answer, asked)) {
    case 'budget':
      return limited(
        'OpenAlex’s budget of the day is spent: lists, searches and files open again at midnight UTC; single works are free and go on.',
        nextMidnight(asked.now)
      )
    case 'too_fast':
      return limited('OpenAlex was asked too fast and is asked again a little later.', answer.retryAt)
    case 'shedding':
      return limited(
        asked.hasKey
          ? 'OpenAlex is busy and asked to come back.'
          : 'OpenAlex is busy and serves callers without a key last: a free key helps (sheaf keys set openalex).',
        answer.retryAt
      )
    case 'bad_key':
      return {
        outcome: 'nonretryable',
        reason: 'KEY_REFUSED',
        detail: 'OpenAlex does not accept the key: set the right one (sheaf keys set openalex) or remove it.'
      }
    case 'needs_key':
      return { outcome: 'nonretryable', reason: 'KEY_NEEDED', detail: 'OpenAlex asks for a key here.' }
    case null:
      return readStatus(answer)
  }
}
