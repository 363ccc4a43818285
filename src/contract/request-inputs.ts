/** Input schemas shared by several requests: ids, filters, names, with their maximum sizes. */
import { z } from 'zod'
import { MOST_LIST_NAME_CHARS, MOST_ROWS } from './limits'
import { SETTING_KEYS } from './settings'
import { JOB_GROUPS } from './views'

export const nothing = z.strictObject({})
export const text = (most: number) => z.string().max(most)
export const jobId = text(200).min(1)
export const artifactId = text(3_000).min(1)
export const styleId = z.string().regex(/^[0-9a-f]{16}$/)
export const bibId = z.string().regex(/^[0-9a-f]{16}$/)
export const importId = z.string().regex(/^[0-9a-f]{16}$/)
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
/** null: the whole library */
export const collectionName = text(1_000).nullable()
export const count = (most: number) => z.number().int().min(0).max(most)
/** Which rows of a long list are asked for. */
export const page = { offset: count(10_000_000), limit: count(MOST_ROWS).min(1) }
/** Bytes as transferred: a view of an ArrayBuffer. */
export const bytes = (most: number) =>
  z.instanceof(Uint8Array).refine((one) => one.byteLength <= most, 'too large')

/** A named list; an unknown one has no papers. */
export const listName = text(MOST_LIST_NAME_CHARS).min(1)

export const jobQuery = z.strictObject({
  group: z.enum(JOB_GROUPS),
  /** codes of `contract/errors.ts`, any of them */
  reasons: z.array(text(60)).max(100).optional(),
  source: text(60).optional(),
  text: text(500).optional(),
  runId: text(100).optional(),
  list: listName.optional()
})
export type JobQuery = z.infer<typeof jobQuery>

/** Some jobs by id, or all that match a filter. */
export const whichJobs = z.union([
  z.strictObject({ jobIds: z.array(jobId).min(1).max(10_000) }),
  z.strictObject({ query: jobQuery })
])
export type WhichJobs = z.infer<typeof whichJobs>

export const paperQuery = z.strictObject({
  text: text(500).optional(),
  year: z.array(text(20)).max(300).optional(),
  source: z.array(text(60)).max(50).optional(),
  license: z.array(text(200)).max(100).optional(),
  run: z.array(text(100)).max(1_000).optional(),
  list: listName.optional()
})
export type PaperQuery = z.infer<typeof paperQuery>

export const topicSearch = z.strictObject({
  query: text(1_000).min(1),
  yearStart: z.number().int().min(1000).max(3000).optional(),
  yearEnd: z.number().int().min(1000).max(3000).optional(),
  oaOnly: z.boolean(),
  max: z.number().int().min(1).max(10_000)
})
export type TopicSearchInput = z.infer<typeof topicSearch>

export const direction = z.enum(['up', 'down'])
export const citationFormat = z.enum(['bibtex', 'ris', 'csl-json', 'text'])
export const exportFormat = z.enum(['bibtex', 'ris', 'csl-json', 'csv', 'jsonl'])
/** As in a URL, including the port. */
export const hostName = z
  .string()
  .max(260)
  .regex(/^(?:[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/)
  .refine((host) => URL.canParse(`https://${host}/`))
export const settingKey = z.enum(SETTING_KEYS)
