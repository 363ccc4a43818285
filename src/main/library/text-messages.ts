/** What the reader of whole texts and its thread say to each other. */
export interface TextQuestion {
  readonly id: number
  readonly path: string
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
    }
  | { readonly kind: 'unreadable'; readonly because: string }

export interface TextAnswer {
  readonly id: number
  readonly reading: PdfTextReading
}
