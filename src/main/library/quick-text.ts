/**
 * Reads the whole text of a PDF with PDFium, for the search, and answers only where nothing is in doubt: a sound, plain
 * file with letters, all of whose pages can be read. In every other case the answer is null, and pdf.js reads the file
 * (`read-text.ts`).
 */
import { withPdfFile } from './pdf-file'
import { MOST_PAGE_CHARS, readLayout } from './pdf-layout'
import { structureOf } from './pdf-structure'
import { isEncrypted, withOpenFile, type OpenFile } from './pdfium'
import { piecesOf } from './pdfium-page'
import type { PdfTextReading, TextQuestion } from './text-messages'

type Text = Extract<PdfTextReading, { kind: 'text' }>

/** `step` as in `readText`. */
export async function readTextQuickly(question: TextQuestion, step: () => void): Promise<Text | null> {
  return withPdfFile(question.path, async ({ size, whole, read }) => {
    if (whole === null) return null
    const { xrefFound } = await structureOf(read, size)
    return xrefFound ? withOpenFile(whole, (file) => textOf(file, question, step)) : null
  })
}

function textOf(file: OpenFile, { mostPages, mostChars }: TextQuestion, step: () => void): Text | null {
  if (isEncrypted(file)) return null
  const count = file.pdfium.pageCount(file.document)
  const pages: string[] = []
  let chars = 0
  while (pages.length < Math.min(count, mostPages) && chars < mostChars) {
    const pieces = piecesOf(file, pages.length)
    if (pieces === null) return null
    const text = readLayout(pieces).text.slice(0, MOST_PAGE_CHARS)
    pages.push(text)
    chars += text.length
    step()
  }
  return chars === 0 ? null : { kind: 'text', pages, whole: pages.length === count }
}
