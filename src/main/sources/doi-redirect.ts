/**
 * Follows the redirects of the DOI to its publisher. A file at the end is a candidate; a page is kept for the
 * landing scrape, which then need not request it again. Source: DOI Handbook §3 (resolution); for an
 * unregistered DOI doi.org itself answers 404.
 */
import type { Work } from '../../contract/work'
import { doiAddress, isDoiAddress } from './facts'
import type { Page } from './found-page'
import type { SourceQuery } from './source-query'
import { findingOf, readPageStatus, readPageKind } from './landing-page'
import { noOpenCopy, type Reading } from './reading'
import type { Question, Source } from './sources'

export type DoiEnd =
  | { readonly kind: 'file'; readonly url: string }
  | { readonly kind: 'page'; readonly url: string; readonly refresh: string | null }

/** Parses the page at the end of a DOI's redirects. Pure. */
export function parseDoiEnd(page: Page, doi: string): Reading<DoiEnd> {
  if (page.kind === 'pdf') {
    return {
      outcome: 'success',
      value: { kind: 'file', url: page.finalUrl },
      detail: `${doi} leads to a file.`
    }
  }
  if ((page.status === 404 || page.status === 400) && isDoiAddress(page.finalUrl)) {
    return { outcome: 'nonretryable', reason: 'NOT_FOUND', detail: `The DOI ${doi} does not exist.` }
  }
  const found = findingOf(page)
  const trouble = readPageKind(found, page) ?? readPageStatus(page)
  if (trouble !== null) return trouble
  const value: DoiEnd = { kind: 'page', url: page.finalUrl, refresh: found.refresh ?? null }
  return noOpenCopy(`${doi} leads to the page ${page.finalUrl}.`, value)
}

export const doiRedirect: Source = {
  name: 'doi_redirect',
  opensPages: true,

  cannot(work: Work): string | null {
    return work.ids.doi === undefined ? 'There is no DOI to follow.' : null
  },

  async ask(question: Question, sourceQuery: SourceQuery): Promise<void> {
    const { doi } = question.work.ids
    if (doi === undefined) return
    let end = await sourceQuery.open(doiAddress(doi), (page) => parseDoiEnd(page, doi))
    if (end?.kind === 'page' && end.refresh !== null) {
      // A hub page that redirects by itself: follow one hop, and no more.
      end = (await sourceQuery.open(end.refresh, (page) => parseDoiEnd(page, doi))) ?? end
    }
    if (end === null) return
    if (end.kind === 'page') {
      sourceQuery.suggest({ landingUrl: end.url })
      return
    }
    sourceQuery.propose({
      url: end.url,
      format: 'pdf',
      rank: 0,
      evidence: `The DOI ${doi} leads to this file.`
    })
  }
}
