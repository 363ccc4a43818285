/**
 * Caches the displayed queue for the next start: the last requested filter and order, its first rows and the
 * counts. Written once a minute after changes, and at the end. Only for a ledger that is slow to open. The
 * file is a cache: nothing waits for it, and losing it does no harm.
 */
import {
  ASKED_FIRST,
  removeQueueCache,
  writeQueueCache,
  MOST_SEEN,
  type QueueCache
} from '../session/queue-cache'
import { check, type AnswerRequest } from './answer'
import type { HandlerDeps } from './handler-deps'
import { queueCounts, queuePage } from './queue'

const EVERY_MS = 60_000
/** With fewer jobs the ledger opens about as fast as the page. */
const WORTH_IT = 200
/** Time limit at the end of the app. */
const AT_THE_END_MS = 400

export interface QueueCacheWriter {
  /** Wraps `answer` and notes the queue's requests. */
  readonly noting: (answer: AnswerRequest) => AnswerRequest
  /** The last write, before the session closes. Never rejects. */
  readonly close: () => Promise<void>
}

export function keepQueueCache(parts: HandlerDeps, worthIt = WORTH_IT): QueueCacheWriter {
  const { session, host } = parts
  let asked: QueueCache['asked'] = ASKED_FIRST
  let isStale = true
  let keeping: Promise<void> | null = null

  const keep = async (): Promise<void> => {
    const { workspace, trouble } = session.view()
    // The sample's queue is not cached; without a ledger there is none.
    if (workspace !== 'own' || trouble !== null) return
    isStale = false
    try {
      const run = session.run.view()
      if (run.counts.all < worthIt) {
        await removeQueueCache(host, session.dataDir)
        return
      }
      const mine = asked
      const page = await queuePage(parts, { ...mine, offset: 0, limit: MOST_SEEN })
      const { all, waiting, active, attention, done, ignored, byReason } = await queueCounts(parts, {})
      const counts = { all, waiting, active, attention, done, ignored, byReason: [...byReason] }
      // Unrecorded jobs will not exist after a restart.
      const rows = page.rows.filter((row) => row.recorded)
      const total = page.total - (page.rows.length - rows.length)
      const seen = { asked: mine, rows, total, counts, run: { counts: run.counts, progress: run.progress } }
      await writeQueueCache(host, session.dataDir, seen)
    } catch (error) {
      host.log.debug('What the queue shows could not be kept for the next start.', { because: String(error) })
    }
  }
  const keepOnce = (): Promise<void> => {
    keeping ??= keep().finally(() => {
      keeping = null
    })
    return keeping
  }

  const stopListening = session.events.on((name, payload) => {
    if (name === 'jobs' && payload.changed.length > 0) isStale = true
  })
  const stopLooking = host.clock.every(EVERY_MS, () => {
    if (isStale) void keepOnce()
  })
  return {
    noting: (answer) => (name, input) => {
      const began = name === 'jobs.list' ? beginningOf(input) : null
      if (began !== null && JSON.stringify(began) !== JSON.stringify(asked)) {
        asked = began
        isStale = true
      }
      return answer(name, input)
    },
    close: async () => {
      stopLooking()
      stopListening()
      await keeping
      if (isStale) await Promise.race([keepOnce(), host.clock.sleep(AT_THE_END_MS)])
    }
  }
}

/** The filter and order of a request from the first row; searches are not cached. */
function beginningOf(input: unknown): QueueCache['asked'] | null {
  const read = check('jobs.list', input)
  if (!read.ok) return null
  const { query, sort, direction, offset } = read.value
  return offset === 0 && query.text === undefined ? { query, sort, direction } : null
}
