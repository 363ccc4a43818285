/**
 * From a DOI to the first candidate over real HTTP: doi.org redirects each recorded landing page's DOI to
 * that page, and the tiers are asked in the engine's order.
 */
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { nodeClock } from '../../../src/main/platform/node-host'
import { makeSources } from '../../../src/main/sources/ask-tier'
import { urlKey } from '../../../src/main/sources/web-text'
import { recordedPath } from '../../kit/shared'
import { onlySources, openWeb, redirect, work, type Web } from '../../unit/sources/loopback-web'

interface Entry {
  readonly id: string
  readonly source: string
  readonly file: string
  readonly request_url: string | null
  readonly status: number | null
  readonly expected: {
    readonly pdf_url: string | null
    readonly doi: string | null
    readonly title?: string | null
    readonly page_type?: string
    readonly must_not_extract_pdf?: boolean
  }
}

const indexPath = recordedPath('INDEX.json')
const entries = (JSON.parse(readFileSync(indexPath, 'utf8')) as Entry[]).filter(
  (entry) => entry.source === 'landing' && entry.request_url !== null && entry.expected.doi !== null
)

describe('from DOI to file', () => {
  let web: Web | null = null
  afterAll(async () => {
    await web?.close()
  })

  it('every recorded page with a known file leads to it first; bot checks lead nowhere and are reported', async () => {
    const pages = new Map(entries.map((entry) => [urlKey(entry.request_url ?? ''), entry]))
    const targets = new Map(
      entries.map((entry) => [`doi.org/${entry.expected.doi ?? ''}`, entry.request_url ?? ''])
    )
    web = await openWeb((url) => {
      const target = targets.get(decodeURIComponent(urlKey(url)))
      if (target !== undefined) return redirect(target)
      const entry = pages.get(urlKey(url))
      if (entry === undefined) return null
      const body = readFileSync(recordedPath(entry.file), 'utf8')
      return { status: entry.status ?? 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body }
    })
    const sources = makeSources({ net: web.net, clock: nodeClock, mailto: '' })
    const plan = onlySources(['doi_redirect', 'landing_scrape'])
    const wrong: string[] = []
    for (const entry of entries) {
      const { doi, title } = entry.expected
      const question = {
        work: work({ doi: doi ?? '' }, { facts: title ? { title } : {} }),
        formats: ['pdf'] as const,
        plan,
        budget: { endsAtMs: nodeClock.monotonicMs() + 20_000, attemptsLeft: 9 },
        failedUrls: [],
        signal: new AbortController().signal,
        cookies: web.net.newCookieJar()
      }
      const followed = await sources.askTier({ ...question, tier: 'doi_follow', landingPages: [] })
      const scraped = await sources.askTier({
        ...question,
        tier: 'landing_scrape',
        landingPages: followed.landingPages
      })
      const first = [...followed.candidates, ...scraped.candidates][0]?.url ?? null
      const wanted = entry.expected.pdf_url
      if (wanted !== null && (first === null || urlKey(first) !== urlKey(wanted)))
        wrong.push(`${entry.id}: ${String(first)}`)
      if (entry.expected.must_not_extract_pdf === true && first !== null) wrong.push(`${entry.id}: ${first}`)
      const isBotCheck = entry.expected.page_type === 'bot challenge page'
      if (entry.status === 403 || isBotCheck) expect(scraped.attempts[0]?.reason, entry.id).toBe('BOT_CHECK')
      const { host } = new URL(entry.request_url ?? '')
      const closed = web.net.board().find((one) => one.host === host)?.limits.closed ?? null
      expect(closed?.because ?? null, entry.id).toBe(isBotCheck ? 'challenge' : null)
      // A bot check closes its host for the day; the pages were recorded on different days.
      if (isBotCheck) web.net.setOpen(host, true)
    }
    expect(wrong).toEqual([])
    // No host is visited twice: one visit to doi.org and one to the page it leads to.
    expect(web.asked.length).toBeLessThanOrEqual(2 * entries.length)
  })
})
