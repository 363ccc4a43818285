/**
 * Combines the findings of a tier's sources into one answer: candidates in the order of the plan and of their
 * versions, each address once, and the new facts about the work. Pure.
 */
import { keysOf } from '../../contract/tables'
import type { AttemptFacts, Candidate, Identifiers, OaLocation, Work, WorkFacts } from '../../contract/work'
import type { ArticleVersion } from '../../contract/words'
import { isEuropePmcRender, isPmcPage, openCopyOfGuardedPage } from './file-urls'
import { mayPropose, offlineMode } from './offline'
import type { Proposal, SourceQuery } from './source-query'
import type { TierAnswer, TierQuestion } from './sources'
import { urlKey, webUrl } from './web-text'

const VERSION_ORDER: Readonly<Record<ArticleVersion, number>> = {
  publishedVersion: 0,
  acceptedVersion: 1,
  submittedVersion: 3
}
const versionOrder = (version: ArticleVersion | undefined): number =>
  version === undefined ? 2 : VERSION_ORDER[version]

export function tierAnswer(
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
      .filter((one) => !isPmcPage(one.url) || openCopyOfGuardedPage(one.url) !== null)
      .sort((a, b) => versionOrder(a.version) - versionOrder(b.version) || a.rank - b.rank)
      .map((proposal): Candidate => ({ ...openForm(proposal), source, tier }))
  })
  const attempts: AttemptFacts[] = sourceQueries.flatMap((sourceQuery) => sourceQuery.attempts)
  const retryAts = sourceQueries.flatMap((sourceQuery) =>
    sourceQuery.retryAt === null ? [] : [sourceQuery.retryAt]
  )
  return {
    tier,
    candidates: mayPropose(offlineMode(isOffline, plan))
      ? lastResortsLast(eachOnce(proposals, (candidate) => candidate.url))
      : [],
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

/** Europe PMC's render has a bot check for some articles: it comes after every other copy of the tier. */
function lastResortsLast(candidates: readonly Candidate[]): Candidate[] {
  const isLast = ({ url }: Candidate): boolean => isEuropePmcRender(url)
  return [...candidates.filter((one) => !isLast(one)), ...candidates.filter(isLast)]
}

/** A guarded page is never requested: its open copy replaces it. */
function openForm(proposal: Proposal): Proposal {
  const url = webUrl(proposal.url) ?? proposal.url
  const openCopy = openCopyOfGuardedPage(url)
  if (openCopy === null) return { ...proposal, url }
  return {
    ...proposal,
    url: openCopy,
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

/** New facts only; the first source to report one takes precedence, and the work's own identifiers stay. */
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
