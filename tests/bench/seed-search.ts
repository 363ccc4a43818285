/**
 * A library that has been read for the search, as one is after some hours of use. The few real files of
 * a seeded library are read once each; every paper is indexed as the app would do it.
 */
import { join } from 'node:path'
import { defaultSettings } from '../../src/contract/settings'
import { documentOf } from '../../src/main/engine/read-for-search'
import { makeLibraryCatalog } from '../../src/main/engine/library-catalog'
import { openLedger } from '../../src/main/ledger/open-ledger'
import { makeLibrary } from '../../src/main/library/make-library'
import { makeTextReader } from '../../src/main/library/text-reader'
import { makeLog } from '../../src/main/platform/log'
import { nodeHost } from '../../src/main/platform/node-host'
import { openSearch } from '../../src/main/search/open-search'

/** Returns how many papers it holds. */
export async function seedSearch(dataDir: string, libraryDir: string): Promise<number> {
  const log = makeLog(
    () => undefined,
    'error',
    () => 0
  )
  const host = nodeHost(log)
  const reader = makeTextReader(host)
  const search = openSearch(host, { file: join(dataDir, 'search.sqlite') })
  const ledger = await openLedger(host, { folder: dataDir })
  try {
    const library = makeLibrary(host, defaultSettings(), libraryDir)
    const papers = await makeLibraryCatalog({ ledger, library, log }).papers()
    const read = new Map<string, readonly string[] | null>()
    for (const paper of papers) {
      if (!read.has(paper.path)) {
        const reading = await reader.read(join(libraryDir, paper.path), new AbortController().signal)
        read.set(paper.path, reading.kind === 'text' ? reading.pages : null)
      }
      await search.add(documentOf(paper, read.get(paper.path) ?? null))
    }
    return papers.length
  } finally {
    await ledger.close()
    await search.close()
    reader.close()
  }
}
