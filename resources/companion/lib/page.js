/**
 * What runs in the page that the user is on, after a press of a button, and only reads. Each function is handed to
 * the browser as it is: it may use nothing from outside of itself.
 */

/** The names under which the page gives itself, its PDF, and the DOIs that it links to. */
export function readPage() {
  const metas = new Map()
  for (const meta of document.querySelectorAll('meta[name], meta[property]')) {
    const name = (meta.getAttribute('name') ?? meta.getAttribute('property') ?? '').toLowerCase()
    const content = (meta.getAttribute('content') ?? '').trim()
    if (content !== '' && !metas.has(name)) metas.set(name, content.slice(0, 2000))
  }
  const first = (...names) => names.map((name) => metas.get(name)).find((content) => content !== undefined)
  const doiIn = (text) => /\b10\.\d{4,9}\/[^\s"'<>]+/.exec(text ?? '')?.[0].replace(/[.,;)\]]+$/, '')

  const doi =
    doiIn(first('citation_doi', 'prism.doi', 'bepress_citation_doi', 'dc.identifier.doi')) ??
    doiIn(first('dc.identifier', 'dcterms.identifier', 'dc.source'))
  const arxiv = first('citation_arxiv_id')
  const pmid = first('citation_pmid')
  const identifiers = []
  if (doi) identifiers.push(doi)
  if (arxiv) identifiers.push(`arXiv:${arxiv.replace(/^arxiv:/i, '')}`)
  if (pmid && /^\d{1,9}$/.test(pmid)) identifiers.push(`PMID:${pmid}`)

  const url = location.href.split('#')[0]
  const links = new Map()
  for (const link of document.querySelectorAll('a[href]')) {
    if (links.size >= 200) break
    let target
    try {
      target = decodeURIComponent(link.href)
    } catch {
      continue
    }
    const named = /^https?:\/\/(?:dx\.)?doi\.org\//i.test(target) ? doiIn(target) : undefined
    if (named === undefined || named.toLowerCase() === doi?.toLowerCase()) continue
    const key = named.toLowerCase()
    if (!links.has(key)) links.set(key, { doi: named, text: (link.textContent ?? '').trim().slice(0, 120) })
  }

  let pdfUrl = null
  const isPdf = document.contentType === 'application/pdf'
  try {
    const given = first('citation_pdf_url')
    if (isPdf) pdfUrl = url
    else if (given) pdfUrl = new URL(given, location.href).href
  } catch {
    // A page may write anything there.
  }
  return {
    url,
    isPdf,
    identifiers,
    doi: doi ?? null,
    title: (first('citation_title', 'dc.title', 'og:title') ?? (isPdf ? '' : document.title))
      .trim()
      .slice(0, 500),
    // Only what the page's own site gives is fetched, with the session that the user has there.
    pdfUrl: pdfUrl !== null && new URL(pdfUrl).origin === location.origin ? pdfUrl : null,
    links: [...links.values()]
  }
}

/** Fetches the PDF as the page itself would, and keeps it for `readPiece`. */
export async function fetchPdf(url, most) {
  try {
    const response = await fetch(url, { credentials: 'include' })
    if (!response.ok) return { trouble: 'status', status: response.status }
    const blob = await response.blob()
    if (blob.size > most) return { trouble: 'too_large' }
    globalThis.sheafPdf = blob
    return { bytes: blob.size, type: blob.type }
  } catch {
    return { trouble: 'failed' }
  }
}

/** A piece of what was fetched, as base64: results of such a function cross as JSON. */
export async function readPiece(from, to) {
  const blob = globalThis.sheafPdf
  if (blob === undefined) return null
  const bytes = new Uint8Array(await blob.slice(from, to).arrayBuffer())
  if (to >= blob.size) delete globalThis.sheafPdf
  let text = ''
  for (let at = 0; at < bytes.length; at += 32_768)
    text += String.fromCharCode(...bytes.subarray(at, at + 32_768))
  return btoa(text)
}
