/**
 * Queries one source about one work within its own time: whether it may be queried, for how long, and what is
 * recorded when it does not answer. A source that is late is aborted, recorded as late, and no longer
 * awaited.
 */
import { KEYS } from '../../contract/keys'
import { fallbackPlanSchema, type FallbackPlan } from '../../contract/settings'
import type { SourceName } from '../../contract/words'
import { endedWith, OVER } from '../platform/ended-with'
import type { PageCache } from './found-page'
import { readError } from './reading'
import { SourceQuery } from './source-query'
import { isSilent, offlineMode } from './offline'
import type { Question, Source, SourceServices, TierQuestion } from './sources'

/**
 * The time limit of one source, from its policy. A general limit that differs from the default applies to
 * every source as well, and the work's deadline to all.
 */
export function sourceTimeoutMs(plan: FallbackPlan, name: SourceName, leftMs: number): number {
  const general = plan.perSourceTimeoutMs
  const isSet = general !== fallbackPlanSchema.shape.perSourceTimeoutMs.parse(undefined)
  const own = plan.policies[name].timeoutMs
  return Math.min(isSet ? Math.min(own, general) : own, leftMs)
}

interface TierContext {
  readonly services: SourceServices
  readonly pages: PageCache
  readonly openAlexKnows: boolean
  readonly isLast: boolean
}

export async function querySource(
  source: Source,
  asked: TierQuestion,
  tier: TierContext
): Promise<SourceQuery> {
  const cut = endedWith(asked.signal)
  try {
    return await querySourceUntil(cut.controller, source, asked, tier)
  } finally {
    cut.free()
  }
}

async function querySourceUntil(
  cut: AbortController,
  source: Source,
  asked: TierQuestion,
  tier: TierContext
): Promise<SourceQuery> {
  const { plan, budget, work } = asked
  const { clock } = tier.services
  const policy = plan.policies[source.name]
  // The wait for a batch that other works share is not charged to this source.
  const part =
    source.lookup === undefined
      ? null
      : ((await asked.lookups?.part(source.lookup, work, asked.signal)) ?? null)
  const leftMs = budget.endsAtMs - clock.monotonicMs()
  const timeoutMs = sourceTimeoutMs(plan, source.name, leftMs)
  const question: Question = {
    work,
    formats: asked.formats,
    tier: asked.tier,
    landingPages: asked.landingPages,
    failedUrls: asked.failedUrls,
    signal: cut.signal,
    timeoutMs,
    retries: policy.retries,
    robots: policy.robots,
    maxRateWaitMs: plan.maxRateWaitMs,
    isLast: tier.isLast,
    cookies: asked.cookies,
    part,
    openAlexKnows: tier.openAlexKnows,
    mailto: tier.services.mailto
  }
  const deadlineMs = clock.monotonicMs() + timeoutMs
  const isFromCache = offlineMode(asked.isOffline === true, plan) === 'cache_only'
  const sourceQuery = new SourceQuery(question, tier.services, {
    name: source.name,
    // Cached answers are read; no request can be sent.
    budget: isFromCache ? { ...budget, attemptsLeft: 0 } : budget,
    deadlineMs,
    pages: tier.pages
  })

  const refusal = refusalOf(source, question, { asked, services: tier.services })
  if (refusal !== null) {
    sourceQuery.note('skipped', refusal.reason, refusal.detail)
    sourceQuery.mayPass = refusal.reason === 'OFFLINE'
    return sourceQuery
  }
  if (leftMs <= 0 || budget.attemptsLeft <= 0) {
    sourceQuery.note('skipped', 'BUDGET_SPENT', 'The time or the attempts allowed for this work are used up.')
    return sourceQuery
  }
  await withinTime(source, sourceQuery, { timeoutMs, cut, asked, clock })
  if (sourceQuery.attempts.length === 0) {
    // Every source gets a row with a reason, including one whose time was over before its first request.
    sourceQuery.note('skipped', 'BUDGET_SPENT', 'It could not ask anything within its time.')
  }
  sourceQuery.close(null)
  return sourceQuery
}

type Refusal = { reason: 'OFFLINE' | 'NO_OPEN_COPY'; detail: string }

function refusalOf(
  source: Source,
  question: Question,
  { asked, services }: { readonly asked: TierQuestion; readonly services: SourceServices }
): Refusal | null {
  const mode = offlineMode(asked.isOffline === true, asked.plan)
  const isKept = mode === 'cache_only' && question.part !== null
  if ((isSilent(mode) && !isKept) || (mode === 'metadata_only' && source.opensPages === true)) {
    return { reason: 'OFFLINE', detail: `Offline, with ${mode}: ${source.name} is not asked.` }
  }
  const cannot = source.cannot(question.work, question)
  if (cannot !== null) return { reason: 'NO_OPEN_COPY', detail: cannot }
  if (source.priceUsd !== undefined && (services.paidBudgetUsd?.() ?? 0) < source.priceUsd) {
    const detail = `Its files cost $${String(source.priceUsd)} each, and the budget for that (sources.paidBudgetUsd) is smaller.`
    return { reason: 'NO_OPEN_COPY', detail }
  }
  if (source.key === undefined || (services.keys?.(source.key) ?? null) !== null) return null
  return {
    // Not queried, like a source that cannot be queried: it is not a reason why a paper was not found.
    reason: 'NO_OPEN_COPY',
    detail: `${KEYS[source.key].title} is asked only with a key, and none is set.`
  }
}

/** An aborted exchange ends within this time, unless something blocks it. */
const MOMENT_MS = 50

interface Limits {
  readonly timeoutMs: number
  readonly cut: AbortController
  readonly asked: TierQuestion
  readonly clock: SourceServices['clock']
}

/** Waits until the source has answered or its time is over; a later answer is ignored. */
async function withinTime(source: Source, sourceQuery: SourceQuery, limits: Limits): Promise<void> {
  const { timeoutMs, cut, asked, clock } = limits
  const over = endedWith(asked.signal)
  const answered = source.ask(sourceQuery.question, sourceQuery).then(
    () => 'answered' as const,
    (error: unknown) => ({ error })
  )
  const late = untilLate(sourceQuery, clock, over.controller.signal).then(
    () => 'late' as const,
    () => 'stopped' as const
  )
  const first = await Promise.race([answered, late])
  over.free()
  over.controller.abort(OVER)
  asked.signal.throwIfAborted()
  if (first === 'late') {
    sourceQuery.close({
      outcome: 'timeout',
      reason: 'TIMEOUT',
      detail: `No answer within ${Math.round(timeoutMs)} ms.`
    })
    cut.abort(OVER)
    // A running exchange gets a moment to end, so that the next source does not exceed the limit.
    await Promise.race([answered, clock.sleep(MOMENT_MS, asked.signal).catch(() => undefined)])
    return
  }
  if (typeof first === 'object') {
    const { reason, detail } = readError(first.error)
    sourceQuery.close({ outcome: 'error', reason, detail })
  }
}

/** The time is over when nothing is left of it; waits for a host's turn extend it meanwhile. */
async function untilLate(
  sourceQuery: SourceQuery,
  clock: SourceServices['clock'],
  signal: AbortSignal
): Promise<void> {
  for (let leftMs = sourceQuery.leftMs; leftMs > 0; leftMs = sourceQuery.leftMs)
    await clock.sleep(leftMs, signal)
}
