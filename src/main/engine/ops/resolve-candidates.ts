/**
 * RESOLVE: queries the sources of one tier for copies. The answer may change with time: a success is replayed
 * for a day, then queried again. Facts that the sources reported about the work are stored with it.
 */
import { opResult, type Resolved } from '../../../contract/op-results'
import { storedResolved } from '../../../contract/stored-results'
import type { Format, SourceName, Tier } from '../../../contract/words'
import type { Settings } from '../../../contract/settings'
import type { AttemptFacts, Candidate, Work } from '../../../contract/work'
import { addNames, mergeFacts } from '../../ledger/works'
import { withLearned, type Learned } from '../../sources/lookups/learned'
import type { Budget, TierAnswer } from '../../sources/sources'
import { isPmcPage, openCopyOfGuardedPage } from '../../sources/file-urls'
import { offlineMode } from '../../sources/offline'
import { canonicalUrl } from '../../works/canonical-url'
import { canonicalJson } from '../../works/keys'
import { aliasesOf } from '../../works/works'
import type { JobContext } from '../job-context'
import { DAY_SECONDS } from '../../../contract/durations'
import { mayBeFile } from '../../platform/file-address'
import { sha256Hex } from '../../platform/sha256'

/** Answers of sources are valid for a day (docs/design.md §6). */
export const READING_HOLDS_SECONDS = DAY_SECONDS
/** Keeps a stored result below the ledger's 20 kB; no paper needs more candidates. */
const MOST_CANDIDATES = 24

export interface WhichSources {
  readonly tier: Tier
  /** sources of the tier that were queried before, and whose files did not open */
  readonly after: readonly SourceName[]
}

/** `isReplayed`: queried earlier, by a previous worker. */
export async function resolveTier(
  context: JobContext,
  { tier, after }: WhichSources,
  budget: Budget
): Promise<Resolved & { readonly isReplayed: boolean }> {
  const { jobStore, services } = context
  const { result, replayed } = await jobStore.effects.run<Resolved>({
    kind: 'RESOLVE',
    context: { plan: planName(context, tier, after) },
    revive: (stored) => opResult('RESOLVE', stored),
    toStored: storedResolved,
    alsoRecord: (w, { ids, facts }) => {
      const { workId } = context.job
      mergeFacts(w, workId, { ids, facts }, services.host.clock.now())
      addNames(w, workId, aliasesOf(ids))
    },
    // A source that failed is queried again when the job starts over, not when it is continued.
    stillHolds: (stored, at) =>
      services.host.clock.now() - at < READING_HOLDS_SECONDS &&
      (!stored.retryable || at >= context.job.beganAt),
    perform: async () => {
      const { clock } = services.host
      const since = clock.monotonicMs()
      const isAlone = context.job.isReadAlone === true
      const learned: Learned = isAlone
        ? { ids: {}, facts: {} }
        : await services.lookups.learned(context.work, context.signal)
      // Time spent waiting for a batch is shared with other works: not counted against this one.
      budget.waited?.(clock.monotonicMs() - since)
      const answer = await services.sources.askTier({
        work: withLearned(context.work, { ids: learned.ids, facts: learned.facts }),
        ...(isAlone ? {} : { lookups: services.lookups }),
        after,
        isOffline: services.settings['network.offline'],
        formats: [context.job.format],
        tier,
        plan: services.plan,
        budget,
        landingPages: context.landingPages,
        failedUrls: context.failedUrls,
        signal: context.signal,
        cookies: context.cookies
      })
      services.host.probe('RESOLVE: performed')
      return {
        attempts: answer.attempts,
        result: keepable(
          // Offline, no file is requested: the candidates are named again when the job is resumed.
          withWhatWasLearned(isOffline(services.settings) ? { ...answer, candidates: [] } : answer, learned),
          tier === 'direct_oa' && after.length === 0 && !isOffline(services.settings)
            ? ownCandidates(context.work, context.job.format)
            : [],
          context.work
        )
      }
    }
  })
  return { ...result, isReplayed: replayed }
}

/**
 * Identifies the plan in the op's key: another order or set of sources is another query. So is a repetition
 * after the known addresses have failed, since the archive then gets other addresses.
 */
function planName(context: JobContext, tier: Tier, after: readonly SourceName[]): string {
  const { plan, settings, keyOf } = context.services
  const sources = plan.tiers
    .filter((one) => one.name === tier)
    .flatMap((one) => one.sources)
    .filter((name) => plan.policies[name].enabled)
  const asked = canonicalJson({
    sources,
    format: context.job.format,
    failed: tier === 'archive' ? [...context.failedUrls].sort() : [],
    prefix: settings['network.proxyPrefix'],
    offline: settings['network.offline'] ? plan.offlineBehavior : null,
    ...(settings['sources.paidBudgetUsd'] > 0 && keyOf('openalex') !== null ? { paid: true } : {}),
    ...(after.length === 0 ? {} : { after })
  })
  return `${tier}:${sha256Hex(asked).slice(0, 16)}`
}

/** Candidates that need no query: the user's address, and the locations that OpenAlex sent with the work. */
export function ownCandidates(work: Work, format: Format): Candidate[] {
  if (format !== 'pdf') return []
  const given =
    work.workId.startsWith('url:') && work.ids.url !== undefined && mayBeFile(work.ids.url)
      ? [{ url: work.ids.url, evidence: 'The address you gave looks like a file.', source: 'given' as const }]
      : []
  const located = work.locations.flatMap((location) =>
    location.pdfUrl === undefined
      ? []
      : [
          {
            url: location.pdfUrl,
            evidence: 'OpenAlex, or the reference file, names this location.',
            source: work.ids.openalex === undefined ? ('given' as const) : ('openalex' as const),
            version: location.version,
            license: location.license,
            foundOn: location.landingUrl
          }
        ]
  )
  return [...given, ...located]
    .flatMap((one) => openForm(one))
    .map((one, rank) => {
      const { version, license, foundOn, ...rest } = {
        version: undefined,
        license: undefined,
        foundOn: undefined,
        ...one
      }
      return {
        ...rest,
        tier: 'direct_oa' as const,
        format,
        rank,
        ...(version === undefined ? {} : { version }),
        ...(license === undefined ? {} : { license }),
        ...(foundOn === undefined ? {} : { foundOn })
      }
    })
}

/** PMC's own pages are never requested: Europe PMC's render is used when the address names the article. */
function openForm<T extends { readonly url: string }>(one: T): T[] {
  const existing = openCopyOfGuardedPage(one.url)
  if (existing !== null) return [{ ...one, url: existing }]
  return isPmcPage(one.url) ? [] : [one]
}

/** The user works offline, and the plan allows no file requests. */
function isOffline(settings: Settings): boolean {
  return offlineMode(settings['network.offline'], settings['sources.plan']) !== null
}

function withWhatWasLearned(answer: TierAnswer, learned: Pick<Learned, 'ids' | 'facts'>): TierAnswer {
  const { ids, facts } = answer.learned
  return { ...answer, learned: { ids: { ...ids, ...learned.ids }, facts: { ...facts, ...learned.facts } } }
}

function keepable(answer: TierAnswer, own: readonly Candidate[], work: Work): Resolved {
  const seen = new Set<string>()
  const candidates = [...own, ...answer.candidates]
    .filter((candidate) => {
      if (seen.has(candidate.url) || candidate.url.length > 2_000) return false
      seen.add(candidate.url)
      return true
    })
    .slice(0, MOST_CANDIDATES)
    .map((candidate) => ({ ...candidate, evidence: candidate.evidence.slice(0, 200) }))
  const isLater = ({ reason, source }: AttemptFacts): boolean =>
    reason === 'RATE_WAIT' && !answer.asked.some((one) => one === source)
  const failures = answer.attempts.flatMap((attempt) => {
    const { outcome, reason, url } = attempt
    // A skipped source is queried when the files named by the others do not open.
    return outcome === 'success' || reason === null || isLater(attempt)
      ? []
      : [{ reason, isGiven: isGiven(work, url) }]
  })
  return {
    candidates,
    landingPages: answer.landingPages.slice(0, 8),
    ids: answer.learned.ids,
    facts: answer.learned.facts,
    // An unreadable answer may have named a copy, so “nothing found” is not final.
    retryable: answer.retryable || failures.some(({ reason }) => reason === 'BAD_ANSWER'),
    retryAt: answer.retryAt,
    reasons: failures.filter((one) => !one.isGiven).map(({ reason }) => reason),
    givenReasons: failures.filter((one) => one.isGiven).map(({ reason }) => reason),
    asked: answer.asked,
    isWhole: answer.isWhole
  }
}

function isGiven(work: Work, url: string | null): boolean {
  if (!work.workId.startsWith('url:') || work.ids.url === undefined || url === null) return false
  const bare = (address: string): string => canonicalUrl(address, { dropTrackers: true })
  return bare(url) === bare(work.ids.url)
}
