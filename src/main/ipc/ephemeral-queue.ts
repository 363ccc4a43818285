/**
 * Jobs that the ledger does not remember, under the queue's filter and beside the ledger's own: with
 * the switch off they are all there is, under a canary they stand among the others. Pure.
 */
import type { JobQuery } from '../../contract/requests'
import type { GroupCounts, JobSort, JobView } from '../../contract/views'

export function ephemeralUnder(query: JobQuery, jobs: readonly JobView[]): readonly JobView[] {
  const words = (query.text ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return jobs.filter((job) => {
    if (query.group !== 'all' && job.group !== query.group) return false
    if (
      query.reasons !== undefined &&
      query.reasons.length > 0 &&
      !query.reasons.includes(job.reason ?? '')
    ) {
      return false
    }
    if (query.source !== undefined && job.source !== query.source) return false
    // Of jobs that are not recorded, neither run nor list is recorded.
    if (query.runId !== undefined || query.list !== undefined) return false
    if (words.length === 0) return true
    const text =
      `${job.title ?? ''}\n${job.authors.join('\n')}\n${job.venue ?? ''}\n${job.canonicalUrl}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

const GROUP_ORDER: Readonly<Record<JobView['group'], number>> = {
  active: 0,
  waiting: 1,
  attention: 2,
  done: 3,
  ignored: 4
}

function keyOf(job: JobView, sort: JobSort): number | string | null {
  switch (sort) {
    case 'added':
      return job.createdAt
    case 'updated':
      return job.updatedAt
    case 'title':
      return job.title?.toLowerCase() ?? null
    case 'year':
      return job.year
    case 'state':
      return GROUP_ORDER[job.group]
    case 'source':
      return job.source
    case 'host':
      return job.host
  }
}

/** The queue's own order: what is not known stands at the end, in either direction. */
export function inQueueOrder(sort: JobSort, direction: 'up' | 'down'): (a: JobView, b: JobView) => number {
  const way = direction === 'up' ? 1 : -1
  return (a, b) => {
    const [one, other] = [keyOf(a, sort), keyOf(b, sort)]
    if (one === null || other === null) return one === other ? 0 : one === null ? 1 : -1
    if (one === other) return 0
    return one < other ? -way : way
  }
}

/**
 * The stretch of the ledger's list from which a page of the joined list can be cut: as many rows
 * earlier as plain jobs might stand before it.
 */
export function ledgerStretch(
  page: { readonly offset: number; readonly limit: number },
  plain: number
): { readonly offset: number; readonly limit: number } {
  const offset = Math.max(0, page.offset - plain)
  return { offset, limit: page.offset + page.limit - offset }
}

/** The page, cut from that stretch and the sorted plain jobs. */
export function joinPage(
  page: { readonly offset: number; readonly limit: number },
  from: {
    readonly stretch: readonly JobView[]
    readonly stretchOffset: number
    readonly plain: readonly JobView[]
    readonly compare: (a: JobView, b: JobView) => number
  }
): JobView[] {
  const joined: JobView[] = []
  let at = 0
  for (const row of from.stretch) {
    for (
      let next = from.plain[at];
      next !== undefined && from.compare(next, row) < 0;
      next = from.plain[at]
    ) {
      joined.push(next)
      at += 1
    }
    joined.push(row)
  }
  joined.push(...from.plain.slice(at))
  const start = page.offset - from.stretchOffset
  return joined.slice(start, start + page.limit)
}

export function countEphemeral(jobs: readonly JobView[]): {
  readonly counts: GroupCounts
  readonly byReason: ReadonlyMap<string, number>
} {
  const counts = { all: jobs.length, waiting: 0, active: 0, attention: 0, done: 0, ignored: 0 }
  const byReason = new Map<string, number>()
  for (const job of jobs) {
    counts[job.group] += 1
    if (job.group !== 'attention') continue
    const reason = job.reason ?? 'INTERNAL'
    byReason.set(reason, (byReason.get(reason) ?? 0) + 1)
  }
  return { counts, byReason }
}
