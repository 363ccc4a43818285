/** One table of marks gives the same reason for a page instead of a file and a page instead of a landing page. */
import { expect, test } from 'vitest'
import { namePage } from '../../../src/main/library/non-paper-pages'
import { withoutVersion } from '../../../src/contract/doi'
import { findPdfLinks } from '../../../src/main/sources/landing/find-pdf-links'

const url = 'https://journal.example/article/7'
const page = (title: string, body: string): string =>
  `<!doctype html><html><head><title>${title}</title></head><body>${body}<a href="/7.pdf">PDF</a></body></html>`

test.each([
  ['a block of Cloudflare by its title', 'BOT_CHECK', page('Attention Required!', '<p>Ray ID: 1</p>')],
  ['ScienceDirect’s challenge', 'BOT_CHECK', page('', '<script src="/craft/challenge/x.js"></script>')],
  ['Kasada', 'BOT_CHECK', page('', '<script>KPSDK.configure([])</script>')],
  ['a challenge behind a bar', 'BOT_CHECK', page('Journal of Geese | Challenge', '')],
  ['a log-on page', 'LOGIN_PAGE', page('Log on', '<form><input type="password"></form>')],
  ['a wall by its address', 'COOKIE_WALL', page('Cookie wall', '<p>One moment</p>')],
  ['an error page', 'SOFT_404', page('Error page', '<p>Something went wrong.</p>')]
])('%s', (_, reason, html) => {
  const address = reason === 'COOKIE_WALL' ? `${url}?setcookie=1` : url
  expect(namePage(html, address).reason).toBe(reason)
  expect(findPdfLinks(html, { url: address }).blocker).toBe(reason)
})

test.each([
  [
    'a script of a protected site',
    '<script src="/cdn-cgi/challenge-platform/h/b/scripts/jsd/main.js"></script>'
  ],
  ['a form with reCAPTCHA', '<script src="https://www.google.com/recaptcha/api.js"></script>'],
  [
    'a title that begins as a sign-in page’s',
    '<h1>Identification of geese in winter</h1><form><input type="password"></form>'
  ]
])('%s is on an ordinary landing page', (_, body) => {
  const found = findPdfLinks(page('Geese', body), { url })
  expect(found.blocker).toBeNull()
  expect(found.pageKind).toBe('page')
})

test.each([
  ['10.1101/2020.01.01.123456v2', '10.1101/2020.01.01.123456'],
  ['10.48550/arXiv.2101.00001v3', '10.48550/arxiv.2101.00001'],
  ['10.26434/chemrxiv-2021-abcde-v2', '10.26434/chemrxiv-2021-abcde'],
  ['10.6084/m9.figshare.77.v1', '10.6084/m9.figshare.77'],
  // A word that ends in v and a number is no version.
  ['10.1000/conv2', '10.1000/conv2']
])('%s without its version', (doi, bare) => {
  expect(withoutVersion(doi)).toBe(bare)
})
