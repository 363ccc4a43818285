/** What the PDF library found in a file: facts only, the judging is done elsewhere. */
import type { TypeRun } from './pdf-layout'
import type { RightPaper, WantedPaper } from './right-paper'

export interface PdfText {
  /** text of the first pages, line ends kept */
  readonly pages: readonly string[]
  /** the lines in the largest letters of the first page with text, largest first: one of them is a title */
  readonly prominent: readonly string[]
  /** the document's own title field; often nonsense */
  readonly metadataTitle: string | null
  /** the type runs of the upper part of the first page with text; absent where type is not known */
  readonly runs?: readonly TypeRun[]
  readonly pageCount?: number
}

export type PdfFacts =
  | {
      readonly kind: 'opened'
      readonly pageCount: number
      readonly encrypted: boolean
      /** nothing is painted on its first pages */
      readonly blank: boolean
      /** pages that were looked for and could not be read */
      readonly missingPages: number
      /** false: the table of objects had to be guessed by searching the file */
      readonly xrefFound: boolean
      /** a linearized file says how long it should be */
      readonly linearizedBytes: number | null
      /** the beginning of its text; '' when there is none to read */
      readonly text: string
      readonly paper: RightPaper
    }
  | { readonly kind: 'password' }
  | {
      readonly kind: 'unreadable'
      readonly because: string
      readonly xrefFound: boolean
      readonly linearizedBytes: number | null
    }

export interface PdfQuestion {
  readonly id: number
  readonly path: string
  readonly wanted: WantedPaper
}
export interface PdfAnswer {
  readonly id: number
  readonly facts: PdfFacts
}
