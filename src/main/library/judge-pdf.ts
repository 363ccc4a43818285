/**
 * Decides whether a file is a complete PDF of a paper (docs/design.md §10, defect 19). Pure: it uses facts
 * read from the file's ends and from the library that opened it. The first rule that fails gives the reason.
 */
import type { ErrorCode } from '../../contract/errors'
import type { Format, PaperVerdict } from '../../contract/words'
import type { Judgement } from './library'
import { noticeIn, pagesPrinted } from './notice-pages'
import type { PdfFacts } from './pdf-facts'

export type Rejected = Extract<Judgement, { kind: 'rejected' }>

/** The facts from a few reads at the file's ends. */
export interface FileEnds {
  readonly bytes: number
  readonly announcedBytes: number | null
  /** the last 2 kB */
  readonly tail: Uint8Array
}

export const TAIL_BYTES = 2_048
const LEAST_BYTES = 1_024
/** Fewer NULs at the end are not damage: old tools pad with them. */
const ZEROS = 256

/** The checks before the file is opened; the head was judged already. */
export function judgeEnds(file: FileEnds, format: Format): Rejected | null {
  if (file.bytes === 0) return rejected('EMPTY', 'The file is empty.')
  if (file.announcedBytes !== null && file.announcedBytes !== file.bytes) {
    return rejected(
      'LENGTH_MISMATCH',
      `The file has ${count(file.bytes)}; the server announced ${String(file.announcedBytes)}.`
    )
  }
  if (format !== 'pdf') return null
  if (file.bytes < LEAST_BYTES) {
    return rejected(
      'TOO_SMALL',
      `The file has ${count(file.bytes)}; a paper has at least ${String(LEAST_BYTES)}.`
    )
  }
  return null
}

export function judgePdf(file: FileEnds, facts: PdfFacts): Judgement {
  const marked = hasEndMarker(file.tail)
  if (facts.kind === 'costly') {
    return rejected('READING_LIMIT', `The PDF cannot be read: ${sentence(facts.because)}`)
  }
  if (facts.kind === 'password') {
    return rejected('PASSWORD_NEEDED', 'The PDF cannot be opened without a password.')
  }
  const missesEnd =
    (!marked && !facts.xrefFound) ||
    (facts.linearizedBytes !== null && facts.linearizedBytes > file.bytes && !facts.xrefFound)
  if (missesEnd) return rejected('TRUNCATED', whyTruncated(file, facts))
  if (facts.kind === 'unreadable') {
    return rejected('UNREADABLE_PDF', `The PDF cannot be opened: ${sentence(facts.because)}`)
  }
  if (facts.pageCount < 1) return rejected('UNREADABLE_PDF', 'The PDF has no page.')
  if (facts.missingPages > 0) {
    return rejected(
      'UNREADABLE_PDF',
      `Of the PDF’s ${String(facts.pageCount)} pages ${String(facts.missingPages)} cannot be read.`
    )
  }
  if (facts.blank) return rejected('UNREADABLE_PDF', 'The pages of the PDF are blank.')
  const notice = noticeIn(facts.text, facts.pageCount)
  if (notice !== null)
    return rejected(notice.reason, `A notice came instead of the paper: “${notice.words}”.`)
  const less = lessThanThePaper(facts)
  if (less !== null) return less
  if (facts.paper.verdict === 'mismatch') {
    return { kind: 'mismatch', because: facts.paper.because, evidence: facts.paper.evidence }
  }
  const printed = pagesPrinted(facts.text, facts.pageCount)
  return {
    kind: 'paper',
    verdict: printed === null ? facts.paper.verdict : 'unsure',
    because:
      printed === null
        ? facts.paper.because
        : `The file has one page; the paper has ${String(printed)} by its own page numbers.`,
    pages: facts.pageCount,
    encrypted: facts.encrypted,
    checks: checksOf(file, facts, { marked, verdict: printed === null ? facts.paper.verdict : 'unsure' }),
    text: facts.text
  }
}

/** A single page that declares itself a preview. A short note or a poster does not. */
const PREVIEW =
  /this is (?:only )?a preview|preview (?:of|only)|(?:first|1st)[- ]page preview|article preview|purchase (?:this|the|full|access|pdf|article)|buy (?:this|the) (?:article|pdf|full)|to (?:read|view|access) the (?:full|complete|entire) (?:text|article|version|paper)|end of (?:this|the|your) preview|rent (?:or buy )?this article|log ?in to (?:read|view) the full|get (?:full )?access to (?:this|the) (?:article|paper)|the full (?:text|article) is available (?:to|for) (?:subscribers|purchase)/i
const ABSTRACT =
  /only the abstract (?:is|of|was)|abstract only|full (?:text|paper) (?:is )?not available|contains only the abstract/i

function lessThanThePaper(facts: Extract<PdfFacts, { kind: 'opened' }>): Rejected | null {
  if (facts.pageCount > 2) return null
  const preview = PREVIEW.exec(facts.text)
  if (preview !== null) {
    return rejected('FIRST_PAGE_ONLY', `It has ${pages(facts.pageCount)} and says “${preview[0]}”.`)
  }
  const abstract = facts.pageCount === 1 ? ABSTRACT.exec(facts.text) : null
  return abstract === null ? null : rejected('ABSTRACT_ONLY', `It has one page and says “${abstract[0]}”.`)
}

function whyTruncated(file: FileEnds, facts: { readonly linearizedBytes: number | null }): string {
  if (facts.linearizedBytes !== null && facts.linearizedBytes > file.bytes) {
    return `The PDF says that it has ${count(facts.linearizedBytes)}; only ${String(file.bytes)} came.`
  }
  if (zerosAtEnd(file.tail) >= ZEROS) return 'The file ends in zeros: its end never arrived.'
  return 'The PDF’s end marker is missing, and so is the table that stands before it.'
}

function checksOf(
  file: FileEnds,
  facts: Extract<PdfFacts, { kind: 'opened' }>,
  found: { readonly marked: boolean; readonly verdict: PaperVerdict }
): readonly { readonly name: string; readonly result: string }[] {
  return [
    { name: 'begins as a PDF', result: 'yes' },
    {
      name: 'length',
      result:
        file.announcedBytes === null
          ? `${count(file.bytes)}, none announced`
          : `${count(file.bytes)}, as announced`
    },
    { name: 'end marker', result: found.marked ? 'yes' : 'missing, but its table of objects is there' },
    { name: 'table of objects', result: facts.xrefFound ? 'yes' : 'rebuilt by searching the file' },
    { name: 'opens', result: pages(facts.pageCount) },
    { name: 'encrypted', result: facts.encrypted ? 'yes, readable without a password' : 'no' },
    { name: 'right paper', result: found.verdict }
  ]
}

function hasEndMarker(tail: Uint8Array): boolean {
  return Buffer.from(tail.buffer, tail.byteOffset, tail.length).includes('%%EOF')
}

function zerosAtEnd(tail: Uint8Array): number {
  let zeros = 0
  while (zeros < tail.length && tail[tail.length - 1 - zeros] === 0) zeros += 1
  return zeros
}

const rejected = (reason: ErrorCode, because: string): Rejected => ({ kind: 'rejected', reason, because })
const count = (bytes: number): string => (bytes === 1 ? '1 byte' : `${String(bytes)} bytes`)
const pages = (number: number): string => (number === 1 ? '1 page' : `${String(number)} pages`)
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)
