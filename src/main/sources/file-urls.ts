/**
 * Classifies an address by its text alone: a file of a paper, a guarded page, its format. The rules are about
 * the web in general, not one page; they never use the network.
 */
import type { Format } from '../../contract/words'
import { hostOf, isUnder, webUrl } from './web-text'

const FILE_PATHS: readonly RegExp[] = [
  /\.pdf$/i,
  /\/pdf(?:ft)?\/?$/i,
  /\/doi\/pdf(?:direct|plus)?\//i,
  /\/content\/pdf\//i,
  /\/counter\/pdf\//i,
  /\/article-pdf\//i,
  /\/articlepdf\//i,
  /\/docAsPDF\//i,
  /\/_pdf(?:\/|$)/i,
  /\.full\.pdf/i,
  /\.full-text\.pdf/i,
  /\/article\/download\/\d/i,
  /\/download\/article-file\//i,
  /\/bitstreams?\/[^?]{0,300}(?:\.pdf|\/download$)/i,
  /\/ndownloader\/files\//i,
  /\/datastream\/(?:PDF|OBJ)\b/i,
  /\/stampPDF\/getPDF\.jsp/i
]

/** Whether the address names a file of a paper, as far as it is known without a request. */
export function looksLikeFile(url: string): boolean {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    return false
  }
  const host = parsed.hostname.toLowerCase()
  const { pathname: path, search } = parsed
  if (/\.(?:html?|php|aspx?|xhtml)$/i.test(path) && !/pdf/i.test(search)) return false
  if (isUnder(host, 'arxiv.org') && path.startsWith('/pdf/')) return true
  if (isUnder(host, 'europepmc.org') && /pdf=render|blobtype=pdf/i.test(search)) return true
  if (
    /(?:^|\.)(?:hal\.science|archives-ouvertes\.fr|inria\.fr)$/.test(host) &&
    /\/(?:document|file\/)/.test(path)
  ) {
    return true
  }
  if (host === 'ndownloader.figshare.com' && /\/files\/\d+/.test(path)) return true
  if (host === 'openreview.net' && path === '/pdf') return true
  if (/\/viewcontent\.cgi$/i.test(path) && /[?&]article=/.test(search)) return true
  if (/[?&](?:mimetype|mime|contenttype|filetype|type)=(?:application(?:%2f|\/))?pdf\b/i.test(search))
    return true
  if (/\.pdf\?|[?&](?:type=printable|format=pdf|download_pdf)/i.test(`${path}${search}`)) return true
  return FILE_PATHS.some((pattern) => pattern.test(path))
}

export function formatOf(url: string): Format {
  let path = url
  try {
    path = new URL(url).pathname
  } catch {
    // A text that is not a URL has no relevant extension either.
  }
  if (/\.(?:xml|nxml)$|\/fullTextXML$/i.test(path)) return 'xml'
  if (/\.(?:x?html?)$/i.test(path)) return 'html'
  return 'pdf'
}

/** `PMC123` in any spelling (`pmc123`, `123` with the word before it, `PMCPMC123`), or null. */
export function pmcidIn(text: string): string | null {
  const found = /(?:^|[^a-z])(?:pmc[\s:]{0,5}){1,3}(\d{1,9})\b/i.exec(text)
  return found?.[1] === undefined ? null : `PMC${found[1]}`
}

/** Europe PMC's render of a PMC article: the open copy of PMC's guarded page. */
export function europePmcRender(pmcid: string): string {
  return `https://europepmc.org/articles/${pmcid}?pdf=render`
}

/** Europe PMC's render under any of its addresses. */
export function isEuropePmcRender(url: string): boolean {
  return isUnder(hostOf(url), 'europepmc.org') && /[?&]pdf=render|\/api\/getPdf\?/i.test(url)
}

/** A page of PMC's site about one article. NCBI does not allow automated access to it: it is never opened. */
export function isPmcPage(url: string): boolean {
  const host = hostOf(url)
  if (!isUnder(host, 'ncbi.nlm.nih.gov') || host === 'ftp.ncbi.nlm.nih.gov') return false
  return /^\/(?:pmc\/)?articles\//i.test(new URL(url).pathname)
}

/**
 * PMC's own `/articles/PMC…/pdf/` page does not allow automated access. Europe PMC renders the same file, so
 * such an address is replaced; null for any other address.
 */
export function openCopyOfGuardedPage(url: string): string | null {
  const host = hostOf(url)
  const path = URL.canParse(url) ? new URL(url).pathname : ''
  // The old open-access files were on NCBI's FTP host, which no longer serves them.
  const isOldFile = host === 'ftp.ncbi.nlm.nih.gov' && /\/pub\/pmc\//.test(path)
  const isOldRender = isUnder(host, 'europepmc.org') && /\/ptpmcrender\.fcgi$/i.test(path)
  if (isOldFile || isOldRender) {
    const named = pmcidIn(isOldRender ? (new URL(url).searchParams.get('accid') ?? '') : path)
    return named === null ? null : europePmcRender(named)
  }
  if (!isPmcPage(url)) return null
  const pmcid = pmcidIn(path.replace(/\/articles\/(\d)/i, '/articles/PMC$1'))
  return pmcid === null ? null : europePmcRender(pmcid)
}

/** Pages about a person or a list, never about the paper. */
const NOT_ABOUT_A_PAPER = [
  'orcid.org',
  'ror.org',
  'creativecommons.org',
  'scopus.com',
  'webofscience.com',
  'scholar.google.com'
]

/** A landing page worth opening, normalised; null when the text is not one. */
export function landingUrl(text: string | null | undefined): string | null {
  const url = webUrl(text)
  if (url === null) return null
  const host = hostOf(url)
  if (isPmcPage(url)) return null
  return NOT_ABOUT_A_PAPER.some((domain) => isUnder(host, domain)) ? null : url
}
