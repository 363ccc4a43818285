/**
 * Whether an address is that of a paper's file, by its text alone. The rules are about the web in general, not
 * one page; they never use the network.
 */
import { hostnameOf, isUnder } from '../../contract/addresses'

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
  if (!URL.canParse(url)) return false
  const host = hostnameOf(url)
  const { pathname: path, search } = new URL(url)
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

/** The same for an address that a user gave, or a user's file: the first request shows what it is. */
export function mayBeFile(url: string): boolean {
  return looksLikeFile(url) || (URL.canParse(url) && /\/pdf\//i.test(new URL(url).pathname))
}
