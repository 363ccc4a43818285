/** Where a file comes from, as a shape that is stored with it. The schema is the one door back in. */
import { z } from 'zod'
import { ARTICLE_VERSIONS, PAPER_VERDICTS, SOURCES, TIERS } from '../../../contract/words'
import { chainSchema } from './answer-parts'

export const provenanceSchema = z.object({
  source: z.enum([...SOURCES, 'given', 'manual']),
  tier: z.enum(TIERS).nullable(),
  version: z.enum(ARTICLE_VERSIONS).nullable(),
  license: z.string().nullable(),
  evidence: z.string(),
  url: z.string(),
  finalUrl: z.string(),
  foundOn: z.string().nullable(),
  chain: chainSchema,
  headers: z.record(z.string(), z.string()),
  checks: z.array(z.object({ name: z.string(), result: z.string() })),
  verdict: z.enum(PAPER_VERDICTS),
  verdictBecause: z.string(),
  pages: z.number().nullable(),
  encrypted: z.boolean(),
  fetchedAt: z.number()
})
