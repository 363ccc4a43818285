/** The search that fills a reading list: filters, cursors, topics by name, and failing pages. */
import { afterEach, describe, expect, it } from 'vitest'
import type { WorkDraft } from '../../../src/contract/work'
import { searchOpenAlex, type OpenAlexQuery } from '../../../src/main/sources/openalex-search'
import { html, openWeb, type Route, type Web } from './loopback-web'

let web: Web | null = null
afterEach(async () => {
  await web?.close()
  web = null
})

const works = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `https://openalex.org/W${from + index}`,
    title: `Work ${from + index}`
  }))
const page = (results: unknown[], next: string | null, count = 99) => ({
  body: JSON.stringify({ meta: { count, next_cursor: next }, results })
})

async function search(query: OpenAlexQuery, route: Route) {
  web = await openWeb(route)
  const found: WorkDraft[] = []
  let total: number | null = null
  let error: unknown = null
  try {
    for await (const one of searchOpenAlex(query, web.net, 'me@uni.example', new AbortController().signal)) {
      found.push(...one.page)
      total = one.total
    }
  } catch (caught) {
    error = caught
  }
  return {
    ids: found.map((draft) => draft.ids.openalex),
    total,
    error,
    asked: web.asked.map((url) => new URL(url))
  }
}

describe('searchOpenAlex', () => {
  it('follows cursors and stops at max', async () => {
    const { ids, total, asked } = await search(
      { query: 'plastic', yearStart: 2019, yearEnd: 2020, oaOnly: true, max: 5, perPage: 2 },
      (url) => {
        const cursor = new URL(url).searchParams.get('cursor')
        if (cursor === '*') return page(works(1, 2), 'A')
        return cursor === 'A' ? page(works(3, 2), 'B') : page(works(5, 2), 'C')
      }
    )
    expect(ids).toEqual(['W1', 'W2', 'W3', 'W4', 'W5'])
    expect(total).toBe(99)
    expect(asked.length).toBe(3)
    expect(asked[0]?.searchParams.get('filter')).toBe(
      'from_publication_date:2019-01-01,to_publication_date:2020-12-31,open_access.is_oa:true'
    )
    expect(asked[0]?.searchParams.get('search')).toBe('plastic')
    expect(asked[0]?.searchParams.get('per-page')).toBe('2')
    expect(asked[0]?.searchParams.get('mailto'), 'no contact address: it has no effect there').toBeNull()
    expect(asked[0]?.searchParams.get('select')).toContain('best_oa_location')
  })

  it('stops where the cursor ends or repeats, or a page is empty', async () => {
    const once = await search({ topicId: 'T7' }, () => page(works(1, 2), '*'))
    expect(once.ids).toEqual(['W1', 'W2'])
    expect(once.asked[0]?.searchParams.get('filter')).toBe('topics.id:T7')
    await web?.close()
    const empty = await search({ topicId: 'T7' }, () => page([], 'more'))
    expect([empty.ids, empty.error]).toEqual([[], null])
  })

  it('finds a topic by its words, and searches for the words when there is no such topic', async () => {
    const named = await search({ topic: 'sea ice' }, (url) =>
      url.includes('/topics')
        ? { body: '{"results":[{"id":"https://openalex.org/T11588","display_name":"Arctic"}]}' }
        : page(works(1, 1), null)
    )
    expect(named.asked[1]?.searchParams.get('filter')).toBe('topics.id:T11588')
    expect(named.asked[1]?.searchParams.get('search')).toBeNull()
    await web?.close()
    const unnamed = await search({ topic: 'sea ice', query: 'albedo' }, (url) =>
      url.includes('/topics') ? { status: 404, body: 'no' } : page(works(1, 1), null)
    )
    expect(unnamed.asked[1]?.searchParams.get('search')).toBe('sea ice albedo')
    expect(unnamed.ids).toEqual(['W1'])
  })

  it('a failing page ends the search with an error; earlier works stay', async () => {
    const { ids, error } = await search({ query: 'x' }, (url) =>
      url.includes('cursor=*') || url.includes('cursor=%2A')
        ? page(works(1, 2), 'A')
        : html('<html>oops</html>')
    )
    expect(ids).toEqual(['W1', 'W2'])
    expect(error).toMatchObject({ code: 'SEARCH_FAILED' })
    expect((error as Error).message).toContain('after 2 works')
    await web?.close()
    const refused = await search({ query: 'x' }, () => ({ status: 403, body: 'no' }))
    expect(refused.error).toMatchObject({ code: 'SEARCH_FAILED' })
  })

  it.each(['{"meta":{"count":5,"next_cursor":"x"}}', '{"results":{}}', '{"results":null}'])(
    '%s is no page of works, not an empty one',
    async (body) => {
      const { error } = await search({ query: 'x' }, () => ({ body }))
      expect(error).toMatchObject({ code: 'SEARCH_FAILED', cause: { code: 'BAD_ANSWER' } })
    }
  )

  it('an invalid work does not affect the others', async () => {
    const { ids } = await search({ query: 'x' }, () =>
      page(
        [
          null,
          7,
          { title: 'nameless' },
          ...works(4, 1),
          { id: 'https://openalex.org/W5', authorships: 'odd', locations: { odd: 1 }, publication_year: [] }
        ],
        null
      )
    )
    expect(ids).toEqual(['W4', 'W5'])
  })
})
