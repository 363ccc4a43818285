/** What the reader of whole texts and its thread say to each other. */
import type { PdfText } from './pdf-facts'

export interface TextQuestion {
  readonly id: number
  readonly path: string
  /** also what the document says of itself: the large letters of its first page, its metadata */
  readonly front?: boolean
  readonly mostPages: number
  readonly mostChars: number
}

export type PdfTextReading =
  | {
      readonly kind: 'text'
      /** page by page, from the first; '' for a page without text, or one that cannot be read */
      readonly pages: readonly string[]
      /** false: there is more than was read */
      readonly whole: boolean
      /** only when `front` was asked for */
      readonly front?: PdfFront
    }
  | { readonly kind: 'unreadable'; readonly because: string }

/** What a document says of itself. All of it is the producer's word: often right, sometimes of another paper. */
export interface PdfFront extends PdfText {
  readonly pageCount: number
  /** the strings of the document information dictionary, custom keys too (ISO 32000-1 §14.3.3) */
  readonly info: Readonly<Record<string, string>>
  /** the XMP packet as it stands in the file; '' when there is none */
  readonly xmp: string
  /** `dc:title` of the XMP packet */
  readonly xmpTitle: string | null
}

export interface TextAnswer {
  readonly id: number
  readonly reading: PdfTextReading
}
