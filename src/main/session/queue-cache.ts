/**
 * The last displayed queue: `queue-seen.json` in the data folder, written atomically. A large ledger takes
 * seconds to open; until then, the page shows this. Invariant: no decision uses it, it is bounded, and an
 * invalid file is treated as absent.
 */
import { join } from 'node:path'
import { z } from 'zod'
import { jobQuery } from '../../contract/request-inputs'
import { REQUESTS } from '../../contract/requests'
import type { GroupCounts, JobView, QueueCounts } from '../../contract/views'
import { FORMATS, STATES } from '../../contract/words'
import { codeOrMessage } from '../platform/files'
import type { Host } from '../platform/host'

const FILE = 'queue-seen.json'
/** Maximum number of rows: more than fit on any screen. */
export const MOST_SEEN = 200
const MOST_BYTES = 2_000_000
const SLOW_BYTES = 50_000_000

const count = z.number().int().min(0)
const text = z.string()
const textOrNull = text.nullable()
const numberOrNull = z.number().nullable()

const groupCounts: z.ZodType<GroupCounts> = z.strictObject({
  all: count,
  waiting: count,
  active: count,
  attention: count,
  done: count,
  ignored: count
})

const queueCounts: z.ZodType<Omit<QueueCounts, 'revision'>> = z.strictObject({
  all: count,
  waiting: count,
  active: count,
  attention: count,
  done: count,
  ignored: count,
  byReason: z.array(z.strictObject({ reason: text, count, sentence: text, hint: text })).max(1_000)
})

const jobView: z.ZodType<JobView> = z.strictObject({
  jobId: text,
  workId: text,
  artifactId: text,
  title: textOrNull,
  authors: z.array(text),
  year: numberOrNull,
  venue: textOrNull,
  identifier: text,
  canonicalUrl: text,
  format: z.enum(FORMATS),
  state: z.enum(STATES),
  group: z.enum(['waiting', 'active', 'attention', 'done', 'ignored']),
  hold: textOrNull,
  leased: z.boolean(),
  doubtful: z.boolean(),
  reason: textOrNull,
  because: textOrNull,
  hint: textOrNull,
  attempt: z.number(),
  nextAttemptAt: numberOrNull,
  bytes: numberOrNull,
  totalBytes: numberOrNull,
  bytesPerSecond: numberOrNull,
  continuedFrom: numberOrNull,
  source: textOrNull,
  host: textOrNull,
  createdAt: z.number(),
  updatedAt: z.number(),
  recorded: z.boolean()
})

const { sort, direction } = REQUESTS['jobs.list'].input.shape

const queueCacheSchema = z.strictObject({
  v: z.literal(1),
  /** the filter and order of the rows */
  asked: z.strictObject({ query: jobQuery, sort, direction }),
  /** from the first row */
  rows: z.array(jobView).max(MOST_SEEN),
  total: count,
  counts: queueCounts,
  run: z.strictObject({ counts: groupCounts, progress: numberOrNull })
})
export type QueueCache = Omit<z.infer<typeof queueCacheSchema>, 'v'>

/** The part of the queue known before its ledger is open. */
export interface EarlyQueue extends Pick<QueueCache, 'asked' | 'rows' | 'total'> {
  /** null: unknown */
  readonly counts: QueueCache['counts'] | null
  readonly run: QueueCache['run'] | null
}

/** The queue screen's request without a stored state. */
export const ASKED_FIRST: QueueCache['asked'] = { query: { group: 'all' }, sort: 'added', direction: 'down' }

/** null: nothing usable was stored. */
export async function readQueueCache(
  { files, log }: Pick<Host, 'files' | 'log'>,
  folder: string
): Promise<QueueCache | null> {
  const path = join(folder, FILE)
  try {
    const stat = await files.stat(path)
    if (stat === null) return null
    if (stat.isFile && stat.bytes <= MOST_BYTES) {
      const read = queueCacheSchema.safeParse(
        JSON.parse(Buffer.from(await files.readWhole(path)).toString('utf8'))
      )
      if (read.success && read.data.rows.length <= read.data.total) return read.data
    }
    log.debug(`${path} is not what Sheaf writes; it is not shown.`)
  } catch (error) {
    log.debug(`${path} cannot be read; it is not shown.`, { because: codeOrMessage(error) })
  }
  return null
}

/**
 * Does the ledger take long enough to open that the page should show its frame first? A small ledger is open
 * before that would help.
 */
export async function opensSlowly({ files }: Pick<Host, 'files'>, folder: string): Promise<boolean> {
  const stat = await files.stat(join(folder, 'ledger.sqlite')).catch(() => null)
  return stat !== null && stat.bytes >= SLOW_BYTES
}

export async function writeQueueCache(
  { files }: Pick<Host, 'files'>,
  folder: string,
  seen: QueueCache
): Promise<void> {
  await files.writeWhole(join(folder, FILE), `${JSON.stringify({ v: 1, ...seen })}\n`)
}

export async function removeQueueCache({ files }: Pick<Host, 'files'>, folder: string): Promise<void> {
  await files.remove(join(folder, FILE))
}
