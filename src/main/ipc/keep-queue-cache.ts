/**
 * Keeps the queue as it was seen last, for the next start: the filter and order that the page asked
 * for last, its first rows and the counts. Once a minute when something changed, and at the end. Only
 * for a ledger that is slow to open. The file is a cache: nothing waits for it, and without it nothing is lost.
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
/** With fewer jobs the ledger is open about as soon as the page is. */
const WORTH_IT = 200
/** How long the end may take for it. */
const AT_THE_END_MS = 400

export interface QueueCacheWriter {
  /** Answers as before, and notes what the queue was asked. */
  readonly noting: (answer: AnswerRequest) => AnswerRequest
  /** The last time, before the session closes. Never rejects. */
  readonly close: () => Promise<void>
}

export function keepQueueCache(parts: HandlerDeps, worthIt = WORTH_IT): QueueCacheWriter {
  const { session, host } = parts
  let asked: QueueCache['asked'] = ASKED_FIRST
  let isStale = true
  let keeping: Promise<void> | null = null

  const keep = async (): Promise<void> => {
    const { workspace, trouble } = session.view()
    // The sample's queue is not cached, and without a ledger there is none.
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
      // What the ledger does not remember will not be there.
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
    if (name === 'jobs' && 'changed' in payload && payload.changed.length > 0) isStale = true
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

/** The filter and order of a screen that begins at the top; a search is not what one starts with. */
function beginningOf(input: unknown): QueueCache['asked'] | null {
  const read = check('jobs.list', input)
  if (!read.ok) return null
  const { query, sort, direction, offset } = read.value
  return offset === 0 && query.text === undefined ? { query, sort, direction } : null
}
