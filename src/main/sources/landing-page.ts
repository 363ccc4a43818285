/**
 * Compares a landing page with the requested work: its files count only when the page is about that work.
 * Pure.
 */
import { counted } from '../../contract/counted'
import type { Work } from '../../contract/work'
import { sameDoi } from './facts'
import type { Page } from './found-page'
import { findPdfLinks } from './landing/find-pdf-links'
import type { PageFinding } from './landing/page'
import { isSuccessStatus, reasonOfStatus } from '../net/statuses'
import { noOpenCopy, type Failure, type Reading } from './reading'
import { sameTitle } from './web-text'

/** Parsing a page takes a tenth of a second, and three sources may use one page. */
const readPages = new WeakMap<Page, PageFinding>()

/** The findings of a page; parsed once. */
export function findingOf(page: Page): PageFinding {
  if (page.finding !== undefined) return page.finding
  const before = readPages.get(page)
  if (before !== undefined) return before
  const found = findPdfLinks(page.text, { url: page.finalUrl, headers: page.headers, status: page.status })
  readPages.set(page, found)
  return found
}

const NAMED: Readonly<Record<string, string>> = {
  challenge: 'A bot check stands before the page.',
  login: 'The publisher asked for a sign-in.',
  cookie: 'The site sent a cookie notice instead of the page.',
  not_found: 'The page is a “not found” page.'
}

/** The failure for the page's blocker, or null when there is none. */
export function readPageKind(found: PageFinding, page: Page): Failure | null {
  const detail = NAMED[found.pageKind]
  if (detail === undefined || found.blocker === null) return null
  if (found.pageKind === 'not_found' && page.status >= 400) return readPageStatus(page)
  return { outcome: 'nonretryable', reason: found.blocker, detail: `${detail} (${page.finalUrl})` }
}

/** Statuses that are final; a page with another status may still be useful. */
export function readPageStatus(page: Page): Failure | null {
  const { status, finalUrl } = page
  if (isSuccessStatus(status)) return null
  return {
    outcome: 'nonretryable',
    reason: reasonOfStatus(status),
    detail: `${finalUrl} answered ${status}.`
  }
}

/** The body is not a page: it is empty, or neither HTML nor a PDF, whatever its declared type. */
function readNoPage(page: Page): Failure | null {
  const { finalUrl, text } = page
  const saysPdf = /pdf/i.test(page.headers['content-type'] ?? '')
  if (page.kind === 'text' && text.trim() === '')
    return { outcome: 'nonretryable', reason: 'EMPTY', detail: `${finalUrl} answered with nothing.` }
  if (page.kind === 'text' && (!saysPdf || /<[a-z!]/i.test(text))) return null
  return { outcome: 'nonretryable', reason: 'NOT_PDF', detail: `${finalUrl} is neither a page nor a PDF.` }
}

/**
 * Whether the page is about this work: null when it is or when there is no evidence against it, else the fact
 * that differs.
 */
export function differsFromWork(found: PageFinding, work: Pick<Work, 'ids' | 'facts'>): string | null {
  const { doi } = work.ids
  if (doi === undefined || found.doi === undefined || sameDoi(found.doi, doi)) return null
  // A repository gives its copy its own DOI: then the title decides.
  if (sameTitle(found.title, work.facts.title)) return null
  return `The page is about ${found.doi}, not about ${doi}.`
}

export type LandingEnd =
  | { readonly kind: 'file'; readonly url: string }
  | { readonly kind: 'page'; readonly url: string; readonly found: PageFinding }

export function readLandingPage(page: Page, work: Pick<Work, 'ids' | 'facts'>): Reading<LandingEnd> {
  if (page.kind === 'pdf') {
    return {
      outcome: 'success',
      value: { kind: 'file', url: page.finalUrl },
      detail: 'The address leads to a file.'
    }
  }
  const found = findingOf(page)
  const trouble = readPageKind(found, page) ?? readPageStatus(page)
  if (trouble !== null) return trouble
  const nothing = readNoPage(page)
  if (nothing !== null) return nothing
  const other = differsFromWork(found, work)
  if (other !== null) return noOpenCopy(other)
  const value: LandingEnd = { kind: 'page', url: page.finalUrl, found }
  const files = found.links.filter((link) => link.format === 'pdf').length
  if (files > 0)
    return { outcome: 'success', value, detail: `${counted(files, 'file')} named on ${page.finalUrl}.` }
  const what =
    found.pageKind === 'listing'
      ? 'a list of papers'
      : found.pageKind === 'record'
        ? 'a record without full text'
        : 'a page without a file'
  return noOpenCopy(`${page.finalUrl} is ${what}.`, value)
}

/** The PDFs that a page names, best first, and its redirect target; none when it is about another work. */
export function filesOnPage(found: PageFinding, work: Pick<Work, 'ids' | 'facts'>): readonly string[] {
  if (found.blocker !== null || differsFromWork(found, work) !== null) return []
  const files = found.links.filter((link) => link.format === 'pdf').map((link) => link.url)
  return found.refresh === undefined ? files : [...files, found.refresh]
}
