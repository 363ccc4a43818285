/**
 * Classifies an address by its text alone: a guarded page, a page worth opening, the format of its file. No
 * network is used.
 */
import type { Format } from '../../contract/words'
import { hostnameOf, isUnder } from '../../contract/addresses'
import { webUrl } from './web-text'

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

/** The file of an arXiv id; every id has one. */
export function arxivFile(id: string): string {
  return `https://arxiv.org/pdf/${id}`
}

/** The file of a preprint at OSF. */
export function osfFile(id: string): string {
  return `https://osf.io/download/${id}/`
}

/** The full text of an open article at Europe PMC. */
export function europePmcXml(pmcid: string): string {
  return `https://www.ebi.ac.uk/europepmc/webservices/rest/${pmcid}/fullTextXML`
}

/** Europe PMC's render under any of its addresses. */
export function isEuropePmcRender(url: string): boolean {
  return isUnder(hostnameOf(url), 'europepmc.org') && /[?&]pdf=render|\/api\/getPdf\?/i.test(url)
}

/** A page of PMC's site about one article. NCBI does not allow automated access to it: it is never opened. */
export function isPmcPage(url: string): boolean {
  const host = hostnameOf(url)
  if (!isUnder(host, 'ncbi.nlm.nih.gov') || host === 'ftp.ncbi.nlm.nih.gov') return false
  return /^\/(?:pmc\/)?articles\//i.test(new URL(url).pathname)
}

/** The article of a page of PMC; null for any other address. */
export function pmcidOfPage(url: string): string | null {
  if (!isPmcPage(url)) return null
  return pmcidIn(new URL(url).pathname.replace(/\/articles\/(\d)/i, '/articles/PMC$1'))
}

/**
 * PMC's own `/articles/PMC…/pdf/` page does not allow automated access. Europe PMC renders the same file, so
 * such an address is replaced; null for any other address.
 */
export function openCopyOfGuardedPage(url: string): string | null {
  const host = hostnameOf(url)
  const path = URL.canParse(url) ? new URL(url).pathname : ''
  // The old open-access files were on NCBI's FTP host, which no longer serves them.
  const isOldFile = host === 'ftp.ncbi.nlm.nih.gov' && /\/pub\/pmc\//.test(path)
  const isOldRender = isUnder(host, 'europepmc.org') && /\/ptpmcrender\.fcgi$/i.test(path)
  if (isOldFile || isOldRender) {
    const named = pmcidIn(isOldRender ? (new URL(url).searchParams.get('accid') ?? '') : path)
    return named === null ? null : europePmcRender(named)
  }
  const pmcid = pmcidOfPage(url)
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
  const host = hostnameOf(url)
  if (isPmcPage(url)) return null
  return NOT_ABOUT_A_PAPER.some((domain) => isUnder(host, domain)) ? null : url
}
