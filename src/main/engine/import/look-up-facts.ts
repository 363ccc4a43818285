/**
 * Facts that services have about the work named by an imported file, or about a title. Optional: without a
 * network the answer is null, and after a few unanswered queries no service is queried again in this import,
 * so that a thousand files do not wait for a thousand timeouts.
 */
import { isSheafError } from '../../../contract/errors'
import type { FallbackPlan } from '../../../contract/settings'
import type { Identifiers, WorkDraft, WorkFacts } from '../../../contract/work'
import { openAlexTitled } from '../../sources/title-search'
import type { Engine } from '../engine'
import { draftedWork } from '../ops/plan-work'
import { UNANSWERED } from '../../../contract/words'

export interface LookUp {
  /** null when no service has a record of it, or none could be queried */
  byName(
    draft: WorkDraft,
    signal: AbortSignal
  ): Promise<{ readonly ids: Identifiers; readonly facts: WorkFacts } | null>
  byTitle(title: string, signal: AbortSignal): Promise<readonly WorkDraft[]>
}

const GIVE_UP_AFTER = 2
const TIMEOUT_MS = 15_000

export function makeLookUp(engine: Engine, wanted: boolean): LookUp {
  let failures = wanted ? 0 : GIVE_UP_AFTER
  const note = (answered: boolean): void => {
    if (answered) failures = 0
    else if ((failures += 1) === GIVE_UP_AFTER)
      engine.host.log.warn('No service could be asked about these files; only what is known here counts')
  }
  return {
    async byName(draft, signal) {
      if (failures >= GIVE_UP_AFTER) return null
      const plan: FallbackPlan = {
        ...engine.settings['sources.plan'],
        tiers: [{ name: 'direct_oa', parallel: 2, sources: ['openalex', 'arxiv'] }]
      }
      const answer = await engine.sources.askTier({
        work: draftedWork(draft),
        formats: ['pdf'],
        tier: 'direct_oa',
        plan,
        budget: { endsAtMs: engine.host.clock.monotonicMs() + TIMEOUT_MS, attemptsLeft: 4 },
        landingPages: [],
        failedUrls: [],
        signal,
        cookies: engine.net.newCookieJar()
      })
      const asked = answer.attempts.filter((attempt) => attempt.outcome !== 'skipped')
      if (asked.length > 0) note(asked.some((attempt) => !UNANSWERED.includes(attempt.outcome)))
      return answer.learned.facts.title === undefined ? null : answer.learned
    },
    async byTitle(title, signal) {
      if (failures >= GIVE_UP_AFTER) return []
      const until = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
      try {
        const found = await openAlexTitled(title, engine.net, engine.keyOf('openalex'), until)
        note(true)
        return found
      } catch (error) {
        signal.throwIfAborted()
        if (!isSheafError(error) && !until.aborted) throw error
        note(false)
        return []
      }
    }
  }
}
