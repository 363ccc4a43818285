/**
 * The queue of a large ledger before it is open and without a cache: read from its file in place. Like the
 * cache it is never used for decisions, nothing depends on it, and nothing waits for it long.
 */
import type { Host } from '../platform/host'
import { ASKED_FIRST, MOST_SEEN, type EarlyQueue } from '../session/queue-cache'
import { jobView } from './job-view'

export async function queuePreview(
  host: Pick<Host, 'files' | 'log' | 'clock'>,
  dataDir: string
): Promise<EarlyQueue | null> {
  // Loads the engine's SQLite, which the window must not wait for.
  const { previewQueue } = await import('../sheaf-preview')
  const page = await previewQueue(host, dataDir, { ...ASKED_FIRST, offset: 0, limit: MOST_SEEN })
  if (page === null || page.total === 0) return null
  const around = { now: host.clock.now(), live: null, part: null }
  return {
    asked: ASKED_FIRST,
    rows: page.rows.map((row) => jobView(row, around)),
    total: page.total,
    counts: null,
    run: null
  }
}
