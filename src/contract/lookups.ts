/**
 * Look-ups that are asked for many works at a time. A part is what one batch said about one work; the
 * source of that service reads it as if it had asked alone. Shapes only: `services.ts` knows how each
 * service is asked, `pass.ts` in which order, and the engine keeps the parts.
 */
import { z } from 'zod'

export const LOOKUP_SERVICES = [
  'openalex',
  'pmc_ids',
  'arxiv',
  'crossref',
  'europe_pmc',
  'semantic_scholar'
] as const
export type LookupService = (typeof LOOKUP_SERVICES)[number]

export const lookupPartSchema = z.object({
  service: z.enum(LOOKUP_SERVICES),
  /** the service's record of this work as JSON text; null: it does not know the work */
  record: z.string().nullable(),
  /** the address asked, without secrets, cut to a readable length */
  url: z.string(),
  /** works in the same question */
  together: z.number(),
  elapsedMs: z.number(),
  /** epoch seconds */
  at: z.number()
})
export type LookupPart = z.infer<typeof lookupPartSchema>
