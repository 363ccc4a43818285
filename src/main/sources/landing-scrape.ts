/**
 * Reads the pages about a work for the file they name: the publisher's page first (the DOI's end, usually
 * opened already), then every page that the other sources named, then the address that the user gave.
 * `landing-page.ts` judges the content.
 */
import type { OaLocation, Work } from '../../contract/work'
import { doiAddress } from './facts'
import { landingUrl } from './file-urls'
import type { SourceQuery } from './source-query'
import { readLandingPage, type LandingEnd } from './landing-page'
import type { Question, Source } from './sources'
import { urlKey } from './web-text'

/** Beyond this number, pages cost more than they yield. */
const MOST_PAGES = 6

export const landingScrape: Source = {
  name: 'landing_scrape',
  opensPages: true,

  cannot(work: Work, question: Question): string | null {
    return pagesOf(work, question).length === 0 ? 'No page about this work is known.' : null
  },

  async ask(question: Question, sourceQuery: SourceQuery): Promise<void> {
    const { work } = question
    const opened = new Set<string>()
    for (const location of pagesOf(work, question)) {
      if (opened.size >= MOST_PAGES || sourceQuery.leftMs <= 0) return
      const url = location.landingUrl ?? ''
      const reached = sourceQuery.pages.get(urlKey(url))?.finalUrl ?? url
      if (opened.has(urlKey(reached))) continue
      opened.add(urlKey(reached))
      const end = await sourceQuery.open(url, (page) => readLandingPage(page, work))
      if (end === null) continue
      opened.add(urlKey(end.url))
      const order = (opened.size - 1) * 100
      tell(end, location, order, sourceQuery)
      const refresh = end.kind === 'page' && end.found.links.length === 0 ? end.found.refresh : undefined
      if (refresh === undefined || opened.has(urlKey(refresh))) continue
      opened.add(urlKey(refresh))
      const next = await sourceQuery.open(refresh, (page) => readLandingPage(page, work))
      if (next !== null) tell(next, location, order + 50, sourceQuery)
    }
  }
}

/** Every page once, in the order of their expected yield. */
function pagesOf(work: Work, question: Question): OaLocation[] {
  const { doi, url } = work.ids
  const pages: OaLocation[] = [
    ...(doi === undefined ? [] : [{ landingUrl: doiAddress(doi) }]),
    ...(url === undefined ? [] : [{ landingUrl: url }]),
    ...question.landingPages,
    ...work.locations
  ]
  const known = new Map<string, OaLocation>()
  for (const page of pages) {
    const address = landingUrl(page.landingUrl)
    if (address === null) continue
    // A page named twice keeps its first position and gains the facts of the second mention.
    known.set(urlKey(address), { ...page, landingUrl: address, ...known.get(urlKey(address)) })
  }
  return [...known.values()]
}

function tell(end: LandingEnd, location: OaLocation, order: number, sourceQuery: SourceQuery): void {
  const license = location.license === undefined ? {} : { license: location.license }
  const version = location.version === undefined ? {} : { version: location.version }
  if (end.kind === 'file') {
    sourceQuery.propose({
      url: end.url,
      format: 'pdf',
      rank: order,
      evidence: 'The address of the page leads to this file.',
      ...version,
      ...license
    })
    return
  }
  for (const link of end.found.links) {
    sourceQuery.propose({
      url: link.url,
      format: link.format,
      rank: order + link.rank,
      evidence: `Named by ${link.evidence}.`,
      foundOn: end.url,
      ...version,
      ...(link.version === undefined ? {} : { version: link.version }),
      ...license
    })
  }
  const { doi, title, authors, year, venue } = end.found
  if (end.found.pageKind !== 'article') return
  sourceQuery.mergeMetadata(doi === undefined ? {} : { doi }, {
    ...(title === undefined ? {} : { title }),
    ...(authors === undefined ? {} : { authors }),
    ...(year === undefined ? {} : { year }),
    ...(venue === undefined ? {} : { venue })
  })
}
