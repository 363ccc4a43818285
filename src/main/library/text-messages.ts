/** The messages between the reader of whole texts and its process. */
import { z } from 'zod'
import type { PdfText } from './pdf-text'

export interface TextQuestion {
  readonly path: string
  /** also returns what the document says about itself: the large letters of its first page, its metadata */
  readonly front?: boolean
  readonly mostPages: number
  readonly mostChars: number
}

export type PdfTextReading =
  | {
      readonly kind: 'text'
      /** page by page, from the first; '' for a page without text, or one that cannot be read */
      readonly pages: readonly string[]
      /** false: only a part was read */
      readonly whole: boolean
      /** only when `front` was requested */
      readonly front?: PdfFront
    }
  | { readonly kind: 'unreadable'; readonly because: string }

/**
 * What a document says about itself. All of it comes from the producer: often right, sometimes from another
 * paper.
 */
export interface PdfFront extends PdfText {
  readonly pageCount: number
  /** the strings of the document information dictionary, custom keys too (ISO 32000-1 §14.3.3) */
  readonly info: Readonly<Record<string, string>>
  /** the XMP packet as it is in the file; '' when there is none */
  readonly xmp: string
  /** `dc:title` of the XMP packet */
  readonly xmpTitle: string | null
}

const frontSchema = z.object({
  pages: z.array(z.string()),
  prominent: z.array(z.string()),
  metadataTitle: z.string().nullable(),
  runs: z
    .array(
      z.object({ text: z.string(), scale: z.number(), lettersBefore: z.number(), otherFont: z.boolean() })
    )
    .default([]),
  pageCount: z.number(),
  info: z.record(z.string(), z.string()),
  xmp: z.string(),
  xmpTitle: z.string().nullable()
})

const textSchema = z.object({
  kind: z.literal('text'),
  pages: z.array(z.string()),
  whole: z.boolean(),
  front: frontSchema.optional()
})
const unreadableSchema = z.object({ kind: z.literal('unreadable'), because: z.string() })

export function parseReading(value: unknown): PdfTextReading {
  const reading = z.discriminatedUnion('kind', [textSchema, unreadableSchema]).parse(value)
  if (reading.kind === 'unreadable') return reading
  const { front, ...text } = reading
  return { ...text, ...(front === undefined ? {} : { front }) }
}
