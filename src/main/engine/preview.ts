/**
 * Previews what would be fetched, before any file is requested: no job and no file is written. Rank 1 is what
 * a run would fetch first. Queries either every source of every tier, or, like a run, only until one names a
 * file.
 */
import type { CandidateLine, ExpectedLine, ForecastFacts, Line } from '../../contract/lines'
import type { WorkDraft, WorkFacts } from '../../contract/work'
import type { Format } from '../../contract/words'
import type { Candidate } from '../../contract/work'
import { attemptLine } from './attempt-line'
import type { Engine } from './engine'
import { microsOf } from '../../contract/money'
import { Forecast } from './forecast'
import { leftToday } from './purchases'
import { inOrder } from '../platform/in-order'
import { withLearned } from '../sources/lookups/learned'
import { mayPropose, offlineMode } from '../sources/offline'
import { ownCandidates } from './ops/resolve-candidates'
import { draftedWork } from './ops/plan-work'

/** Works previewed concurrently. */
const SIDE_BY_SIDE = 8

export interface HowToPreview {
  readonly formats: readonly Format[]
  /** stop at the first source that names a file, as a run would; else every source is queried */
  readonly onlyFirst: boolean
}

export interface PreviewReport {
  readonly works: number
  readonly candidates: number
  readonly forecast: ForecastFacts | null
}

/** Previews several works concurrently; results are reported in the given order. */
export async function previewAll(
  engine: Engine,
  lists: AsyncIterable<readonly WorkDraft[]>,
  how: HowToPreview,
  signal: AbortSignal
): Promise<PreviewReport> {
  const forecast = new Forecast(() => engine.net)
  const leftUsd = leftForPaidCopies(engine)
  let works = 0
  let candidates = 0
  async function* asked(): AsyncGenerator<readonly [WorkDraft, Format]> {
    for await (const drafts of lists) {
      engine.lookups.gather(drafts.map(draftedWork))
      works += drafts.length
      for (const draft of drafts) for (const format of how.formats) yield [draft, format]
    }
  }
  const preview = ([draft, format]: readonly [WorkDraft, Format]): Promise<Previewed> =>
    previewWork(engine, draft, { format, onlyFirst: how.onlyFirst }, signal)
  for await (const previewed of inOrder(asked(), SIDE_BY_SIDE, preview)) {
    for (const line of previewed.lines) engine.emit(line)
    candidates += previewed.candidates
    if (how.onlyFirst) engine.emit(expectedLine(previewed, forecast, leftUsd))
  }
  const facts = forecast.facts(engine.settings['network.workers'])
  if (how.onlyFirst && facts !== null) engine.emit({ type: 'forecast', ...facts })
  return { works, candidates, forecast: how.onlyFirst ? facts : null }
}

interface Previewed {
  readonly workId: string
  readonly lines: readonly Line[]
  readonly candidates: number
  readonly first: Candidate | null
  readonly facts: WorkFacts
}

export interface ExpectedCopy {
  readonly line: ExpectedLine
  /** facts about the work that services reported */
  readonly facts: WorkFacts
}

/**
 * The file that a run would most likely fetch for each work, in the given order; nothing of it is recorded.
 */
export async function expectCopies(
  engine: Engine,
  drafts: readonly WorkDraft[],
  { signal, onLooked }: { readonly signal: AbortSignal; readonly onLooked: () => void }
): Promise<{ readonly copies: readonly ExpectedCopy[]; readonly forecast: ForecastFacts | null }> {
  const forecast = new Forecast(() => engine.net)
  const leftUsd = leftForPaidCopies(engine)
  const copies: ExpectedCopy[] = []
  engine.lookups.gather(drafts.map(draftedWork))
  const preview = (draft: WorkDraft): Promise<Previewed> => {
    signal.throwIfAborted()
    return previewWork(engine, draft, { format: 'pdf', onlyFirst: true }, signal)
  }
  for await (const previewed of inOrder(drafts, SIDE_BY_SIDE, preview)) {
    copies.push({ line: expectedLine(previewed, forecast, leftUsd), facts: previewed.facts })
    onLooked()
  }
  return { copies, forecast: forecast.facts(engine.settings['network.workers']) }
}

/** Dollars left in today's budget. */
function leftForPaidCopies({ ledger, settings, host }: Engine): number {
  const budgetUsd = settings['sources.paidBudgetUsd']
  return ledger.read((r) => leftToday(r, budgetUsd, host.clock.now()))
}

function expectedLine(
  { workId, first: named }: Previewed,
  forecast: Forecast,
  leftUsd: number
): ExpectedLine {
  // A paid copy that today's budget no longer covers is left out.
  const isCovered = microsOf(forecast.paidUsd + (named?.priceUsd ?? 0)) <= microsOf(leftUsd)
  const first = named?.priceUsd === undefined || isCovered ? named : null
  const waitMs = forecast.add(first?.url ?? null, first?.priceUsd)
  if (first === null) return { type: 'expected', work_id: workId, source: null }
  const { version, license, bytes } = first
  return {
    type: 'expected',
    work_id: workId,
    source: first.source,
    host: new URL(first.url).host,
    ...(version === undefined ? {} : { version }),
    ...(license === undefined ? {} : { license }),
    ...(bytes === undefined ? {} : { bytes }),
    wait_ms: waitMs ?? 0,
    price_usd: first.priceUsd ?? 0
  }
}

async function previewWork(
  engine: Engine,
  draft: WorkDraft,
  { format, onlyFirst }: { readonly format: Format; readonly onlyFirst: boolean },
  signal: AbortSignal
): Promise<Previewed> {
  const { host, sources, net } = engine
  const { 'sources.plan': plan, 'network.offline': isOffline } = engine.settings
  const drafted = draftedWork(draft)
  const { ids, facts } = await engine.lookups.learned(drafted, signal)
  let work = withLearned(drafted, { ids, facts })
  const budget = {
    endsAtMs: host.clock.monotonicMs() + plan.totalTimeoutMs,
    attemptsLeft: plan.totalAttempts
  }
  const landingPages = []
  const cookies = net.newCookieJar()
  const said = new Set<string>()
  const lines: Line[] = []
  let first: Candidate | null = null
  let rank = 0
  for (const tier of plan.tiers) {
    signal.throwIfAborted()
    const answer = await sources.askTier({
      work,
      formats: [format],
      tier: tier.name,
      plan,
      budget,
      landingPages: [...landingPages],
      failedUrls: [],
      signal,
      cookies,
      lookups: engine.lookups,
      exhaustive: !onlyFirst,
      isOffline
    })
    work = {
      ...work,
      ids: { ...answer.learned.ids, ...work.ids },
      facts: { ...answer.learned.facts, ...work.facts }
    }
    landingPages.push(...answer.landingPages)
    for (const attempt of answer.attempts) {
      lines.push({ ...attemptLine('', attempt), work_id: work.workId })
    }
    const own =
      tier.name === 'direct_oa' && mayPropose(offlineMode(isOffline, plan)) ? ownCandidates(work, format) : []
    for (const candidate of [...own, ...answer.candidates]) {
      if (said.has(candidate.url)) continue
      said.add(candidate.url)
      rank += 1
      first ??= candidate
      lines.push(candidateLine(work.workId, candidate, rank))
    }
    if (onlyFirst && first !== null) break
  }
  return { workId: work.workId, lines, candidates: rank, first, facts: work.facts }
}

function candidateLine(workId: string, candidate: Candidate, rank: number): CandidateLine {
  return {
    type: 'candidate',
    work_id: workId,
    source: candidate.source,
    tier: candidate.tier,
    rank,
    url: candidate.url,
    ...(candidate.version === undefined ? {} : { version: candidate.version }),
    ...(candidate.license === undefined ? {} : { license: candidate.license }),
    ...(candidate.priceUsd === undefined ? {} : { price_usd: candidate.priceUsd })
  }
}
