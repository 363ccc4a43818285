/** A PDF's outline as a tree of plain entries: title, target, children. */
import type { PDFDocumentProxy } from 'pdfjs-dist'

export interface OutlineEntry {
  /** the path in the tree: `2`, `2.0`, … */
  readonly id: string
  readonly title: string
  readonly level: number
  readonly dest: string | unknown[] | null
  readonly url: string | null
  readonly below: readonly OutlineEntry[]
  /** initially expanded */
  readonly open: boolean
}

/** Limits for huge or cyclic outlines. */
const MOST_ENTRIES = 5_000
const DEEPEST = 12

type Raw = Awaited<ReturnType<PDFDocumentProxy['getOutline']>>

export async function outlineOf(pdf: PDFDocumentProxy): Promise<readonly OutlineEntry[]> {
  // The types say that it always exists; pdf.js returns null for papers without.
  const raw = (await pdf.getOutline()) as Raw | null
  let left = MOST_ENTRIES
  const take = (entries: Raw, level: number, path: string): readonly OutlineEntry[] =>
    entries.slice(0, left).map((entry, at) => {
      left -= 1
      const id = path === '' ? String(at) : `${path}.${String(at)}`
      return {
        id,
        title: entry.title.replace(/\s+/g, ' ').trim() || '—',
        level,
        dest: entry.dest,
        url: entry.url,
        below: level < DEEPEST ? take(entry.items as Raw, level + 1, id) : [],
        // In a PDF, a negative count means collapsed.
        open: level < 2 && (entry.count ?? 0) >= 0
      }
    })
  return take(raw ?? [], 1, '')
}

/** The visible entries, top to bottom. */
export function visibleEntries(
  entries: readonly OutlineEntry[],
  isOpen: (entry: OutlineEntry) => boolean
): readonly OutlineEntry[] {
  return entries.flatMap((entry) => [entry, ...(isOpen(entry) ? visibleEntries(entry.below, isOpen) : [])])
}
