/** The steps of the switch: reloaded with the figures, and changed by one step at a time. */
import type { RolloutView } from '../../../contract/insights-views'
import { ask } from '../../bridge'
import { attempt } from '../../state/app.svelte'
import { Busy } from '../../state/busy.svelte'

export class RolloutState {
  #view = $state.raw<RolloutView | null>(null)
  readonly #busy = new Busy()

  get view(): RolloutView | null {
    return this.#view
  }
  get busy(): boolean {
    return this.#busy.now
  }

  async load(): Promise<void> {
    const found = await attempt(() => ask('insights.rollout', {}))
    // The answer to a step is newer.
    if (found !== null && !this.busy) this.#view = found
  }

  async step(
    from: RolloutView,
    how: { readonly to: 'next' | 'back'; readonly force?: boolean }
  ): Promise<void> {
    const { to, force = false } = how
    await this.#busy.during(async () => {
      const found = await attempt(() => ask('insights.setRollout', { from: from.now.percent, to, force }))
      if (found !== null) this.#view = found
    })
  }
}
