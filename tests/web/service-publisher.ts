/** doi.org, and the publisher's landing page of a work in the formats that publishers use. */
import { answerFile } from './file-answer'
import { html, redirect, text, escapeXml, type Responder } from './service-answers'
import * as pages from './pages'
import { lostAddress, type PlacedWork } from './works'

export function doiOrg(url: URL, works: readonly PlacedWork[]): Responder {
  const doi = decodeURIComponent(url.pathname.slice(1)).toLowerCase()
  const work = works.find((each) => each.doi?.toLowerCase() === doi)
  if (work === undefined) {
    return html(
      '<!doctype html><title>Error: DOI Not Found</title><h1>DOI Not Found</h1><p>This DOI cannot be found in the DOI System.</p>',
      404
    )
  }
  if (url.protocol === 'http:') return redirect(`https://doi.org/${encodeURI(work.doi ?? '')}`, 301)
  if (work.landing === 'none') {
    const direct = work.copies.find((copy) => copy.via === 'doi_redirect')
    return direct === undefined
      ? html('<!doctype html><title>410 Gone</title><h1>Gone</h1>', 410)
      : redirect(direct.url)
  }
  return redirect(work.landingUrl)
}

export function landingPage(url: URL, cookie: string, work: PlacedWork): Responder {
  const fileUrls = work.copies
    .filter((copy) => copy.via === 'landing_scrape' || copy.via === 'doi_redirect')
    .map((copy) => copy.url)
  if (work.copies.some((copy) => copy.via === 'wayback')) fileUrls.push(lostAddress(work.key))
  switch (work.landing) {
    case 'bot-check':
      return html(pages.BOT_CHECK_PAGE, 403)
    case 'login':
      return html(pages.LOGIN_PAGE)
    case 'cookies':
      if (url.searchParams.has('set')) {
        return redirect(work.landingUrl, 302, { 'Set-Cookie': 'reader=1; Path=/' })
      }
      return cookie.includes('reader=1') ? page(work, fileUrls) : redirect(`${work.landingUrl}?set=1`)
    case 'meta-refresh':
      return url.searchParams.has('page')
        ? page(work, fileUrls)
        : html(pages.META_REFRESH_PAGE(`${work.landingUrl}?page=1`))
    case 'none':
      return html('<!doctype html><title>404 Not Found</title><h1>Not Found</h1>', 404)
    default:
      return page(work, fileUrls)
  }
}

function page(work: PlacedWork, fileUrls: readonly string[]): Responder {
  const other = work.landing === 'wrong-doi'
  const meta = (name: string, content: string): string =>
    `<meta name="${name}" content="${escapeXml(content)}">`
  const head = [
    meta('citation_title', other ? 'An entirely different matter of no relation' : work.title),
    ...work.authors.map((author) => meta('citation_author', other ? 'Nemo, Nobody' : author)),
    meta('citation_publication_date', `${work.year}/01/01`),
    ...(work.doi === null ? [] : [meta('citation_doi', other ? '10.5555/somebody-else' : work.doi)]),
    ...fileLinks(work, fileUrls)
  ]
  return html(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeXml(work.title)} | Journal of Fixtures</title>\n` +
      `${head.join('\n')}\n</head><body><h1>${escapeXml(work.title)}</h1><p>Abstract. A synthetic work.</p></body></html>`
  )
}

function fileLinks(work: PlacedWork, fileUrls: readonly string[]): string[] {
  return fileUrls.map((address) => {
    const path = new URL(address).pathname
    switch (work.landing) {
      case 'relative':
        return `<base href="${new URL('/', address).href}"><meta name="citation_pdf_url" content="${escapeXml(path)}">`
      case 'link':
        return `<link rel="alternate" type="application/pdf" href="${escapeXml(address)}">`
      case 'json-ld':
        return `<script type="application/ld+json">${JSON.stringify({
          '@context': 'https://schema.org',
          '@type': 'ScholarlyArticle',
          name: work.title,
          encoding: { '@type': 'MediaObject', encodingFormat: 'application/pdf', contentUrl: address }
        })}</script>`
      default:
        return `<meta name="citation_pdf_url" content="${escapeXml(address)}">`
    }
  })
}

export function robots(work: PlacedWork): Responder | null {
  switch (work.robots) {
    case 'none':
      return null
    case 'allow':
      return text('User-agent: *\nAllow: /\n')
    case 'disallow':
      return text('User-agent: *\nDisallow: /\n')
    case 'error':
      return text('Internal error', 500)
    case 'reset':
      return (exchange) => {
        const nothing = { bytes: Buffer.alloc(0), contentType: 'text/plain', etag: null, lastModified: null }
        return answerFile(exchange, nothing, { noAnswer: 'reset' })
      }
  }
}
