/**
 * Pages instead of a paper have a reason (docs/design.md §10, defect 19): recorded pages, and the marks of
 * each vendor.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { namePage } from '../../../src/main/library/non-paper-pages'
import { recordedPath } from '../../kit/shared'

const page = (title: string, body: string, head = ''): string =>
  `<!doctype html><html><head><title>${title}</title>${head}</head><body>${body}</body></html>`
const nameOf = (html: string, url = 'https://journal.example/article/1.pdf'): string =>
  namePage(html, url).reason

describe('a page that rules out the paper has its reason', () => {
  test.each([
    ['Cloudflare', 'BOT_CHECK', page('Just a moment...', '<script>window._cf_chl_opt={cvId:"2"}</script>')],
    [
      'Cloudflare’s block',
      'BOT_CHECK',
      page(
        'Attention Required! | Cloudflare',
        '<div class="cf-error-details">Sorry, you have been blocked</div>'
      )
    ],
    [
      'Akamai',
      'BOT_CHECK',
      page('', '<div id="sec-if-cpt-container"></div><script src="/_sec/cp_challenge/x.js"></script>')
    ],
    [
      'Akamai’s refusal',
      'BOT_CHECK',
      page(
        'Access Denied',
        '<h1>Access Denied</h1>You don’t have permission. Reference #18.1 https://errors.edgesuite.net/18.1'
      )
    ],
    [
      'PubMed Central’s proof of work',
      'BOT_CHECK',
      page(
        'Preparing to download ...',
        '<script>var POW_CHALLENGE = "abc"; cookie="cloudpmc-viewer-pow"</script><p>Preparing to download</p>'
      )
    ],
    [
      'DataDome',
      'BOT_CHECK',
      page(
        'sciencemag.org',
        '<script>var dd={"rt":"c","cid":"AHrlqAAA"}</script><script src="https://ct.captcha-delivery.com/c.js"></script>'
      )
    ],
    [
      'Incapsula',
      'BOT_CHECK',
      page(
        '',
        '<iframe src="/_Incapsula_Resource?CWUDNSAI=23">Request unsuccessful. Incapsula incident ID: 1</iframe>'
      )
    ],
    ['PerimeterX', 'BOT_CHECK', page('Access to this page has been denied', '<div id="px-captcha"></div>')],
    [
      'reCAPTCHA',
      'BOT_CHECK',
      page(
        'Verification',
        '<div class="g-recaptcha" data-sitekey="x"></div><script src="https://www.google.com/recaptcha/api.js"></script>'
      )
    ],
    [
      'Anubis',
      'BOT_CHECK',
      page(
        'Making sure you’re not a bot!',
        '<script id="anubis_challenge" type="application/json">{}</script>'
      )
    ],
    [
      'AWS',
      'BOT_CHECK',
      page('', '<script>window.gokuProps = {}</script><div id="challenge-container"></div>')
    ],
    ['a plain check', 'BOT_CHECK', page('Security check', '<p>Please verify that you are a human.</p>')],
    [
      'a password form',
      'LOGIN_PAGE',
      page('Sign in', '<form><input name="u"><input type="password" name="p"></form>')
    ],
    ['an institution’s choice', 'LOGIN_PAGE', page('Find your institution', '<form><input name="q"></form>')],
    [
      'SAML',
      'LOGIN_PAGE',
      page(
        '',
        '<form action="https://idp.example/sso" method="post"><input type="hidden" name="SAMLRequest" value="x"></form>'
      )
    ],
    ['a German sign-in', 'LOGIN_PAGE', page('Anmelden', '<form><input type="password"></form>')],
    [
      'a cookie notice',
      'COOKIE_WALL',
      page(
        'Cookies required',
        '<p>This site requires cookies. Please enable cookies in your browser and reload.</p>'
      )
    ],
    ['cookies absent', 'COOKIE_WALL', page('Error', '<p>Cookies are disabled in your browser.</p>')],
    ['a soft 404', 'SOFT_404', page('Page not found | Journal', '<h1>Page not found</h1>')],
    [
      'a missing file',
      'SOFT_404',
      page('Journal', '<p>We’re sorry, the file you requested could not be found.</p>')
    ],
    ['a DOI that is not there', 'SOFT_404', page('DOI Not Found', '<h1>DOI Not Found</h1>')],
    ['anything else', 'HTML_PAGE', page('Welcome', '<p>A repository.</p>')],
    ['nothing at all', 'HTML_PAGE', '<html></html>']
  ])('%s is %s', (_, reason, html) => {
    expect(nameOf(html)).toBe(reason)
  })

  test('the message names the vendor of the check and the title of the page', () => {
    const { because } = namePage(
      page('Just a moment...', '<script>_cf_chl_opt={}</script>'),
      'https://a.example/x'
    )
    expect(because).toBe('A bot check of Cloudflare came (“Just a moment...”).')
  })
})

describe('an article is not rejected for what it embeds', () => {
  const text = '<p>' + 'Long text of an article about something worth reading. '.repeat(400) + '</p>'
  const meta = '<meta name="citation_title" content="An article">'

  test('a sign-in field in the head of a full article', () => {
    const html = page(
      'An article',
      `<form><input type="password"></form><h2>Introduction</h2>${text}<h2>Results</h2>`,
      meta
    )
    expect(nameOf(html)).toBe('HTML_ARTICLE')
  })
  test('a cookie banner and a Cloudflare script on an article', () => {
    const scripts = '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'
    const html = page(
      'An article',
      `<div>Cookies are required for this.</div>${scripts}<h2>Methods</h2>${text}<h2>References</h2>`,
      meta
    )
    expect(nameOf(html)).toBe('HTML_ARTICLE')
  })
  test('a landing page with an abstract', () => {
    expect(nameOf(page('An article', '<h2>Abstract</h2><p>Short.</p>', meta))).toBe('ABSTRACT_ONLY')
  })
})

const index = recordedPath('INDEX.json')
describe('recorded pages', () => {
  const schema = z.array(
    z.looseObject({
      file: z.string(),
      source: z.string(),
      expected: z.looseObject({ page_type: z.string().optional() })
    })
  )
  const pages = schema
    .parse(JSON.parse(readFileSync(index, 'utf8')))
    .filter(({ source, file }) => (source === 'landing' || source === 'download') && file.endsWith('.html'))
  const read = (file: string): string => readFileSync(recordedPath(file), 'utf8').slice(0, 65_536)

  test('every bot check, and every page sent for a PDF, is a BOT_CHECK', () => {
    const checks = pages.filter(
      ({ source, expected }) => source === 'download' || /challenge/.test(expected.page_type ?? '')
    )
    expect(checks.length).toBeGreaterThanOrEqual(8)
    for (const { file } of checks) expect([file, nameOf(read(file))]).toEqual([file, 'BOT_CHECK'])
  })

  test('no article, record or table of contents is rejected', () => {
    const others = pages.filter(
      ({ source, expected }) => source === 'landing' && !/challenge/.test(expected.page_type ?? '')
    )
    expect(others.length).toBeGreaterThan(40)
    const papers = ['ABSTRACT_ONLY', 'HTML_ARTICLE', 'HTML_PAGE']
    const named = others.map(({ file }) => [file, nameOf(read(file))])
    expect(named.filter(([, reason]) => !papers.includes(reason ?? ''))).toEqual([])
  })
})
