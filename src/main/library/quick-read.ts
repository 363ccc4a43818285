/**
 * Reads a PDF with PDFium, which takes a third to a sixth of the time that pdf.js takes, and answers only where
 * nothing is in doubt: a sound, plain file of more than a few pages whose first pages are the wanted paper, or
 * where nothing is known to compare. In every other case the answer is null, and pdf.js reads the file and
 * decides alone (`read-pdf.ts`): this reader refuses no file. Any error counts as null (`readers.ts`).
 */
import { isSettled, lastPageSought, SHORT_PAGES, startFirstPages, TEXT_PAGES } from './first-pages'
import { bytesChanged } from './pdf-bytes'
import type { PdfFacts, PdfQuestion } from './pdf-facts'
import { textOfInfo, type OpenFile } from './pdfium'
import { hasPage, piecesOf } from './pdfium-page'
import type { WantedPaper } from './right-paper'
import { withSoundFile } from './sound-file'

type Opened = Extract<PdfFacts, { kind: 'opened' }>

export async function readQuickly({ path, wanted }: PdfQuestion): Promise<Opened | null> {
  return withSoundFile(path, {
    accepts: (bytes) => bytesChanged(bytes) === null,
    read: (file, linearizedBytes) => {
      const found = look(file, wanted)
      if (found === null) return null
      return {
        kind: 'opened',
        encrypted: false,
        blank: false,
        missingPages: 0,
        xrefFound: true,
        linearizedBytes,
        ...found
      }
    }
  })
}

function look(file: OpenFile, wanted: WantedPaper): Pick<Opened, 'pageCount' | 'text' | 'paper'> | null {
  const { pdfium, document } = file
  const pageCount = pdfium.pageCount(document)
  if (pageCount <= SHORT_PAGES) return null
  const pages = startFirstPages(wanted, { title: textOfInfo(file, 'Title'), pageCount })
  for (let looked = 1; looked <= TEXT_PAGES; looked += 1) {
    const pieces = piecesOf(file, looked - 1)
    if (pieces === null || pieces.length === 0) return null
    pages.add(pieces)
    const paper = pages.compare()
    if (!isSettled(paper, { wanted, pageCount })) continue
    const isWhole = areThere(file, { looked, upTo: lastPageSought(paper, looked), pageCount })
    return isWhole && !pages.isEmpty() ? { pageCount, text: pages.text(), paper } : null
  }
  return null
}

/** The same pages as `countMissing` looks for in `read-pdf.ts`. */
function areThere(
  file: OpenFile,
  at: { readonly looked: number; readonly upTo: number; readonly pageCount: number }
): boolean {
  for (let number = at.looked + 1; number <= Math.min(at.upTo, at.pageCount); number += 1)
    if (!hasPage(file, number - 1)) return false
  return hasPage(file, at.pageCount - 1)
}
