/**
 * A library that has been read for the search, as one is after some hours of use. The few real files of
 * a seeded library, told apart by their length, are read once each; every paper is indexed as the app would
 * do it.
 *
 *   node scripts/run-ts.mjs tests/bench/seed-search.ts <folder of seed-finished.ts>
 */
import { join } from 'node:path'
import { defaultSettings } from '../../src/contract/settings'
import { documentOf } from '../../src/main/engine/search-document'
import { searchStep } from '../../src/main/engine/search-step'
import { LiveCatalog } from '../../src/main/engine/library-catalog'
import { openLedger } from '../../src/main/ledger/open-ledger'
import { makeLibrary } from '../../src/main/library/make-library'
import { makeTextReader } from '../../src/main/library/text-reader'
import { makeLog } from '../../src/main/platform/log'
import { nodeHost } from '../../src/main/platform/node-host'
import { openSearch } from '../../src/main/search/open-search'
import { SEARCH_STEP } from '../../src/main/sheaf-library'

/** Returns how many papers it holds. */
export async function seedSearch(dataDir: string, libraryDir: string): Promise<number> {
  const log = makeLog(
    () => undefined,
    'error',
    () => 0
  )
  const host = nodeHost(log)
  const reader = makeTextReader(host)
  const indexFile = join(dataDir, 'search.sqlite')
  const search = openSearch(host, { file: indexFile })
  const ledger = await openLedger(host, { folder: dataDir })
  const step = searchStep(host, ledger, { file: join(dataDir, SEARCH_STEP), indexFile })
  try {
    const library = makeLibrary(host, defaultSettings(), libraryDir)
    const papers = await new LiveCatalog({ ledger, library, log }).papers()
    const read = new Map<number, readonly string[] | null>()
    for (const paper of papers) {
      if (!read.has(paper.bytes)) {
        const reading = await reader.read(join(libraryDir, paper.path), new AbortController().signal)
        read.set(paper.bytes, reading.kind === 'text' ? reading.pages : null)
      }
      await search.add(documentOf(paper, read.get(paper.bytes) ?? null))
    }
    return papers.length
  } finally {
    await ledger.close()
    await search.close()
    await step.keep([])
    reader.close()
  }
}

const [script, folder] = process.argv.slice(1)
if (folder !== undefined && script?.endsWith('seed-search.ts') === true)
  console.log(`${String(await seedSearch(join(folder, 'data'), join(folder, 'library')))} papers indexed`)
