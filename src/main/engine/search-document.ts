/** A paper of the library as a document of the search index. */
import { join } from 'node:path'
import type { Identifiers } from '../../contract/work'
import type { TextReader } from '../library/text-reader'
import type { Log } from '../platform/log'
import type { Search, SearchDocument } from '../search/search'
import type { CatalogPaper } from './catalog-paper'

/** Those of some papers that are missing from the index or whose file or facts have changed since. */
export async function unreadOf(
  search: Pick<Search, 'stale'>,
  papers: readonly CatalogPaper[]
): Promise<CatalogPaper[]> {
  const stamped = papers.map((paper) => [paper.artifactId, stampOf(paper)] as const)
  const stale = new Set(await search.stale(stamped))
  return papers.filter(({ artifactId }) => stale.has(artifactId))
}

/** Removes the papers that the library has no more. */
export async function keepOnly(
  search: Pick<Search, 'ids' | 'remove'>,
  there: ReadonlySet<string>
): Promise<void> {
  await search.remove((await search.ids()).filter((id) => !there.has(id)))
}

/** Changes with the file and with the facts: a paper indexed under the same stamp is not read again. */
function stampOf({ sha256, title, authors, year, venue, ids }: CatalogPaper): string {
  return `${sha256.slice(0, 16)} ${JSON.stringify([title, authors, year, venue, ids])}`
}

export function documentOf(paper: CatalogPaper, pages: readonly string[] | null): SearchDocument {
  const { artifactId, title, authors, year, venue, ids } = paper
  return { artifactId, title, authors, year, venue, names: namesOf(ids), stamp: stampOf(paper), pages }
}

function namesOf(ids: Identifiers): string[] {
  return Object.values(ids).filter((name) => typeof name === 'string')
}

/** The text of a paper by page; null when it has no readable text. Rejects only with the signal's reason. */
export async function pagesOf(
  paper: CatalogPaper,
  from: {
    readonly reader: TextReader
    readonly libraryDir: string
    readonly log: Log
    readonly signal: AbortSignal
  }
): Promise<readonly string[] | null> {
  if (paper.format !== 'pdf') return null
  const reading = await from.reader.read(join(from.libraryDir, paper.path), from.signal)
  if (reading.kind === 'text') return reading.pages
  from.log.debug('The text of a paper could not be read for the search', {
    artifact: paper.artifactId,
    because: reading.because
  })
  return null
}
