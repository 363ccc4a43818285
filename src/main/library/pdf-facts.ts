/** The facts that the PDF library found in a file; other modules judge them. */
import { z } from 'zod'
import { PAPER_VERDICTS } from '../../contract/words'
import type { WantedPaper } from './right-paper-facts'
import { RIGHT_PAPER_REASONS, type RightPaper } from './right-paper-verdict'

export type PdfFacts =
  | {
      readonly kind: 'opened'
      readonly pageCount: number
      readonly encrypted: boolean
      /** nothing is painted on its first pages */
      readonly blank: boolean
      /** pages that were requested and could not be read */
      readonly missingPages: number
      /** false: the table of objects had to be guessed by searching the file */
      readonly xrefFound: boolean
      /** the full length that a linearized file declares */
      readonly linearizedBytes: number | null
      /** the beginning of its text; '' when there is no readable text */
      readonly text: string
      readonly paper: RightPaper
    }
  | { readonly kind: 'password' }
  /** opening it took more time or memory than any paper needs; its process was ended */
  | { readonly kind: 'costly'; readonly because: string }
  | {
      readonly kind: 'unreadable'
      readonly because: string
      readonly xrefFound: boolean
      readonly linearizedBytes: number | null
    }

export interface PdfQuestion {
  readonly path: string
  readonly wanted: WantedPaper
}

const paperSchema = z.object({
  verdict: z.enum(PAPER_VERDICTS),
  reason: z.enum(RIGHT_PAPER_REASONS),
  because: z.string(),
  evidence: z.record(z.string(), z.unknown())
})

/** Another process's answer is parsed like any external input: the process has read hostile bytes. */
export const pdfFactsSchema: z.ZodType<PdfFacts> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('opened'),
    pageCount: z.number(),
    encrypted: z.boolean(),
    blank: z.boolean(),
    missingPages: z.number(),
    xrefFound: z.boolean(),
    linearizedBytes: z.number().nullable(),
    text: z.string(),
    paper: paperSchema
  }),
  z.object({ kind: z.literal('password') }),
  z.object({
    kind: z.literal('unreadable'),
    because: z.string(),
    xrefFound: z.boolean(),
    linearizedBytes: z.number().nullable()
  }),
  z.object({ kind: z.literal('costly'), because: z.string() })
])
