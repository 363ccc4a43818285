/** A cached queue for tests: some rows, and counts that match them. */
import type { JobView } from '../../src/contract/views'
import type { QueueCache } from '../../src/main/session/queue-cache'

export function seenJob(jobId: string, other: Partial<JobView> = {}): JobView {
  return {
    jobId,
    workId: `doi:10.1000/${jobId}`,
    artifactId: `doi:10.1000/${jobId}#pdf`,
    title: `Paper ${jobId}`,
    authors: ['Ada Example'],
    year: 2024,
    venue: null,
    identifier: `10.1000/${jobId}`,
    canonicalUrl: `https://doi.org/10.1000/${jobId}`,
    format: 'pdf',
    state: 'PLANNED',
    group: 'waiting',
    hold: null,
    leased: false,
    doubtful: false,
    reason: null,
    because: null,
    hint: null,
    attempt: 0,
    nextAttemptAt: null,
    bytes: null,
    totalBytes: null,
    bytesPerSecond: null,
    continuedFrom: null,
    source: null,
    host: null,
    createdAt: 1_700_000_000,
    updatedAt: 1_700_000_000,
    recorded: true,
    ...other
  }
}

export function seenQueue(rows: readonly JobView[], other: Partial<QueueCache> = {}): QueueCache {
  const of = (group: JobView['group']): number => rows.filter((row) => row.group === group).length
  const counts = {
    all: rows.length,
    waiting: of('waiting'),
    active: of('active'),
    attention: of('attention'),
    done: of('done'),
    ignored: of('ignored')
  }
  return {
    asked: { query: { group: 'all' }, sort: 'added', direction: 'down' },
    rows: [...rows],
    total: rows.length,
    counts: { ...counts, byReason: [] },
    run: { counts, progress: null },
    ...other
  }
}
