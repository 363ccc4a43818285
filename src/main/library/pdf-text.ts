/** The text of a PDF's first pages, with its type sizes. */
import type { TypeRun } from './pdf-layout'

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
