/** Timeline entries, steps and jobs with defaults for fields that a test does not name. */
import type { JobView } from '../../../src/contract/views'
import type { TimelineEntry } from '../../../src/renderer/text/timeline-entry'

let count = 0

export function timelineEntry(change: Partial<TimelineEntry>): TimelineEntry {
  count += 1
  return {
    id: `m${String(count)}`,
    at: 0,
    kind: 'op',
    tone: 'quiet',
    title: 'Stream',
    detail: '',
    marks: [],
    op: null,
    attempt: null,
    replays: 0,
    elapsedMs: null,
    outcome: null,
    source: null,
    tier: null,
    url: null,
    status: null,
    from: null,
    to: null,
    leaseEpoch: null,
    raw: {},
    ...change
  }
}

export function job(change: Partial<JobView>): JobView {
  return {
    jobId: 'j1',
    workId: 'doi:10.1000/x',
    artifactId: 'doi:10.1000/x#pdf',
    title: 'On lichens',
    authors: ['Lovelace, Ada'],
    year: 2024,
    venue: null,
    identifier: '10.1000/x',
    canonicalUrl: 'https://doi.org/10.1000/x',
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
    createdAt: 0,
    updatedAt: 0,
    recorded: true,
    ...change
  }
}
