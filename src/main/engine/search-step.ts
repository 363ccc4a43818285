/**
 * Whether the search index is in step with the library, kept as numbers between two starts: the ledger's last
 * transaction, its number of papers, the mark of the index file, and the papers that are still to be read.
 * While they agree, a start reads neither the index nor the list of papers. A cache: whatever is missing or
 * differs leads to one comparison of all papers.
 */
import { z } from 'zod'
import { jsonOrNull } from '../../contract/unknown-values'
import { numberOfPapers } from '../ledger/library-queries'
import type { Ledger } from '../ledger/ledger'
import type { Host } from '../platform/host'

export interface SearchStep {
  /** The ids of papers that are still to be read; null: compare all. Only before the first change of the index. */
  kept(): Promise<KeptStep | null>
  /** Call before the ledger is closed. */
  beforeClosing(): void
  /** Notes it, once the ledger is closed. Never rejects. */
  keep(unread: readonly string[]): Promise<void>
}

export interface KeptStep {
  readonly unread: readonly string[]
  readonly indexBytes: number
}

const FORMAT = z.object({
  v: z.literal(1),
  seq: z.number(),
  papers: z.number(),
  index: z.string(),
  unread: z.array(z.string())
})
/** More are found again by a comparison. */
const MOST_UNREAD = 20_000
const MOST_BYTES = 16_000_000

export function searchStep(
  host: Pick<Host, 'files' | 'log'>,
  ledger: Pick<Ledger, 'read' | 'position'>,
  { file, indexFile }: { readonly file: string; readonly indexFile: string }
): SearchStep {
  const { opened } = ledger.position()
  const papers = ledger.read(numberOfPapers)
  let counted = papers

  // In milliseconds: a copy of the data folder keeps no more.
  async function indexMark(): Promise<{ readonly mark: string; readonly bytes: number } | null> {
    const stat = await host.files.stat(indexFile)
    return stat === null
      ? null
      : { mark: `${String(stat.bytes)}:${String(Math.round(stat.modifiedAt * 1_000))}`, bytes: stat.bytes }
  }

  return {
    async kept() {
      const index = await indexMark()
      const stat = await host.files.stat(file)
      if (index === null || stat === null || stat.bytes > MOST_BYTES) return null
      const read = FORMAT.safeParse(jsonOrNull(Buffer.from(await host.files.readWhole(file)).toString()))
      if (!read.success) return null
      const { data } = read
      const isSame = data.seq === opened && data.papers === papers && data.index === index.mark
      return isSame ? { unread: data.unread, indexBytes: index.bytes } : null
    },
    async keep(unread) {
      try {
        const index = await indexMark()
        if (index === null || unread.length > MOST_UNREAD) return
        const step = { v: 1, seq: ledger.position().now, papers: counted, index: index.mark, unread }
        await host.files.writeWhole(file, Buffer.from(JSON.stringify(step)))
      } catch (error) {
        host.log.debug('How far the search has read could not be kept', { because: String(error) })
      }
    },
    beforeClosing() {
      counted = ledger.read(numberOfPapers)
    }
  }
}
