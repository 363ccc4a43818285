/**
 * The steps of the switch for the Insights screen: the verdict of the last 30 days on the next one, and one
 * step on or back. Neither fetches anything again: existing papers are adopted (docs/design.md, G12).
 */
import { fail } from '../../contract/errors'
import type { RolloutView } from '../../contract/insights-views'
import { rolloutView, stepOf } from '../insights/rollout'
import type { HandlerDeps, HandlersOf } from './handler-deps'

const DAYS = 30

export function rolloutHandlers({
  session,
  signal
}: HandlerDeps): HandlersOf<'insights.rollout' | 'insights.setRollout'> {
  async function view(): Promise<RolloutView> {
    const { groups, measures } = await session.sheaf.insights({ days: DAYS }, signal)
    const { settings } = session.settings.loaded()
    return rolloutView(stepOf(settings['safety.switch'], settings['safety.canaryPercent']), {
      groups,
      measures
    })
  }

  return {
    'insights.rollout': view,
    async 'insights.setRollout'({ from, to, force }) {
      const before = await view()
      const step = to === 'next' ? before.next : before.back
      // The page showed another step: a second click, or the setting changed meanwhile.
      if (step === null || before.now.percent !== from) return before
      if (to === 'next' && before.verdict === 'no_go' && !force) {
        fail('TRANSITION_REFUSED', 'The figures speak against the next step.', {
          hint: 'Look at the papers that failed first.'
        })
      }
      if (step.position === 'canary') await session.settings.set('safety.canaryPercent', step.percent)
      await session.settings.set('safety.switch', step.position)
      return view()
    }
  }
}
