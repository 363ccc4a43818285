/**
 * Look-ups for many works at a time. A part is one batch's answer about one work; the source of that service
 * reads it like the answer of a single query. Shapes only: `services.ts` defines how each service is queried,
 * `pass.ts` in which order, and the engine stores the parts.
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
  /** the requested address, without secrets, truncated */
  url: z.string(),
  /** number of works in the same query */
  together: z.number(),
  elapsedMs: z.number(),
  /** epoch seconds */
  at: z.number()
})
export type LookupPart = z.infer<typeof lookupPartSchema>
