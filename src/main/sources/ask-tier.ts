/**
 * One tier of the chain: its enabled sources, in parallel up to its limit, each within its own time
 * and all within the work's budget. A source that is late is cut off, recorded as such and waited for
 * no longer. The order of what comes out is the plan's, not the order of arrival.
 *
 * Must stay true: no more exchanges than `budget.attemptsLeft`, none after `budget.endsAtMs`, and the
 * only exception that leaves is the caller's own abort.
 */
import { fallbackPlanSchema, type FallbackPlan } from '../../contract/settings'
import type { AttemptFacts, Candidate, Identifiers, OaLocation, Work, WorkFacts } from '../../contract/work'
import type { ArticleVersion, SourceName } from '../../contract/words'
import { arxiv } from './arxiv'
import { doiRedirect } from './doi-redirect'
import { europePmc } from './europe-pmc'
import { isEuropePmcRender, isPmcPage, openTwinOfGuardedPage } from './file-urls'
import { Interview, type Page, type PageCache, type Proposal } from './interview'
import { landingScrape } from './landing-scrape'
import { openalex } from './openalex'
import { pmc } from './pmc'
import { readError } from './reading'
import type { Question, Source, SourceRooms, Sources, TierAnswer, TierQuestion } from './sources'
import { unpaywall } from './unpaywall'
import { wayback } from './wayback'
import { urlKey, webUrl } from './web-text'
import type { CookieJar } from '../net/net'

export const ALL_SOURCES: Readonly<Record<SourceName, Source>> = {
  unpaywall,
  openalex,
  arxiv,
  pmc,
  doi_redirect: doiRedirect,
  landing_scrape: landingScrape,
  europe_pmc: europePmc,
  wayback
}

/** Sources that only ask services about a work and open no page of it. */
const METADATA_ONLY: ReadonlySet<SourceName> = new Set([
  'unpaywall',
  'openalex',
  'arxiv',
  'pmc',
  'europe_pmc'
])

export function makeSources(
  rooms: SourceRooms,
  all: Readonly<Record<SourceName, Source>> = ALL_SOURCES
): Sources {
  // Pages opened in one walk are known by that walk's cookies, and forgotten with them.
  const pagesOfWalk = new WeakMap<CookieJar, PageCache>()
  return {
    async askTier(question: TierQuestion): Promise<TierAnswer> {
      question.signal.throwIfAborted()
      const { plan } = question
      const tier = plan.tiers.find((one) => one.name === question.tier)
      const names = (tier?.sources ?? []).filter(
        (name, index, list) => plan.policies[name].enabled && list.indexOf(name) === index
      )
      const pages = pagesOfWalk.get(question.cookies) ?? new Map<string, Page>()
      pagesOfWalk.set(question.cookies, pages)
      const limit = Math.max(1, Math.min(tier?.parallel ?? 1, plan.maxConcurrent))
      const interviews = await inParallel(names, limit, (name) =>
        interviewOne(all[name], question, { rooms, pages })
      )
      question.signal.throwIfAborted()
      return joined(question, interviews)
    }
  }
}

/** Results in the order of the items; at most `limit` at a time. */
async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  perform: (item: T) => Promise<R>
): Promise<R[]> {
  const results = new Map<number, R>()
  const queue = [...items.entries()]
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      results.set(next[0], await perform(next[1]))
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  return items.flatMap((_, index) => {
    const result = results.get(index)
    return result === undefined ? [] : [result]
  })
}

/**
 * The time of one source: its policy's. A general limit that was set (it differs from the default)
 * holds for every source as well, and the work's own end for all.
 */
export function sourceTimeoutMs(plan: FallbackPlan, name: SourceName, leftMs: number): number {
  const general = plan.perSourceTimeoutMs
  const isSet = general !== fallbackPlanSchema.shape.perSourceTimeoutMs.parse(undefined)
  const own = plan.policies[name].timeoutMs
  return Math.min(isSet ? Math.min(own, general) : own, leftMs)
}

interface Walk {
  readonly rooms: SourceRooms
  readonly pages: PageCache
}

async function interviewOne(source: Source, asked: TierQuestion, walk: Walk): Promise<Interview> {
  const { plan, budget, work } = asked
  const { clock } = walk.rooms
  const policy = plan.policies[source.name]
  const leftMs = budget.endsAtMs - clock.monotonicMs()
  const timeoutMs = sourceTimeoutMs(plan, source.name, leftMs)
  const cut = new AbortController()
  const question: Question = {
    work,
    formats: asked.formats,
    tier: asked.tier,
    landingPages: asked.landingPages,
    failedUrls: asked.failedUrls,
    signal: AbortSignal.any([asked.signal, cut.signal]),
    timeoutMs,
    retries: policy.retries,
    robots: policy.robots,
    maxRateWaitMs: plan.maxRateWaitMs,
    cookies: asked.cookies
  }
  const deadlineMs = clock.monotonicMs() + timeoutMs
  const interview = new Interview(question, walk.rooms, {
    name: source.name,
    budget,
    deadlineMs,
    pages: walk.pages
  })

  const refusal = refusalOf(source, question, plan)
  if (refusal !== null) {
    interview.note('skipped', refusal.reason, refusal.detail)
    interview.mayPass = refusal.reason === 'OFFLINE'
    return interview
  }
  if (leftMs <= 0 || budget.attemptsLeft <= 0) {
    interview.note('skipped', 'BUDGET_SPENT', 'The time or the attempts allowed for this work are used up.')
    return interview
  }
  await withinTime(source, interview, { timeoutMs, cut, asked, clock })
  if (interview.attempts.length === 0) {
    // Every source has a row and a reason, also one whose time was over before it could ask.
    interview.note('skipped', 'BUDGET_SPENT', 'It could not ask anything within its time.')
  }
  interview.close(null)
  return interview
}

function refusalOf(
  source: Source,
  question: Question,
  plan: FallbackPlan
): { reason: 'OFFLINE' | 'NO_OPEN_COPY'; detail: string } | null {
  const mode = plan.offlineBehavior
  if (
    mode === 'block_all' ||
    mode === 'cache_only' ||
    (mode === 'metadata_only' && !METADATA_ONLY.has(source.name))
  ) {
    return {
      reason: 'OFFLINE',
      detail: `The plan’s offline behaviour is ${mode}: ${source.name} is not asked.`
    }
  }
  const cannot = source.cannot(question.work, question)
  return cannot === null ? null : { reason: 'NO_OPEN_COPY', detail: cannot }
}

/** An aborted exchange ends within this, unless something holds it. */
const MOMENT_MS = 50

interface Limits {
  readonly timeoutMs: number
  readonly cut: AbortController
  readonly asked: TierQuestion
  readonly clock: SourceRooms['clock']
}

/** Waits for the source or for its time, whichever ends first; what it says later is not heard. */
async function withinTime(source: Source, interview: Interview, limits: Limits): Promise<void> {
  const { timeoutMs, cut, asked, clock } = limits
  const over = new AbortController()
  const answered = source.ask(interview.question, interview).then(
    () => 'answered' as const,
    (error: unknown) => ({ error })
  )
  const ended = AbortSignal.any([asked.signal, over.signal])
  const late = untilLate(interview, clock, ended).then(
    () => 'late' as const,
    () => 'stopped' as const
  )
  const first = await Promise.race([answered, late])
  over.abort()
  asked.signal.throwIfAborted()
  if (first === 'late') {
    interview.close({
      outcome: 'timeout',
      reason: 'TIMEOUT',
      detail: `No answer within ${Math.round(timeoutMs)} ms.`
    })
    cut.abort()
    // What was under way is given a moment to end, so that the next source is not one too many.
    await Promise.race([answered, clock.sleep(MOMENT_MS, asked.signal).catch(() => undefined)])
    return
  }
  if (typeof first === 'object') {
    const { reason, detail } = readError(first.error) as { reason: 'INTERNAL'; detail: string }
    interview.close({ outcome: 'error', reason, detail })
  }
}

/** Its time is over when nothing is left of it; what it waits for a host's turn is added meanwhile. */
async function untilLate(
  interview: Interview,
  clock: SourceRooms['clock'],
  signal: AbortSignal
): Promise<void> {
  for (let leftMs = interview.leftMs; leftMs > 0; leftMs = interview.leftMs) await clock.sleep(leftMs, signal)
}

const VERSION_ORDER: Readonly<Record<ArticleVersion, number>> = {
  publishedVersion: 0,
  acceptedVersion: 1,
  submittedVersion: 3
}
const versionOrder = (version: ArticleVersion | undefined): number =>
  version === undefined ? 2 : VERSION_ORDER[version]

function joined(question: TierQuestion, interviews: readonly Interview[]): TierAnswer {
  const { tier, work, plan } = question
  const wanted = (proposal: Proposal): boolean => question.formats.includes(proposal.format)
  const proposals = interviews.flatMap((interview) => {
    const source = interview.attempts[0]?.source
    if (source === undefined) return []
    return [...interview.candidates]
      .filter(wanted)
      .filter((one) => !isPmcPage(one.url) || openTwinOfGuardedPage(one.url) !== null)
      .sort((a, b) => versionOrder(a.version) - versionOrder(b.version) || a.rank - b.rank)
      .map((proposal): Candidate => ({ ...openForm(proposal), source, tier }))
  })
  const attempts: AttemptFacts[] = interviews.flatMap((interview) => interview.attempts)
  const retryAts = interviews.flatMap((interview) => (interview.retryAt === null ? [] : [interview.retryAt]))
  const mayPropose = plan.offlineBehavior === null
  return {
    tier,
    candidates: mayPropose ? lastResortsLast(eachOnce(proposals, (candidate) => candidate.url)) : [],
    learned: learned(work, interviews),
    landingPages: eachOnce(
      interviews.flatMap((interview) => interview.landingPages),
      (page: OaLocation) => page.landingUrl ?? page.pdfUrl ?? ''
    ),
    attempts,
    retryable: interviews.some((interview) => interview.mayPass),
    retryAt: retryAts.length === 0 ? null : Math.min(...retryAts)
  }
}

/** Europe PMC's render is challenged for some articles: it comes after every other copy of the tier. */
function lastResortsLast(candidates: readonly Candidate[]): Candidate[] {
  const isLast = ({ url }: Candidate): boolean => isEuropePmcRender(url)
  return [...candidates.filter((one) => !isLast(one)), ...candidates.filter(isLast)]
}

/** No guarded page is ever asked: its open twin takes its place. */
function openForm(proposal: Proposal): Proposal {
  const url = webUrl(proposal.url) ?? proposal.url
  const twin = openTwinOfGuardedPage(url)
  if (twin === null) return { ...proposal, url }
  return {
    ...proposal,
    url: twin,
    evidence: `${proposal.evidence} (Europe PMC’s render instead of PMC’s guarded page.)`
  }
}

function eachOnce<T>(items: readonly T[], address: (item: T) => string): T[] {
  const seen = new Set<string>()
  return items.filter((item) => {
    const key = urlKey(address(item))
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** What was not known before; the first source to say something is believed, the work's own names stay. */
function learned(work: Work, interviews: readonly Interview[]): { ids: Identifiers; facts: WorkFacts } {
  const ids = interviews.reduceRight<Identifiers>((all, one) => ({ ...all, ...one.ids }), {})
  const facts = interviews.reduceRight<WorkFacts>((all, one) => ({ ...all, ...one.facts }), {})
  return { ids: onlyNew(ids, work.ids), facts: onlyNew(facts, work.facts) }
}

function onlyNew<T extends object>(found: T, known: T): T {
  const kept = Object.entries(found).filter(([key]) => !(key in known) || known[key as keyof T] === undefined)
  return Object.fromEntries(kept) as T
}
