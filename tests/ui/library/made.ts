/** Papers as main sends them, with defaults for fields that a test does not name. */
import type { PaperPage, PaperView } from '../../../src/contract/library-views'

export function paper(facts: Partial<PaperView> & { readonly artifactId: string }): PaperView {
  return {
    workId: `doi:10.5555/${facts.artifactId}`,
    jobId: null,
    title: `Paper ${facts.artifactId}`,
    authors: ['Ada Lovelace'],
    year: 2024,
    venue: 'Journal of Samples',
    doi: `10.5555/${facts.artifactId}`,
    identifier: `10.5555/${facts.artifactId}`,
    source: 'unpaywall',
    license: 'cc-by',
    version: null,
    verdict: 'match',
    format: 'pdf',
    sha256: '0'.repeat(64),
    bytes: 1_000_000,
    pages: 12,
    addedAt: 1_795_000_000,
    thumbnailAt: null,
    readAt: `/artifact/${facts.artifactId}`,
    hit: null,
    ...facts
  }
}

export function page(total: number, offset: number, limit: number, more: Partial<PaperPage> = {}): PaperPage {
  const rows = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, at) =>
    paper({ artifactId: String(offset + at) })
  )
  return {
    total,
    all: total,
    bytes: total * 1_000_000,
    offset,
    rows,
    facets: { year: [], source: [], license: [], run: [] },
    unread: 0,
    searchFull: false,
    revision: 1,
    ...more
  }
}
