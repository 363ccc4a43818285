/**
 * The first pages of a PDF as they are read, one after another, and their comparison with the wanted paper.
 * Both readers of PDFs use it (`read-pdf.ts`, `quick-read.ts`): they differ only in where a page's pieces of
 * text come from. Pure.
 */
import { messageOf } from '../../contract/errors'
import { cutTo } from '../../contract/limits'
import { MOST_PAGE_CHARS, readLayout, type TypeRun } from './pdf-layout'
import type { PdfText } from './pdf-text'
import { isBeyondComparing, judgeRightPaper, type WantedPaper } from './right-paper'
import type { RightPaper } from './right-paper-verdict'

export const TEXT_PAGES = 3
/** The beginning of the text that a judgement keeps. */
export const TEXT_LETTERS = 20_000
/** A file of so few pages is read completely: it may be a notice, a preview or an abstract (`judge-pdf.ts`). */
export const SHORT_PAGES = 2

export interface FirstPages {
  /** The pieces of the next page, as pdf.js gives them. */
  add(items: readonly unknown[]): void
  compare(): RightPaper
  text(): string
  /** no letter was found */
  isEmpty(): boolean
}

/** `title`: of the document information; a blank one is none. */
export function startFirstPages(
  wanted: WantedPaper,
  { title, pageCount }: { readonly title: unknown; readonly pageCount: number }
): FirstPages {
  const metadataTitle = typeof title === 'string' && title.trim() !== '' ? cutTo(title, 'title') : null
  const pages: string[] = []
  let prominent: readonly string[] = []
  let runs: readonly TypeRun[] = []
  return {
    add(items) {
      const layout = readLayout(items)
      pages.push(layout.text.slice(0, MOST_PAGE_CHARS))
      if (runs.length === 0) ({ prominent, runs } = layout)
    },
    compare: () => compare({ pages, prominent, runs, metadataTitle, pageCount }, wanted),
    text: () => pages.join('\n').slice(0, TEXT_LETTERS),
    isEmpty: () => pages.every((text) => text.trim() === '')
  }
}

/** Whether later pages cannot change the verdict. A short file is read completely. */
export function isSettled(
  paper: RightPaper,
  { wanted, pageCount }: { readonly wanted: WantedPaper; readonly pageCount: number }
): boolean {
  return paper.verdict === 'match' || (pageCount > SHORT_PAGES && isBeyondComparing(paper, wanted))
}

/** Up to which page each must be there. The last one represents the rest. */
export function lastPageSought(paper: RightPaper | null, looked: number): number {
  return paper?.verdict === 'match' ? looked : TEXT_PAGES
}

/** An error in the comparison is not the file's fault: the file is kept, with the verdict `unsure`. */
function compare(text: PdfText, wanted: WantedPaper): RightPaper {
  try {
    return judgeRightPaper(text, wanted)
  } catch (error) {
    const because = messageOf(error)
    return {
      verdict: 'unsure',
      reason: 'not enough found',
      because: `The text could not be compared: ${because}`,
      evidence: {}
    }
  }
}
