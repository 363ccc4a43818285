/**
 * Reads a page with PDFium into the pieces of text that `pdf-layout.ts` takes, as pdf.js gives them: the
 * letters of one text object on one line, with the matrix of its type. A page whose letters are in doubt is
 * null: pdf.js reads it. Letters from right to left are in doubt, because PDFium has already sorted them.
 */
import { RIGHT_TO_LEFT } from '../../contract/scan'
import { MOST_PAGE_CHARS } from './pdf-layout'
import type { OpenFile } from './pdfium'
import type { Placed } from './right-to-left'

interface PagePiece extends Placed {
  readonly fontName: string
}

/** What is opened is closed unless PDFium throws: then the whole instance is given up, and never called again. */
export function piecesOf(file: OpenFile, page: number): readonly PagePiece[] | null {
  const { pdfium } = file
  const opened = pdfium.openPage(file.document, page)
  if (opened === 0) return null
  const text = pdfium.openText(opened)
  const pieces = text === 0 ? null : piecesOfText(file, text)
  if (text !== 0) pdfium.closeText(text)
  pdfium.closePage(opened)
  return pieces
}

function piecesOfText(file: OpenFile, text: number): readonly PagePiece[] | null {
  const count = file.pdfium.charCount(text)
  if (count === 0) return []
  if (count < 0 || count > MOST_PAGE_CHARS) return null
  const pieces = readPieces(file, text, count)
  return areInDoubt(pieces.map((piece) => piece.str).join('')) ? null : pieces
}

/** The page is there; its content is not read. */
export function hasPage({ pdfium, document, scratch }: OpenFile, page: number): boolean {
  return pdfium.pageSize(document, page, scratch) !== 0
}

const RETURN = 0x0d
const NEW_LINE = 0x0a
/** A hyphen at the end of a line. PDFium joins the lines. */
const HYPHEN = 0x02
/** The object of a space or a line end that PDFium added. */
const NONE = 0

function readPieces(file: OpenFile, text: number, count: number): readonly PagePiece[] {
  const { pdfium } = file
  const pieces: PagePiece[] = []
  let object = NONE
  let str = ''
  let type: Pick<PagePiece, 'transform' | 'fontName'> | null = null
  const close = (hasEOL: boolean): void => {
    if (type !== null) pieces.push({ str: normal(str), hasEOL, ...type })
    str = ''
    // The rest of an object that continues on the next line has its own position.
    if (hasEOL) object = NONE
  }
  for (let at = 0; at < count; at += 1) {
    const code = pdfium.unicode(text, at)
    if (code === RETURN) continue
    if (code === NEW_LINE) {
      close(true)
      continue
    }
    const next = pdfium.textObject(text, at)
    if (next !== NONE && next !== object) {
      if (str !== '') close(false)
      object = next
      type = typeAt(file, { text, at, object })
    }
    str += code === HYPHEN ? '-' : letterOf(code)
    if (code === HYPHEN) close(true)
  }
  close(false)
  return pieces
}

const letterOf = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd')

function typeAt(
  { pdfium, scratch }: OpenFile,
  { text, at, object }: { readonly text: number; readonly at: number; readonly object: number }
): Pick<PagePiece, 'transform' | 'fontName'> {
  const isKnown = pdfium.matrix(text, at, scratch) !== 0
  const matrix = isKnown ? [...new Float32Array(pdfium.bytes().buffer, scratch, 6)] : [1, 0, 0, 1, 0, 0]
  const size = pdfium.fontSize(text, at)
  return {
    transform: matrix.map((value, index) => (index < 4 ? value * size : value)),
    fontName: String(pdfium.font(object))
  }
}

/** Ligatures, wide spaces and the micro sign, as pdf.js writes them. */
const SPELT_OUT = /[\u00a0\u00b5\u037e\u2000-\u200a\u202f\u2126\ufb00-\ufb06]+/g
const normal = (text: string): string => text.replace(SPELT_OUT, (found) => found.normalize('NFKC'))

/** Letters without a meaning: unknown, private, or control codes. */
const UNKNOWN = /[\p{Cc}\p{Co}\p{Cs}\ufffd]/gu
/** Formulas have a few of them. */
const MOST_UNKNOWN = 0.02

function areInDoubt(text: string): boolean {
  return RIGHT_TO_LEFT.test(text) || (text.match(UNKNOWN)?.length ?? 0) > text.length * MOST_UNKNOWN
}
