/** The sources that open pages: where a DOI leads, what the page offers, and what blocks it. */
import { afterEach, describe, expect, it } from 'vitest'
import { askTier, html, onlySources, openWeb, redirect, work, type Route, type Web } from './loopback-web'

let web: Web | null = null
afterEach(async () => {
  await web?.close()
  web = null
})
const webThat = async (route: Route): Promise<Web> => (web = await openWeb(route))
const urls = (answer: { candidates: readonly { url: string }[] }): string[] =>
  answer.candidates.map((one) => one.url)

describe('doi_redirect and landing_scrape', () => {
  const page = (doi: string) =>
    html(
      `<html><head><title>A</title><meta name="citation_doi" content="${doi}"><meta name="citation_title" content="A tale of pages"><meta name="citation_pdf_url" content="/a/b.pdf"></head><body></body></html>`
    )

  it('a DOI that leads to a file gives a candidate; the file itself is not read', async () => {
    const there = await webThat((url) =>
      url.startsWith('https://doi.org/')
        ? redirect('https://pub.example/x')
        : { headers: { 'content-type': 'application/octet-stream' }, body: `%PDF-1.7\n${'x'.repeat(5000)}` }
    )
    const answer = await askTier(there, 'doi_follow', work({ doi: '10.1234/x' }))
    expect(answer.candidates).toMatchObject([{ url: 'https://pub.example/x', source: 'doi_redirect' }])
  })

  it('the page of a DOI is visited once: the landing scrape uses the stored page', async () => {
    const there = await webThat((url) =>
      url.startsWith('https://doi.org/') ? redirect('https://pub.example/x') : page('10.1234/x')
    )
    const cookies = there.net.newCookieJar()
    const sources = await import('../../../src/main/sources/ask-tier')
    const { nodeClock } = await import('../../../src/main/platform/node-host')
    const { planWith } = await import('./loopback-web')
    const tiers = sources.makeSources({ net: there.net, clock: nodeClock, mailto: '' })
    const question = {
      work: work({ doi: '10.1234/x' }),
      formats: ['pdf'] as const,
      plan: onlySources(['doi_redirect', 'landing_scrape'], planWith()),
      budget: { endsAtMs: nodeClock.monotonicMs() + 5_000, attemptsLeft: 9 },
      failedUrls: [],
      signal: new AbortController().signal,
      cookies
    }
    const followed = await tiers.askTier({ ...question, tier: 'doi_follow', landingPages: [] })
    expect(followed.landingPages).toEqual([{ landingUrl: 'https://pub.example/x' }])
    const scraped = await tiers.askTier({
      ...question,
      tier: 'landing_scrape',
      landingPages: followed.landingPages
    })
    expect(scraped.candidates).toMatchObject([
      { url: 'https://pub.example/a/b.pdf', foundOn: 'https://pub.example/x' }
    ])
    expect(there.asked).toEqual(['https://doi.org/10.1234/x', 'https://pub.example/x'])
  })

  it('reports a DOI that does not exist', async () => {
    const there = await webThat(() => html('<title>DOI Not Found</title>', 404))
    const answer = await askTier(there, 'doi_follow', work({ doi: '10.1234/none' }))
    expect(answer.attempts).toMatchObject([
      { outcome: 'nonretryable', reason: 'NOT_FOUND', detail: 'The DOI 10.1234/none does not exist.' }
    ])
  })

  it.each([
    [
      'a bot check',
      '<title>Just a moment...</title><script>window._cf_chl_opt={}</script>',
      403,
      'BOT_CHECK'
    ],
    [
      'a bot check that says 503',
      '<title>Just a moment...</title><script>window._cf_chl_opt={}</script>',
      503,
      'BOT_CHECK'
    ],
    ['a sign-in page', '<title>Sign in</title><form><input type="password"></form>', 200, 'LOGIN_PAGE'],
    [
      'a cookie notice',
      '<title>Oops</title><body>Cookies must be enabled to use this site.</body>',
      200,
      'COOKIE_WALL'
    ],
    ['a soft 404', '<title>Page not found</title><body>Sorry</body>', 200, 'SOFT_404']
  ])('reports %s', async (_name, body, status, reason) => {
    const there = await webThat(() => html(`<html><head>${body}</head></html>`, status))
    const answer = await askTier(there, 'landing_scrape', work({ url: 'https://pub.example/y' }), {
      plan: onlySources(['landing_scrape'])
    })
    expect(answer.candidates).toEqual([])
    expect(answer.attempts).toMatchObject([{ source: 'landing_scrape', outcome: 'nonretryable', reason }])
  })

  it('a page about another work proposes nothing; a repository copy with its own DOI does', async () => {
    const there = await webThat((url) =>
      url.startsWith('https://repo.example') ? page('10.9876/other') : null
    )
    const plan = onlySources(['landing_scrape'])
    const landingPages = [{ landingUrl: 'https://repo.example/item/1' }]
    const other = await askTier(
      there,
      'landing_scrape',
      work({ doi: '10.1234/x' }, { facts: { title: 'Quite something else' } }),
      { plan, landingPages }
    )
    expect(other.candidates).toEqual([])
    expect(other.attempts.at(-1)).toMatchObject({
      outcome: 'no_pdf',
      detail: 'The page is about 10.9876/other, not about 10.1234/x.'
    })
    const copy = await askTier(
      there,
      'landing_scrape',
      work({ doi: '10.1234/x' }, { facts: { title: 'A Tale of Pages' } }),
      { plan, landingPages }
    )
    expect(urls(copy)).toEqual(['https://repo.example/a/b.pdf'])
  })

  it('follows a meta refresh for one hop, and a redirect chain that needs cookies', async () => {
    const there = await webThat((url) => {
      if (url.endsWith('/start'))
        return html('<meta http-equiv="refresh" content="0; URL=\'/hop?a=1&amp;b=2\'">')
      if (url.endsWith('/hop?a=1&b=2')) return page('10.1234/x')
      return null
    })
    const answer = await askTier(there, 'landing_scrape', work({ url: 'https://pub.example/start' }), {
      plan: onlySources(['landing_scrape'])
    })
    expect(urls(answer)).toEqual(['https://pub.example/a/b.pdf'])
  })
})
