/**
 * Reads the whole text of a PDF with PDFium, for the search, and answers only where nothing is in doubt: a sound, plain
 * file with letters, all of whose pages can be read. In every other case the answer is null, and pdf.js reads the file
 * (`read-text.ts`).
 */
import { MOST_PAGE_CHARS, readLayout } from './pdf-layout'
import type { OpenFile } from './pdfium'
import { piecesOf } from './pdfium-page'
import { withSoundFile } from './sound-file'
import type { PdfTextReading, TextQuestion } from './text-messages'

type Text = Extract<PdfTextReading, { kind: 'text' }>

/** `step` as in `readText`. */
export async function readTextQuickly(question: TextQuestion, step: () => void): Promise<Text | null> {
  return withSoundFile(question.path, { read: (file) => textOf(file, question, step) })
}

function textOf(file: OpenFile, { mostPages, mostChars }: TextQuestion, step: () => void): Text | null {
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
