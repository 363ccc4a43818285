/**
 * The landing page extractor on small invented pages, one convention of the web each. Recorded pages are
 * measured in `landing-measure.test.ts`.
 */
import { describe, expect, it } from 'vitest'
import { findPdfLinks } from '../../../src/main/sources/landing/find-pdf-links'
import type { PageAddress } from '../../../src/main/sources/landing/page'

const ARTICLE =
  '<meta name="citation_title" content="A paper"><meta name="citation_doi" content="10.1234/abcd.567">'
const first = (
  html: string,
  url = 'https://j.example/article/567',
  more: Partial<PageAddress> = {}
): string | null =>
  findPdfLinks(html, { url, ...more }).links.find((link) => link.format === 'pdf')?.url ?? null

describe('metadata in the head', () => {
  it.each([
    [
      'name in capitals, content first',
      '<META content="/x.pdf" NAME="Citation_PDF_URL">',
      'https://j.example/x.pdf'
    ],
    [
      'property instead of name',
      '<meta property="citation_pdf_url" content="https://j.example/x.pdf">',
      'https://j.example/x.pdf'
    ],
    [
      'entities in the address',
      '<meta name="citation_pdf_url" content="/d?a=1&amp;b=2">',
      'https://j.example/d?a=1&b=2'
    ],
    [
      'entities written twice',
      '<meta name="citation_pdf_url" content="/d?a=1&amp;amp;b=2">',
      'https://j.example/d?a=1&b=2'
    ],
    [
      'protocol-relative',
      '<meta name="citation_pdf_url" content="//cdn.example/x.pdf">',
      'https://cdn.example/x.pdf'
    ],
    [
      'relative to base href',
      '<base href="/deep/"><meta name="citation_pdf_url" content="x.pdf">',
      'https://j.example/deep/x.pdf'
    ],
    ['line break inside', '<meta name="citation_pdf_url" content="\n  /x.pdf\n">', 'https://j.example/x.pdf'],
    [
      'an empty one, then a real one',
      '<meta name="citation_pdf_url" content=""><meta name="citation_pdf_url" content="/x.pdf">',
      'https://j.example/x.pdf'
    ],
    ['in a comment: not said', '<!-- <meta name="citation_pdf_url" content="/x.pdf"> -->', null],
    ['a script address: not said', '<meta name="citation_pdf_url" content="javascript:open()">', null],
    ['the page itself: not a file', '<meta name="citation_pdf_url" content="/article/567">', null],
    ['the front page: not a file', '<meta name="citation_pdf_url" content="/">', null],
    ['EPrints', '<meta name="eprints.document_url" content="/12/1/a.pdf">', 'https://j.example/12/1/a.pdf'],
    [
      'bepress',
      '<meta name="bepress_citation_pdf_url" content="/cgi/viewcontent.cgi?article=1&context=j">',
      'https://j.example/cgi/viewcontent.cgi?article=1&context=j'
    ],
    ['Ovid', '<meta name="wkhealth_pdf_url" content="/x.pdf">', 'https://j.example/x.pdf'],
    [
      'Dublin Core identifier that is a file',
      '<meta name="DC.identifier" content="https://j.example/x.pdf">',
      'https://j.example/x.pdf'
    ],
    [
      'Dublin Core relation: other works',
      '<meta name="DC.relation" content="https://j.example/other.pdf">',
      null
    ],
    [
      'link rel alternate',
      '<link rel="alternate" type="application/pdf" href="/x.pdf">',
      'https://j.example/x.pdf'
    ],
    ['link of another type', '<link rel="alternate" type="application/rss+xml" href="/x.pdf">', null]
  ])('%s', (_name, tag, expected) => {
    expect(first(`<html><head>${ARTICLE}${tag}</head><body></body></html>`)).toBe(expected)
  })

  it('reads the HTTP Link header, its PDF only', () => {
    const headers = {
      link: '<https://j.example/cite>; rel="cite-as", <https://j.example/x.pdf>; rel="item"; type="application/pdf"'
    }
    expect(first(ARTICLE, undefined, { headers })).toBe('https://j.example/x.pdf')
  })

  it.each([
    [
      'encoding',
      '{"@type":"ScholarlyArticle","headline":"A","encoding":{"@type":"MediaObject","encodingFormat":"application/pdf","contentUrl":"/f/9"}}',
      'https://j.example/f/9'
    ],
    [
      'inside @graph',
      '{"@graph":[{"@type":"WebSite"},{"@type":["ScholarlyArticle"],"encoding":[{"contentUrl":"/a.pdf"}]}]}',
      'https://j.example/a.pdf'
    ],
    [
      'distribution with raw line breaks',
      '{"@type":"ScholarlyArticle","description":"two\nlines","distribution":[{"encodingFormat":"application/pdf","contentUrl":"https://j.example/a.pdf"}]}',
      'https://j.example/a.pdf'
    ],
    [
      'a cited article’s file',
      '{"@type":"ScholarlyArticle","citation":[{"@type":"ScholarlyArticle","encoding":{"contentUrl":"/other.pdf"}}]}',
      null
    ],
    [
      'a list of articles',
      '[{"@type":"ScholarlyArticle","encoding":{"contentUrl":"/1.pdf"}},{"@type":"ScholarlyArticle","encoding":{"contentUrl":"/2.pdf"}}]',
      null
    ],
    ['broken JSON', '{"@type":', null]
  ])('JSON-LD: %s', (_name, json, expected) => {
    expect(first(`<script type="application/ld+json">${json}</script>`)).toBe(expected)
  })

  it('follows a meta refresh with quotes, spaces and entities, and ignores one that only reloads', () => {
    const refresh = (content: string) =>
      findPdfLinks(`<meta http-equiv="Refresh" content="${content}">`, { url: 'https://j.example/a' }).refresh
    expect(refresh('0;URL=/b?x=1&amp;y=2')).toBe('https://j.example/b?x=1&y=2')
    expect(refresh("5; url='https://k.example/c'")).toBe('https://k.example/c')
    expect(refresh('300; url=/news')).toBeUndefined()
    expect(refresh('60')).toBeUndefined()
  })
})

describe('links in the body', () => {
  const body = (links: string, head = ARTICLE): string =>
    `<html><head>${head}</head><body>${links}</body></html>`
  it.each([
    ['a plain button', '<a href="/files/567.pdf">PDF</a>'],
    ['a button in words', '<a href="/files/567.pdf">Download full-text PDF (1.2 MB)</a>'],
    ['in French', '<a href="/files/567.pdf">Télécharger le PDF</a>'],
    ['in Russian', '<a href="/files/567.pdf">Скачать PDF</a>'],
    ['an icon with a label', '<a href="/files/567.pdf" aria-label="View PDF"><i class="icon"></i></a>'],
    ['a data attribute', '<button data-pdf-url="/files/567.pdf" class="pdf-button">PDF</button>'],
    [
      'a viewer',
      '<iframe src="/pdfjs/web/viewer.html?file=%2Ffiles%2F567.pdf" class="pdf"></iframe><a href="/files/567.pdf">PDF</a>'
    ]
  ])('believes %s', (_name, link) => {
    expect(first(body(link))).toBe('https://j.example/files/567.pdf')
  })

  it.each([
    ['a supplement', '<a href="/files/567-supplement.pdf">Supplementary PDF</a>'],
    ['a reference', '<ol class="references"><li><a href="https://who.example/report.pdf">PDF</a></li></ol>'],
    [
      'another site’s report in the text',
      '<p>see <a href="https://who.example/report.pdf">https://who.example/report.pdf</a></p>'
    ],
    ['the author guidelines', '<a href="/docs/author-guidelines.pdf">PDF</a>'],
    ['a call for papers', '<a href="/docs/call-for-papers.pdf">Call for papers (PDF)</a>'],
    ['the whole issue', '<a href="/issue/12/full-issue.pdf">Download full issue PDF</a>'],
    ['a poster', '<a href="/files/567-poster.pdf">Poster PDF</a>'],
    ['a footer’s privacy policy', '<footer><a href="/privacy.pdf">PDF</a></footer>'],
    [
      'related articles',
      '<div class="related-articles"><a href="/files/568.pdf">PDF</a><a href="/files/569.pdf">PDF</a></div>'
    ],
    ['buying it', '<a href="/getaccess/567/pdf">Purchase PDF</a>'],
    ['a page called pdf+html', '<a href="/content/567.full.pdf+html">PDF</a>']
  ])('does not believe %s', (_name, link) => {
    expect(first(body(link))).toBeNull()
  })

  it("takes the link with the paper's own name among several", () => {
    const links = ['/files/111.pdf', '/files/abcd.567.pdf', '/files/222.pdf', '/files/333.pdf'].map(
      (href) => `<a href="${href}">PDF</a>`
    )
    expect(first(body(links.join('')))).toBe('https://j.example/files/abcd.567.pdf')
  })

  it('a table of contents proposes nothing, whatever its address', () => {
    const links = [1, 2, 3, 4].map((n) => `<li>Paper ${n} <a href="/p/${n}.pdf">PDF</a></li>`).join('')
    const found = findPdfLinks(`<title>Volume 3</title><body>${links}</body>`, {
      url: 'https://j.example/v3'
    })
    expect(found).toMatchObject({ pageKind: 'listing', links: [] })
    expect(
      findPdfLinks(`<title>I</title><a href="/a/1.pdf">PDF</a>`, {
        url: 'https://j.example/index.php/j/issue/view/3'
      }).links
    ).toEqual([])
  })
})

describe('platforms', () => {
  const at = (url: string, html = ARTICLE): string | null => first(html, url)
  it.each([
    [
      'https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0000030',
      'https://journals.plos.org/plosone/article/file?id=10.1371/journal.pone.0000030&type=printable'
    ],
    ['https://www.mdpi.com/2072-4292/11/9/1023', 'https://www.mdpi.com/2072-4292/11/9/1023/pdf'],
    [
      'https://www.frontiersin.org/articles/10.3389/fpls.2015.01144/full',
      'https://www.frontiersin.org/articles/10.3389/fpls.2015.01144/pdf'
    ],
    [
      'https://bmcgenomics.biomedcentral.com/articles/10.1186/s12864-015-1635-9',
      'https://bmcgenomics.biomedcentral.com/counter/pdf/10.1186/s12864-015-1635-9.pdf'
    ],
    [
      'https://www.biorxiv.org/content/10.1101/2020.01.01.123456v2.full',
      'https://www.biorxiv.org/content/10.1101/2020.01.01.123456v2.full.pdf'
    ],
    ['https://arxiv.org/abs/hep-th/9901001v1', 'https://arxiv.org/pdf/hep-th/9901001v1'],
    ['https://cyberleninka.ru/article/n/some-paper', 'https://cyberleninka.ru/article/n/some-paper/pdf'],
    [
      'https://www.nber.org/papers/w12345',
      'https://www.nber.org/system/files/working_papers/w12345/w12345.pdf'
    ],
    ['https://openreview.net/forum?id=AbC', 'https://openreview.net/pdf?id=AbC']
  ])('%s', (url, expected) => {
    expect(at(url)).toBe(expected)
  })

  it("OJS: the PDF galley's download, not the HTML galley, not the supplement", () => {
    const html = `${ARTICLE}<a class="obj_galley_link file" href="/index.php/j/article/view/12/30">HTML</a>
      <a class="obj_galley_link pdf" href="/index.php/j/article/view/12/31">PDF</a>
      <a class="obj_galley_link_supplementary pdf" href="/index.php/j/article/view/12/32">Supplementary PDF</a>`
    expect(at('https://j.example/index.php/j/article/view/12', html)).toBe(
      'https://j.example/index.php/j/article/download/12/31'
    )
  })

  it('DSpace: the bitstream, not the licence', () => {
    const html = `<meta name="DC.title" content="A"><meta name="DC.creator" content="B">
      <a href="/bitstream/handle/1/2/license.pdf">License</a><a href="/bitstream/handle/1/2/thesis.pdf?sequence=1">View/Open</a>`
    expect(at('https://repo.example/handle/1/2', html)).toBe(
      'https://repo.example/bitstream/handle/1/2/thesis.pdf?sequence=1'
    )
  })

  it('a paywalled article proposes nothing from its address alone', () => {
    const html = `${ARTICLE}<a href="/getaccess/pii/S0001/purchase">Purchase PDF</a><script>{"articleEntitlement":{"entitled":false}}</script>`
    expect(at('https://www.sciencedirect.com/science/article/pii/S0001234567', html)).toBeNull()
    expect(at('https://onlinelibrary.wiley.com/doi/10.1002/abc.1234', ARTICLE)).toBeNull()
    expect(
      at('https://ieeexplore.ieee.org/document/123', `${ARTICLE}<script>{"isOpenAccess":false}</script>`)
    ).toBeNull()
  })
})

describe('pages without a paper', () => {
  const kind = (html: string, more: Partial<PageAddress> = {}) => {
    const found = findPdfLinks(html, { url: 'https://j.example/article/567', ...more })
    expect(found.links).toEqual([])
    return [found.pageKind, found.blocker]
  }
  it.each([
    ['challenge', 'BOT_CHECK', '<title>Just a moment...</title><a href="/x.pdf">PDF</a>'],
    [
      'challenge',
      'BOT_CHECK',
      '<title>pub</title><script src="https://geo.captcha-delivery.com/x.js"></script>'
    ],
    ['challenge', 'BOT_CHECK', '<title>Making sure you&#39;re not a bot!</title>'],
    [
      'challenge',
      'BOT_CHECK',
      '<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1>'
    ],
    [
      'challenge',
      'BOT_CHECK',
      '<html><head><META NAME="robots" CONTENT="noindex,nofollow"></head><body><iframe src="/_Incapsula_Resource?CWUDNSAI=9"></iframe></body></html>'
    ],
    [
      'login',
      'LOGIN_PAGE',
      '<title>Sign in to your account</title><form><input type="PASSWORD" name="p"></form><a href="/x.pdf">PDF</a>'
    ],
    ['login', 'LOGIN_PAGE', '<title>x</title><form><input type="hidden" name="SAMLRequest"></form>'],
    ['cookie', 'COOKIE_WALL', '<title>Cookies</title><p>Cookies must be enabled in your browser.</p>'],
    ['not_found', 'SOFT_404', '<title>404 - Page Not Found</title><a href="/x.pdf">PDF</a>'],
    ['not_found', 'SOFT_404', '<h1>Oops</h1><p>The article you are looking for could not be found.</p>']
  ])('%s (%s)', (pageKind, blocker, html) => {
    expect(kind(html)).toEqual([pageKind, blocker])
  })

  it('an article that embeds a captcha script or offers a sign-in is still an article', () => {
    const html = `<head>${ARTICLE}<meta name="citation_pdf_url" content="/x.pdf"><title>Page not found: a study</title></head>
      <script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script><form><input type="password"></form>`
    expect(findPdfLinks(html, { url: 'https://j.example/article/567' })).toMatchObject({
      pageKind: 'article',
      links: [{ url: 'https://j.example/x.pdf' }]
    })
  })

  it('survives hostile pages', () => {
    const hostile = [
      '',
      '\u0000',
      '<'.repeat(50_000),
      '<base href="javascript:x"><a href="%%%">PDF</a>',
      `<a href="${'a'.repeat(100_000)}.pdf">PDF</a>`,
      '<meta content name property>',
      '<div>'.repeat(5_000),
      '<body><script>'.repeat(40_000),
      '<!--'.repeat(60_000)
    ]
    for (const html of hostile) expect(() => findPdfLinks(html, { url: 'https://j.example/x' })).not.toThrow()
  })
})
