/**
 * What would be fetched, before a byte of it is: every tier is asked, no job and no file is written.
 * Rank 1 is what a run would fetch first.
 */
import { redactUrl } from '../../contract/redact'
import type { WorkDraft } from '../../contract/work'
import type { Format } from '../../contract/words'
import type { Candidate } from '../../contract/work'
import type { Engine } from './engine'
import { withLearned } from '../sources/lookups/learned'
import { isOffline, ownCandidates } from './ops/resolve-candidates'
import { draftedWork } from './ops/plan-work'

export async function previewWork(
  engine: Engine,
  draft: WorkDraft,
  format: Format,
  signal: AbortSignal
): Promise<number> {
  const { host, sources, net } = engine
  const plan = engine.settings['sources.plan']
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
      exhaustive: true,
      isOffline: engine.settings['network.offline']
    })
    work = {
      ...work,
      ids: { ...answer.learned.ids, ...work.ids },
      facts: { ...answer.learned.facts, ...work.facts }
    }
    landingPages.push(...answer.landingPages)
    for (const attempt of answer.attempts) {
      engine.emit({
        type: 'attempt',
        job_id: '',
        work_id: work.workId,
        source: attempt.source,
        tier: attempt.tier,
        url: attempt.url === null ? null : redactUrl(attempt.url),
        outcome: attempt.outcome,
        reason: attempt.reason,
        ...(attempt.status === undefined ? {} : { status: attempt.status }),
        elapsed_ms: Math.round(attempt.elapsedMs)
      })
    }
    const own = tier.name === 'direct_oa' && !isOffline(engine.settings) ? ownCandidates(work, format) : []
    for (const candidate of [...own, ...answer.candidates]) {
      if (said.has(candidate.url)) continue
      said.add(candidate.url)
      rank += 1
      say(engine, work.workId, candidate, rank)
    }
  }
  return rank
}

function say(engine: Engine, workId: string, candidate: Candidate, rank: number): void {
  engine.emit({
    type: 'candidate',
    work_id: workId,
    source: candidate.source,
    tier: candidate.tier,
    rank,
    url: candidate.url,
    ...(candidate.version === undefined ? {} : { version: candidate.version }),
    ...(candidate.license === undefined ? {} : { license: candidate.license })
  })
}
