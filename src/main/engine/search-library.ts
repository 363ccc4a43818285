/**
 * One search of the library for a read-only command. Papers missing from the index are read first, so that a
 * library made on the command line alone is searchable. The index file is a cache; it is written only when
 * `mayWrite` allows it (no other process holds the ledger).
 */
import { join } from 'node:path'
import type { TextReader } from '../library/text-reader'
import type { Host } from '../platform/host'
import { openSearch } from '../search/open-search'
import { MARK_BEGIN, MARK_END, type Found, type Search } from '../search/search'
import { documentOf, keepOnly, pagesOf, unreadOf } from './search-document'
import type { CatalogPaper } from './catalog-paper'
import type { LibraryCatalog } from './library-catalog'

export interface SearchAsk {
  readonly text: string
  /** maximum number of hits returned; all are counted */
  readonly limit: number
  /** called while papers missing from the index are read */
  readonly onReading?: (read: number, of: number) => void
}

export interface SearchHit {
  readonly paper: CatalogPaper
  /** 1-based; null when the words occur only in title, authors, venue or names */
  readonly page: number | null
  /** the number of pages that contain all the words */
  readonly pages: number
  /** plain text around the words; null without a page */
  readonly snippet: string | null
  readonly score: number
}

export interface SearchAnswer {
  readonly hits: readonly SearchHit[]
  /** the number of papers with these words, returned or not */
  readonly found: number
  readonly papers: number
  /** papers whose text could not be read: the file is missing, or the time limit was reached */
  readonly notSearchable: number
}

export interface SearchLibraryParts {
  readonly host: Pick<Host, 'files' | 'log' | 'clock'>
  readonly indexFile: string
  readonly catalog: Pick<LibraryCatalog, 'papers'>
  readonly libraryDir: string
  readonly makeReader: () => TextReader
  readonly mayWrite: () => Promise<boolean>
}

/** While another process holds the ledger, texts read here cannot be kept: time limit for reading them. */
const ASIDE_MS = 60_000

/** Rejects with the signal's reason. */
export async function searchLibrary(
  parts: SearchLibraryParts,
  ask: SearchAsk,
  signal: AbortSignal
): Promise<SearchAnswer> {
  const search = openSearch(parts.host, { file: parts.indexFile, mayWrite: parts.mayWrite })
  try {
    return await answer(parts, { search, ask }, signal).catch((error: unknown) => {
      // A damaged index was replaced by an empty one.
      signal.throwIfAborted()
      parts.host.log.debug('The search index is read again', { because: String(error) })
      return answer(parts, { search, ask }, signal)
    })
  } finally {
    await search.close()
  }
}

async function answer(
  parts: SearchLibraryParts,
  { search, ask }: { readonly search: Search; readonly ask: SearchAsk },
  signal: AbortSignal
): Promise<SearchAnswer> {
  const papers = await parts.catalog.papers()
  const unread = await readNew(parts, { search, papers, onReading: ask.onReading }, signal)
  const there = new Map(papers.map((paper) => [paper.artifactId, paper]))
  const found = (await search.find(ask.text)).flatMap((one) => {
    const paper = there.get(one.artifactId)
    return paper === undefined ? [] : [{ ...one, paper }]
  })
  const shown = found.slice(0, ask.limit)
  return {
    hits: await withSnippets(search, ask.text, shown),
    found: found.length,
    papers: papers.length,
    notSearchable: unread
  }
}

/** Updates the index from the library; returns how many papers could not be read. */
async function readNew(
  parts: SearchLibraryParts,
  on: {
    readonly search: Search
    readonly papers: readonly CatalogPaper[]
    readonly onReading: SearchAsk['onReading']
  },
  signal: AbortSignal
): Promise<number> {
  const { host, libraryDir } = parts
  await keepOnly(on.search, new Set(on.papers.map((paper) => paper.artifactId)))
  const unknown = (await unreadOf(on.search, on.papers)).sort((a, b) => b.addedAt - a.addedAt)
  if (unknown.length === 0) return 0
  const until = (await parts.mayWrite()) ? Infinity : host.clock.monotonicMs() + ASIDE_MS
  const reader = parts.makeReader()
  let missing = 0
  try {
    for (const [at, paper] of unknown.entries()) {
      signal.throwIfAborted()
      if (host.clock.monotonicMs() > until) return missing + unknown.length - at
      on.onReading?.(at, unknown.length)
      if ((await host.files.stat(join(libraryDir, paper.path))) === null) {
        missing += 1
        continue
      }
      const pages = await pagesOf(paper, { reader, libraryDir, log: host.log, signal })
      await on.search.add(documentOf(paper, pages))
    }
    return missing
  } finally {
    reader.close()
  }
}

async function withSnippets(
  search: Search,
  text: string,
  found: readonly (Found & { readonly paper: CatalogPaper })[]
): Promise<SearchHit[]> {
  const where = found.flatMap(({ artifactId, page }) => (page === null ? [] : [{ artifactId, page }]))
  const snippets = new Map(
    (await search.snippets(text, where)).map((one, at) => [where[at]?.artifactId, one?.text ?? null])
  )
  return found.map(({ paper, page, pages, score, artifactId }) => ({
    paper,
    page,
    pages,
    score,
    snippet: snippets.get(artifactId)?.replaceAll(MARK_BEGIN, '').replaceAll(MARK_END, '') ?? null
  }))
}
