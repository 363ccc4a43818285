/**
 * One tier of the chain: its enabled sources one after another until one names a file, each within its
 * own time and all within the work's budget; a slow one does not hold up the next. A source that is late is cut off, recorded as such and waited for
 * no longer. The order of what comes out is the plan's, not the order of arrival.
 *
 * Must stay true: no more exchanges than `budget.attemptsLeft`, none after `budget.endsAtMs`, and the
 * only exception that leaves is the caller's own abort.
 */
import { fallbackPlanSchema, type FallbackPlan } from '../../contract/settings'
import type { AttemptFacts, Candidate, Identifiers, OaLocation, Work, WorkFacts } from '../../contract/work'
import type { ArticleVersion, SourceName } from '../../contract/words'
import { KEYS } from '../../contract/keys'
import { arxiv } from './arxiv'
import { biorxiv } from './biorxiv'
import { core } from './core'
import { crossref } from './crossref'
import { datacite } from './datacite'
import { doaj } from './doaj'
import { doiRedirect } from './doi-redirect'
import { europePmc } from './europe-pmc'
import { isEuropePmcRender, isPmcPage, openTwinOfGuardedPage } from './file-urls'
import { figshare } from './figshare'
import { hal } from './hal'
import { SourceQuery, type Page, type PageCache, type Proposal } from './source-query'
import { landingScrape } from './landing-scrape'
import { openaire } from './openaire'
import { openalex } from './openalex'
import { openalexContent } from './openalex-content'
import { osf } from './osf'
import { pmc } from './pmc'
import { readError } from './reading'
import type { Question, Source, SourceServices, Sources, TierAnswer, TierQuestion } from './sources'
import { semanticScholar } from './semantic-scholar'
import { unpaywall } from './unpaywall'
import { zenodo } from './zenodo'
import { wayback } from './wayback'
import { urlKey, webUrl } from './web-text'
import type { CookieJar } from '../net/net'
import { endedWith, OVER } from '../platform/ended-with'
import { keysOf } from '../../contract/tables'

export const ALL_SOURCES: Readonly<Record<SourceName, Source>> = {
  unpaywall,
  openalex,
  arxiv,
  pmc,
  doi_redirect: doiRedirect,
  landing_scrape: landingScrape,
  europe_pmc: europePmc,
  wayback,
  crossref,
  semantic_scholar: semanticScholar,
  core,
  doaj,
  hal,
  zenodo,
  osf,
  figshare,
  openaire,
  datacite,
  biorxiv,
  openalex_content: openalexContent
}

/** Sources that only ask services about a work and open no page of it. */
const METADATA_ONLY: ReadonlySet<SourceName> = new Set([
  'unpaywall',
  'openalex',
  'arxiv',
  'pmc',
  'europe_pmc',
  'crossref',
  'semantic_scholar',
  'core',
  'doaj',
  'hal',
  'zenodo',
  'osf',
  'figshare',
  'openaire',
  'datacite',
  'biorxiv',
  'openalex_content'
])

export function makeSources(
  services: SourceServices,
  all: Readonly<Record<SourceName, Source>> = ALL_SOURCES
): Sources {
  // Pages opened in one walk are known by that walk's cookies, and forgotten with them.
  const pagesOfWalk = new WeakMap<CookieJar, PageCache>()
  return {
    async askTier(question: TierQuestion): Promise<TierAnswer> {
      question.signal.throwIfAborted()
      const { plan, after = [] } = question
      const tier = plan.tiers.find((one) => one.name === question.tier)
      const names = (tier?.sources ?? []).filter(
        (name, index, list) =>
          plan.policies[name].enabled && list.indexOf(name) === index && !after.includes(name)
      )
      const pages = pagesOfWalk.get(question.cookies) ?? new Map<string, Page>()
      pagesOfWalk.set(question.cookies, pages)
      const limit = Math.max(1, Math.min(tier?.parallel ?? 1, plan.maxConcurrent))
      const round = { services, pages, all, question, limit }
      const ordered = inOrderOfYield(names, question.work)
      const sourceQueries = await askedAgain(await oneAfterAnother(ordered, round), ordered, round)
      question.signal.throwIfAborted()
      const answer = joined(question, sourceQueries)
      // Each answer adds one source at least: one that named a file counts, also when a turn came late for it.
      const asked = ordered.filter((_, at) => {
        const one = sourceQueries[at]
        return one !== undefined && (!one.wasPassedOver || namesAFile(one, question))
      })
      return { ...answer, asked: [...after, ...asked], isWhole: asked.length === names.length }
    }
  }
}

/**
 * PMC's bucket comes first for a work whose PMCID is known. For any other a converter must be asked
 * first, while OpenAlex has answered already and mostly names the PMCID, or a file, as well.
 */
function inOrderOfYield(names: readonly SourceName[], work: Work): readonly SourceName[] {
  const isLater = names.indexOf('openalex') > names.indexOf('pmc') && names.includes('pmc')
  if (!isLater || work.ids.pmcid !== undefined || (work.ids.doi ?? work.ids.pmid) === undefined) return names
  return names.flatMap((name) =>
    name === 'pmc' ? [] : name === 'openalex' ? [name, 'pmc' as const] : [name]
  )
}

/**
 * A source was passed over because its turn came late while others were left. None is left now and none
 * named a file: its turn is waited for.
 */
async function askedAgain(
  sourceQueries: readonly SourceQuery[],
  names: readonly SourceName[],
  round: Round
): Promise<readonly SourceQuery[]> {
  const { question } = round
  const isEnough = (all: readonly SourceQuery[]): boolean =>
    question.exhaustive !== true && all.some((one) => namesAFile(one, question))
  const answers = [...sourceQueries]
  for (const [index, name] of names.entries()) {
    const before = answers[index]
    if (before?.wasPassedOver !== true) continue
    if (isEnough(answers)) break
    question.signal.throwIfAborted()
    answers[index] = await querySource(round.all[name], question, {
      services: round.services,
      pages: round.pages,
      openAlexKnows: answers.some((one, at) => names[at] === 'openalex' && one.knowsWork),
      isLast: true
    })
  }
  return answers
}

/** A source that has not answered within this time no longer holds up the next one. */
const HEDGE_AFTER_MS = 2_000
/** Hosts that ask for one request at a time, or whose load is another's: nothing is asked beside them. */
const NEVER_HEDGED: ReadonlySet<SourceName> = new Set(['arxiv', 'wayback', 'doi_redirect', 'landing_scrape'])

interface Round {
  readonly services: SourceServices
  readonly pages: PageCache
  readonly all: Readonly<Record<SourceName, Source>>
  readonly question: TierQuestion
  /** sources asked at a time */
  readonly limit: number
}

/**
 * Asks in the order of the list until a source named a file, or all were asked. Results in that order.
 * At most `limit` at a time: the next one begins when those before have nothing, or are slow.
 */
async function oneAfterAnother(names: readonly SourceName[], round: Round): Promise<SourceQuery[]> {
  const { question, services, limit } = round
  const begun: {
    readonly name: SourceName
    readonly ended: Promise<SourceQuery>
    result: SourceQuery | null
  }[] = []
  const isEnough = (): boolean =>
    question.exhaustive !== true &&
    begun.some((one) => one.result !== null && namesAFile(one.result, question))
  const isHedged = (next: SourceName): boolean =>
    question.exhaustive === true ||
    ![next, ...running().map((one) => one.name)].some((one) => NEVER_HEDGED.has(one))
  const running = (): typeof begun => begun.filter((one) => one.result === null)
  for (const name of names) {
    question.signal.throwIfAborted()
    while (running().length > 0 && !isEnough()) {
      const free = running().length < limit && isHedged(name)
      if (free && question.exhaustive === true) break
      const patience = endedWith(question.signal)
      const late = services.clock.sleep(free ? HEDGE_AFTER_MS : 2 ** 30, patience.controller.signal).then(
        () => 'late' as const,
        () => 'stopped' as const
      )
      const first = await Promise.race([...running().map((one) => one.ended), late])
      patience.free()
      patience.controller.abort(OVER)
      question.signal.throwIfAborted()
      if (first === 'late') break
    }
    if (isEnough()) break
    const openAlexKnows = begun.some((one) => one.name === 'openalex' && one.result?.knowsWork === true)
    const started = {
      name,
      result: null as SourceQuery | null,
      ended: querySource(round.all[name], question, {
        services,
        pages: round.pages,
        openAlexKnows,
        isLast: names.length === 1
      })
    }
    begun.push(started)
    void started.ended.then(
      (sourceQuery) => (started.result = sourceQuery),
      () => undefined
    )
  }
  return Promise.all(begun.map((one) => one.ended))
}

function namesAFile(sourceQuery: SourceQuery, question: TierQuestion): boolean {
  return sourceQuery.candidates.some((one) => question.formats.includes(one.format))
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

interface TierWalk {
  readonly services: SourceServices
  readonly pages: PageCache
  readonly openAlexKnows: boolean
  readonly isLast: boolean
}

async function querySource(source: Source, asked: TierQuestion, walk: TierWalk): Promise<SourceQuery> {
  const cut = endedWith(asked.signal)
  try {
    return await querySourceUntil(cut.controller, source, asked, walk)
  } finally {
    cut.free()
  }
}

async function querySourceUntil(
  cut: AbortController,
  source: Source,
  asked: TierQuestion,
  walk: TierWalk
): Promise<SourceQuery> {
  const { plan, budget, work } = asked
  const { clock } = walk.services
  const policy = plan.policies[source.name]
  // The wait for a batch that others share is not this source's time.
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
    isLast: walk.isLast,
    cookies: asked.cookies,
    part,
    openAlexKnows: walk.openAlexKnows,
    mailto: walk.services.mailto
  }
  const deadlineMs = clock.monotonicMs() + timeoutMs
  const isFromCache = offlineMode(asked) === 'cache_only'
  const sourceQuery = new SourceQuery(question, walk.services, {
    name: source.name,
    // What was answered before is read; nothing can be asked.
    budget: isFromCache ? { ...budget, attemptsLeft: 0 } : budget,
    deadlineMs,
    pages: walk.pages
  })

  const refusal = refusalOf(source, question, { asked, services: walk.services })
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
    // Every source has a row and a reason, also one whose time was over before it could ask.
    sourceQuery.note('skipped', 'BUDGET_SPENT', 'It could not ask anything within its time.')
  }
  sourceQuery.close(null)
  return sourceQuery
}

const offlineMode = (asked: TierQuestion): TierQuestion['plan']['offlineBehavior'] =>
  asked.isOffline === true ? asked.plan.offlineBehavior : null

type Refusal = { reason: 'OFFLINE' | 'NO_OPEN_COPY'; detail: string }

function refusalOf(
  source: Source,
  question: Question,
  { asked, services }: { readonly asked: TierQuestion; readonly services: SourceServices }
): Refusal | null {
  const mode = offlineMode(asked)
  const isSilent = mode === 'block_all' || (mode === 'cache_only' && question.part === null)
  if (isSilent || (mode === 'metadata_only' && !METADATA_ONLY.has(source.name))) {
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
    // Not asked, like a source that cannot be asked: it is no reason why a paper was not found.
    reason: 'NO_OPEN_COPY',
    detail: `${KEYS[source.key].title} is asked only with a key, and none is set.`
  }
}

/** An aborted exchange ends within this, unless something holds it. */
const MOMENT_MS = 50

interface Limits {
  readonly timeoutMs: number
  readonly cut: AbortController
  readonly asked: TierQuestion
  readonly clock: SourceServices['clock']
}

/** Waits for the source or for its time, whichever ends first; what it says later is not heard. */
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
    // What was under way is given a moment to end, so that the next source is not one too many.
    await Promise.race([answered, clock.sleep(MOMENT_MS, asked.signal).catch(() => undefined)])
    return
  }
  if (typeof first === 'object') {
    const { reason, detail } = readError(first.error)
    sourceQuery.close({ outcome: 'error', reason, detail })
  }
}

/** Its time is over when nothing is left of it; what it waits for a host's turn is added meanwhile. */
async function untilLate(
  sourceQuery: SourceQuery,
  clock: SourceServices['clock'],
  signal: AbortSignal
): Promise<void> {
  for (let leftMs = sourceQuery.leftMs; leftMs > 0; leftMs = sourceQuery.leftMs)
    await clock.sleep(leftMs, signal)
}

const VERSION_ORDER: Readonly<Record<ArticleVersion, number>> = {
  publishedVersion: 0,
  acceptedVersion: 1,
  submittedVersion: 3
}
const versionOrder = (version: ArticleVersion | undefined): number =>
  version === undefined ? 2 : VERSION_ORDER[version]

function joined(
  question: TierQuestion,
  sourceQueries: readonly SourceQuery[]
): Omit<TierAnswer, 'asked' | 'isWhole'> {
  const { tier, work, plan, isOffline = false } = question
  const wanted = (proposal: Proposal): boolean => question.formats.includes(proposal.format)
  const proposals = sourceQueries.flatMap((sourceQuery) => {
    const source = sourceQuery.attempts[0]?.source
    if (source === undefined) return []
    return [...sourceQuery.candidates]
      .filter(wanted)
      .filter((one) => !isPmcPage(one.url) || openTwinOfGuardedPage(one.url) !== null)
      .sort((a, b) => versionOrder(a.version) - versionOrder(b.version) || a.rank - b.rank)
      .map((proposal): Candidate => ({ ...openForm(proposal), source, tier }))
  })
  const attempts: AttemptFacts[] = sourceQueries.flatMap((sourceQuery) => sourceQuery.attempts)
  const retryAts = sourceQueries.flatMap((sourceQuery) =>
    sourceQuery.retryAt === null ? [] : [sourceQuery.retryAt]
  )
  const mayPropose = !isOffline || plan.offlineBehavior === null || plan.offlineBehavior === 'cache_only'
  return {
    tier,
    candidates: mayPropose ? lastResortsLast(eachOnce(proposals, (candidate) => candidate.url)) : [],
    learned: learned(work, sourceQueries),
    landingPages: eachOnce(
      sourceQueries.flatMap((sourceQuery) => sourceQuery.landingPages),
      (page: OaLocation) => page.landingUrl ?? page.pdfUrl ?? ''
    ),
    attempts,
    retryable: sourceQueries.some((sourceQuery) => sourceQuery.mayPass),
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
function learned(work: Work, sourceQueries: readonly SourceQuery[]): { ids: Identifiers; facts: WorkFacts } {
  const ids = sourceQueries.reduceRight<Identifiers>((all, one) => ({ ...all, ...one.ids }), {})
  const facts = sourceQueries.reduceRight<WorkFacts>((all, one) => ({ ...all, ...one.facts }), {})
  return { ids: onlyNew(ids, work.ids), facts: onlyNew(facts, work.facts) }
}

function onlyNew<T extends object>(found: T, known: T): Partial<T> {
  const kept: Partial<T> = {}
  for (const key of keysOf(found)) if (known[key] === undefined) kept[key] = found[key]
  return kept
}
