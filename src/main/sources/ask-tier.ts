/**
 * Queries one tier of the chain: its enabled sources one after another until one names a file, all within the
 * work's budget; a slow one does not delay the next. The results are in the order in which the sources are
 * queried (the plan's, with PMC after OpenAlex while no PMCID is known), not in order of arrival.
 *
 * Invariant: no more exchanges than `budget.attemptsLeft`, none after `budget.endsAtMs`, and the only
 * exception thrown is the caller's own abort.
 */
import type { Work } from '../../contract/work'
import type { SourceName } from '../../contract/words'
import type { CookieJar } from '../net/net'
import { endedWith, OVER } from '../platform/ended-with'
import { ALL_SOURCES } from './all-sources'
import type { Page, PageCache } from './found-page'
import { querySource } from './query-source'
import type { SourceQuery } from './source-query'
import type { Source, SourceServices, Sources, TierAnswer, TierQuestion } from './sources'
import { tierAnswer } from './tier-answer'

export function makeSources(
  services: SourceServices,
  all: Readonly<Record<SourceName, Source>> = ALL_SOURCES
): Sources {
  // Pages opened in one job execution are identified by its cookies, and dropped with them.
  const pagesByCookies = new WeakMap<CookieJar, PageCache>()
  return {
    async askTier(question: TierQuestion): Promise<TierAnswer> {
      question.signal.throwIfAborted()
      const { plan, after = [] } = question
      const tier = plan.tiers.find((one) => one.name === question.tier)
      const names = (tier?.sources ?? []).filter(
        (name, index, list) =>
          plan.policies[name].enabled && list.indexOf(name) === index && !after.includes(name)
      )
      const pages = pagesByCookies.get(question.cookies) ?? new Map<string, Page>()
      pagesByCookies.set(question.cookies, pages)
      const limit = Math.max(1, Math.min(tier?.parallel ?? 1, plan.maxConcurrent))
      const round = { services, pages, all, question, limit }
      const ordered = inOrderOfYield(names, question.work)
      const sourceQueries = await askedAgain(await oneAfterAnother(ordered, round), ordered, round)
      question.signal.throwIfAborted()
      const answer = tierAnswer(question, sourceQueries)
      // Each answer adds at least one source: a source that named a file counts, even when its turn came
      // late.
      const asked = ordered.filter((_, at) => {
        const one = sourceQueries[at]
        return one !== undefined && (!one.wasPassedOver || namesAFile(one, question))
      })
      return { ...answer, asked: [...after, ...asked], isWhole: asked.length === names.length }
    }
  }
}

/**
 * PMC's bucket comes first for a work whose PMCID is known. For any other work a converter must be queried
 * first, while OpenAlex has usually answered already and names the PMCID, or a file, as well.
 */
function inOrderOfYield(names: readonly SourceName[], work: Work): readonly SourceName[] {
  const isLater = names.indexOf('openalex') > names.indexOf('pmc') && names.includes('pmc')
  if (!isLater || work.ids.pmcid !== undefined || (work.ids.doi ?? work.ids.pmid) === undefined) return names
  return names.flatMap((name) =>
    name === 'pmc' ? [] : name === 'openalex' ? [name, 'pmc' as const] : [name]
  )
}

/**
 * A source was skipped because its turn came late while others were left. None is left now and none named a
 * file: the query waits for its turn.
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
/**
 * Hosts that require one request at a time, or share their load with another service: nothing is queried in
 * parallel with them.
 */
const NEVER_HEDGED: ReadonlySet<SourceName> = new Set(['arxiv', 'wayback', 'doi_redirect', 'landing_scrape'])

interface Round {
  readonly services: SourceServices
  readonly pages: PageCache
  readonly all: Readonly<Record<SourceName, Source>>
  readonly question: TierQuestion
  /** sources queried at a time */
  readonly limit: number
}

/**
 * Queries in the order of the list until a source names a file, or all were queried. Results in that order.
 * At most `limit` at a time: the next one begins when those before have no file, or are slow.
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
      const deadline = endedWith(question.signal)
      const late = services.clock.sleep(free ? HEDGE_AFTER_MS : 2 ** 30, deadline.controller.signal).then(
        () => 'late' as const,
        () => 'stopped' as const
      )
      const first = await Promise.race([...running().map((one) => one.ended), late])
      deadline.free()
      deadline.controller.abort(OVER)
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
