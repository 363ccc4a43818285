/**
 * The search that fills a reading list: a topic, words, years, open access only, page after page by cursor
 * until `max`. A page that fails ends the search with SEARCH_FAILED; all pages before it were returned
 * already and stay. Source: OpenAlex API, “Filter”, “Search”, “Cursor paging”.
 */
import { z } from 'zod'
import { SheafError, fail } from '../../contract/errors'
import type { WorkDraft } from '../../contract/work'
import type { Net } from '../net/net'
import { isSuccessStatus } from '../net/statuses'
import { OPENALEX_API, OPENALEX_FIELDS, OPENALEX_MOST, openAlexHeaders, refusalKind } from './openalex-api'
import { draftOf, openAlexWorkSchema } from './openalex-work'
import { isReading, readJson } from './reading'
import { looseList, looseNumber, looseText, requiredList } from './tolerant'

export interface OpenAlexQuery {
  /** words for a topic; the best matching topic is used, or the words themselves when there is none */
  readonly topic?: string
  /** `T10159` */
  readonly topicId?: string
  /** words anywhere in title, abstract or full text */
  readonly query?: string
  readonly yearStart?: number
  readonly yearEnd?: number
  readonly oaOnly?: boolean
  readonly max?: number
  readonly perPage?: number
}

export interface SearchPage {
  readonly page: readonly WorkDraft[]
  /** the total number of results; null when OpenAlex does not report it */
  readonly total: number | null
}

const TIMEOUT_MS = 60_000

const pageSchema = z.looseObject({
  meta: z.looseObject({ count: looseNumber, next_cursor: looseText }).nullish().catch(null),
  results: requiredList(openAlexWorkSchema)
})
const topicsSchema = z.looseObject({
  results: looseList(z.looseObject({ id: looseText, display_name: looseText }))
})

export interface WorksPage {
  readonly works: readonly WorkDraft[]
  readonly total: number | null
  readonly nextCursor: string | null
}

/** One page of works; throws BAD_ANSWER when it is invalid. */
export function parseWorksPage(text: string): WorksPage {
  const raw = readJson(text, pageSchema)
  if (isReading(raw)) return fail('BAD_ANSWER', raw.detail)
  const works = raw.results.map(draftOf).filter((draft) => Object.keys(draft.ids).length > 0)
  return { works, total: raw.meta?.count ?? null, nextCursor: raw.meta?.next_cursor ?? null }
}

export async function* searchOpenAlex(
  query: OpenAlexQuery,
  net: Net,
  key: string | null,
  signal: AbortSignal
): AsyncIterable<SearchPage> {
  const ask = (path: string, parameters: URLSearchParams): Promise<string> =>
    answerTo(`${OPENALEX_API}${path}?${parameters.toString()}`, { net, key, signal })
  const most = query.max ?? Number.POSITIVE_INFINITY
  if (most <= 0) return
  const topicId =
    query.topicId ?? (query.topic === undefined ? null : await topicNamed(query.topic, ask, signal))
  const parameters = parametersOf(query, topicId)
  const seen = new Set<string>()
  let cursor: string | null = '*'
  let got = 0
  while (cursor !== null && !seen.has(cursor) && got < most) {
    signal.throwIfAborted()
    seen.add(cursor)
    const page = await onePage(ask, parameters, { cursor, got })
    const works = page.works.slice(0, most - got)
    got += works.length
    if (works.length > 0) yield { page: works, total: page.total }
    cursor = page.works.length === 0 ? null : page.nextCursor
  }
}

type Ask = (path: string, parameters: URLSearchParams) => Promise<string>

async function onePage(
  ask: Ask,
  parameters: URLSearchParams,
  at: { readonly cursor: string; readonly got: number }
): Promise<WorksPage> {
  const asked = new URLSearchParams(parameters)
  asked.set('cursor', at.cursor)
  const text = await ask('/works', asked)
  try {
    return parseWorksPage(text)
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : ''
    return fail('SEARCH_FAILED', `The search stopped after ${at.got} works: ${said}`, { cause })
  }
}

function parametersOf(query: OpenAlexQuery, topicId: string | null): URLSearchParams {
  const { yearStart, yearEnd } = query
  const filters = [
    ...(topicId === null ? [] : [`topics.id:${topicId}`]),
    ...(yearStart === undefined ? [] : [`from_publication_date:${yearStart}-01-01`]),
    ...(yearEnd === undefined ? [] : [`to_publication_date:${yearEnd}-12-31`]),
    ...(query.oaOnly === true ? ['open_access.is_oa:true'] : [])
  ]
  const words = [...(topicId === null && query.topic !== undefined ? [query.topic] : []), query.query ?? '']
    .join(' ')
    .trim()
  const size = Math.min(query.perPage ?? OPENALEX_MOST, query.max ?? OPENALEX_MOST, OPENALEX_MOST)
  const parameters = new URLSearchParams()
  if (filters.length > 0) parameters.set('filter', filters.join(','))
  if (words !== '') parameters.set('search', words)
  parameters.set('per-page', String(Math.max(1, size)))
  parameters.set('select', OPENALEX_FIELDS)
  return parameters
}

/** The id of the topic that best matches these words, or null: then the search uses the words themselves. */
async function topicNamed(words: string, ask: Ask, signal: AbortSignal): Promise<string | null> {
  try {
    const raw = readJson(
      // With these three fields and a short page OpenAlex does not charge for the query.
      await ask(
        '/topics',
        new URLSearchParams({ search: words, select: 'id,display_name,works_count', per_page: '10' })
      ),
      topicsSchema
    )
    if (isReading(raw)) return null
    return /(?:^|\/)(T\d+)$/i.exec(raw.results[0]?.id ?? '')?.[1]?.toUpperCase() ?? null
  } catch (error) {
    // Topics are optional: an error occurs again, and is reported, in the query for the works.
    signal.throwIfAborted()
    if (error instanceof SheafError) return null
    throw error
  }
}

interface Way {
  readonly net: Net
  readonly key: string | null
  readonly signal: AbortSignal
}

async function answerTo(url: string, { net, key, signal }: Way): Promise<string> {
  try {
    const headers = openAlexHeaders(key)
    const answer = await net.text({
      url,
      purpose: 'api',
      headers,
      signal,
      retries: 3,
      timeoutMs: TIMEOUT_MS
    })
    if (isSuccessStatus(answer.status)) return answer.text
    const kind = refusalKind(answer, { text: answer.text, hasKey: key !== null })
    if (kind === 'budget')
      return fail('SEARCH_FAILED', 'OpenAlex’s budget of the day for searches is spent.', {
        hint: 'It is new at midnight UTC; a free key gives ten times as much (sheaf keys set openalex).'
      })
    if (kind === 'bad_key')
      return fail('KEY_REFUSED', 'OpenAlex does not accept the key: the search was not made.', {
        hint: 'Set the right key with sheaf keys set openalex, or remove it.'
      })
    return fail('SEARCH_FAILED', `OpenAlex answered ${answer.status} to the search.`, {
      facts: { status: answer.status, url },
      ...(answer.retryAt === null ? {} : { retryAt: answer.retryAt })
    })
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof SheafError) || ['SEARCH_FAILED', 'KEY_REFUSED'].includes(error.code)) throw error
    return fail('SEARCH_FAILED', `OpenAlex could not be asked: ${error.message}`, {
      cause: error,
      ...(error.retryAt === undefined ? {} : { retryAt: error.retryAt })
    })
  }
}
