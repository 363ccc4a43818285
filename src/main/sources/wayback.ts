/**
 * The Wayback Machine: captures of files that failed or were named, and, when there is none, of the pages
 * about the work, whose captured form may name a file that was captured too. Works without any failed
 * address.
 */
import type { Work } from '../../contract/work'
import { isDoiAddress } from './facts'
import { isEuropePmcRender, landingUrl } from './file-urls'
import type { Page } from './found-page'
import type { SourceQuery } from './source-query'
import { findingOf, differsFromWork, readPageKind, readPageStatus } from './landing-page'
import { isReading, noOpenCopy, readStatus, type Failure, type Reading } from './reading'
import type { Question, Source } from './sources'
import { captureIn, cdxQuery, nearestCapture, parseCdx, rawCapture, type Snapshot } from './wayback-answers'
import { hostnameOf, isUnder } from '../../contract/addresses'
import { urlKey, webUrl } from './web-text'

const PDF = 'application/pdf'
/** One request a second is allowed there, so few files are looked up, the most likely first. */
const MOST_FILES = 4
const MOST_PAGES = 2
const MOST_FILES_OF_A_PAGE = 2

export const wayback: Source = {
  name: 'wayback',
  opensPages: true,

  cannot(work: Work, question: Question): string | null {
    const nothing = filesOf(work, question).length === 0 && pagesOf(work, question).length === 0
    return nothing ? 'No address is known whose captures could be looked for.' : null
  },

  async ask(question: Question, sourceQuery: SourceQuery): Promise<void> {
    const { work } = question
    const held = heldPages(sourceQuery, work)
    const files = unique([...filesOf(work, question), ...held]).slice(0, MOST_FILES)
    const asked = new Set(files.map(urlKey))
    let found = 0
    for (const [rank, url] of files.entries()) {
      if (await lookForFile(url, rank, sourceQuery, work)) found += 1
      if (found >= 2) return
    }
    if (found > 0) return
    const pages = pagesOf(work, question).filter((url) => !wasRead(sourceQuery, url))
    if (pages.length === 0 && files.length === 0)
      sourceQuery.note(
        'no_pdf',
        'NO_OPEN_COPY',
        'Every page about this work was read as it is today; none named a file.'
      )
    for (const url of pages.slice(0, MOST_PAGES)) {
      const named = (await lookForPage(url, sourceQuery, work)).filter((file) => !asked.has(urlKey(file)))
      for (const [rank, file] of named.slice(0, MOST_FILES_OF_A_PAGE).entries()) {
        asked.add(urlKey(file))
        if (await lookForFile(file, 10 + rank, sourceQuery, work)) return
      }
    }
  }
}

/** Files to look up: those that failed, then those that a source named. */
function filesOf(work: Work, question: Question): string[] {
  return unique(
    [
      ...question.failedUrls,
      ...work.locations.map((location) => location.pdfUrl),
      ...question.landingPages.map((location) => location.pdfUrl)
    ].map((url) => webUrl(url))
  )
}

/** Pages about the work. The address of a DOI is a redirect: the archive has no page under it. */
function pagesOf(work: Work, question: Question): string[] {
  const { url } = work.ids
  const named = [
    url,
    ...question.landingPages.map((page) => page.landingUrl),
    ...work.locations.map((page) => page.landingUrl)
  ]
  return unique(named.map((page) => landingUrl(page))).filter((page) => !isDoiAddress(page))
}

/** The page answers today and was read in this job execution: a capture of it names no additional files. */
function wasRead(sourceQuery: SourceQuery, url: string): boolean {
  const page = sourceQuery.pages.get(urlKey(url))
  return page !== undefined && page.status < 400 && readPageKind(findingOf(page), page) === null
}

function unique(urls: readonly (string | null)[]): string[] {
  const seen = new Map<string, string>()
  for (const url of urls) {
    // The archive has no captures of itself, and none of pages that a service renders on request.
    if (url === null || isUnder(hostnameOf(url), 'archive.org') || isEuropePmcRender(url)) continue
    if (!seen.has(urlKey(url))) seen.set(urlKey(url), url)
  }
  return [...seen.values()]
}

/** Files named on pages that were opened in this job execution, without another request. */
function heldPages(sourceQuery: SourceQuery, work: Work): string[] {
  return [...new Set(sourceQuery.pages.values())].flatMap((page) => {
    if (page.kind !== 'text' || captureIn(page.finalUrl) !== null) return []
    const found = findingOf(page)
    if (differsFromWork(found, work) !== null) return []
    return found.links.filter((link) => link.format === 'pdf' && link.rank < 20).map((link) => link.url)
  })
}

async function lookForFile(
  url: string,
  rank: number,
  sourceQuery: SourceQuery,
  work: Work
): Promise<boolean> {
  const capture = await lookUp(url, PDF, sourceQuery, work)
  if (capture === null) return false
  const made = `${capture.timestamp.slice(0, 4)}-${capture.timestamp.slice(4, 6)}-${capture.timestamp.slice(6, 8)}`
  sourceQuery.propose({
    url: rawCapture(capture.timestamp, capture.original),
    format: 'pdf',
    rank,
    evidence: `The Wayback Machine captured ${capture.original} on ${made}.`
  })
  return true
}

/**
 * The capture nearest to the publication, from the index. The archive’s availability API is not used: it
 * answers 429 even to first calls (internetarchive/wayback issue 274, 2026).
 */
function lookUp(
  url: string,
  mimetype: string,
  sourceQuery: SourceQuery,
  work: Work
): Promise<Snapshot | null> {
  return sourceQuery.ask(cdxQuery(url, mimetype), (answer) =>
    readCdx(answer.text, readStatus(answer), { mimetype, year: work.facts.year, url })
  )
}

function readCdx(
  text: string,
  trouble: Failure | null,
  wanted: { readonly mimetype: string; readonly year: number | undefined; readonly url: string }
): Reading<Snapshot> {
  if (/AdministrativeAccessControl|Blocked Site/i.test(text)) {
    return {
      outcome: 'nonretryable',
      reason: 'FORBIDDEN',
      detail: `The archive does not show ${hostnameOf(wanted.url)}.`
    }
  }
  if (trouble !== null) return trouble
  const captures = parseCdx(text)
  if (isReading(captures)) return captures
  const capture = nearestCapture(captures, wanted.mimetype, wanted.year)
  if (capture === null) return noOpenCopy(`No capture of ${wanted.url}.`)
  return {
    outcome: 'success',
    value: capture,
    detail: `${captures.length} captures; nearest is ${capture.timestamp}.`
  }
}

/** The files that the captured page names, with their addresses at that time. */
async function lookForPage(url: string, sourceQuery: SourceQuery, work: Work): Promise<string[]> {
  const capture = await lookUp(url, 'text/html', sourceQuery, work)
  if (capture === null) return []
  // Redirects inside the archive keep the original address in their own.
  const originalOf = (finalUrl: string): string => captureIn(finalUrl)?.original ?? capture.original
  const files = await sourceQuery.open(
    rawCapture(capture.timestamp, capture.original),
    (page) => readCapturedPage({ ...page, finalUrl: originalOf(page.finalUrl) }, work),
    originalOf
  )
  return files ?? []
}

function readCapturedPage(page: Page, work: Work): Reading<string[]> {
  const url = page.finalUrl
  const found = findingOf(page)
  const trouble = readPageKind(found, page) ?? readPageStatus(page)
  if (trouble !== null) return trouble
  const other = differsFromWork(found, work)
  if (other !== null) return noOpenCopy(other)
  const files = found.links
    .filter((link) => link.format === 'pdf')
    .map((link) => captureIn(link.url)?.original ?? link.url)
  if (files.length === 0) return noOpenCopy(`The captured page ${url} names no file.`)
  return { outcome: 'success', value: files, detail: `The captured page ${url} names ${files.length} files.` }
}
