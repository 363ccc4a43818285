/**
 * The readings of one job execution: the sources' answers, tier by tier, within the work's budget. An answer
 * of an earlier worker, or one shared with other works a while ago, may contain expired links; when every
 * link is refused, the sources are queried again, once (docs/design.md §6).
 */
import type { SheafError } from '../../contract/errors'
import type { Resolved } from '../../contract/op-results'
import type { Budget } from '../sources/sources'
import type { JobContext } from './job-context'
import { resolveTier, type WhichSources } from './ops/resolve-candidates'

export interface Reading extends Resolved {
  /** Collects how the candidates of this reading were refused. */
  readonly links: RefusedLinks
}

interface RefusedLinks {
  /** refused by its server in this execution */
  refused(error: SheafError): void
  /** refused for this reason before a crash */
  refusedBefore(reason: string): void
  /** every link was refused, and a new query may return valid ones; true once per execution */
  haveRunOut(): boolean
}

export interface Readings {
  readonly budget: Budget
  readonly read: (which: WhichSources) => Promise<Reading>
  /** Queries the same sources again, and discards their earlier answers. */
  readonly readAgain: (which: WhichSources) => Promise<Reading>
}

/** Shared look-ups older than this may contain expired links. */
const OLD_ANSWER_SECONDS = 900
/** The statuses with which a server refuses an expired link, and their error codes. */
const EXPIRED_STATUSES: ReadonlySet<unknown> = new Set([403, 404, 410])
const EXPIRED_REASONS: ReadonlySet<string> = new Set(['FORBIDDEN', 'NOT_FOUND'])

export function makeReadings(context: JobContext): Readings {
  const { services } = context
  const { clock } = services.host
  const began = clock.now()
  const endsAtMs = clock.monotonicMs() + services.plan.totalTimeoutMs
  let isReading = false
  let isRenewed = false
  const budget: Budget = {
    // Waiting for a host is not counted.
    get endsAtMs() {
      return endsAtMs + context.waitedMs
    },
    attemptsLeft: services.plan.totalAttempts,
    waited: (ms) => {
      context.waitedMs += ms
    },
    queued: (isQueued) => {
      // A source that was aborted may still report while a file is being fetched.
      if (isReading) context.looks?.(!isQueued)
    }
  }
  const read = async (which: WhichSources): Promise<Reading> => {
    isReading = true
    context.looks?.(true)
    try {
      const { isReplayed, ...resolved } = await resolveTier(context, which, budget)
      const isOld = isReplayed || isOlder(context, began - OLD_ANSWER_SECONDS)
      return { ...resolved, links: linksOf(resolved, () => isOld && !isRenewed) }
    } finally {
      isReading = false
    }
  }
  return {
    budget,
    read,
    readAgain: (which) => {
      isRenewed = true
      voidReadings(context)
      return read(which)
    }
  }
}

function linksOf({ candidates }: Resolved, mayAskAgain: () => boolean): RefusedLinks {
  let now = 0
  let before = 0
  return {
    refused(error) {
      if (EXPIRED_REASONS.has(error.code) && EXPIRED_STATUSES.has(error.facts['status'])) now += 1
    },
    refusedBefore(reason) {
      if (EXPIRED_REASONS.has(reason)) before += 1
    },
    haveRunOut: () => mayAskAgain() && now > 0 && now + before === candidates.length
  }
}

function isOlder({ services, job }: JobContext, than: number): boolean {
  const oldest = services.lookups.oldestAnswer(job.workId)
  return oldest !== null && oldest < than
}

function voidReadings(context: JobContext): void {
  const { jobStore, services, job } = context
  jobStore.voidReadings('Every link that it named was refused; the sources are asked again.')
  services.lookups.drop(job.workId)
  // Locations that a search delivered with the work are as old as that search.
  context.work = { ...context.work, locations: [] }
  services.host.log.info('Every known link was refused; the sources are asked again', { job: job.jobId })
}
