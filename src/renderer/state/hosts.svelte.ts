/** The contacted hosts, reloaded every two seconds while they are visible. */
import type { HostStanding } from '../../contract/insights-views'
import { ask, errorOf, type Failure } from '../bridge'

const AGAIN_AFTER_MS = 2_000

export class HostsState {
  #hosts = $state.raw<readonly HostStanding[] | null>(null)
  #problem = $state.raw<Failure | null>(null)

  get hosts(): readonly HostStanding[] | null {
    return this.#hosts
  }
  get problem(): Failure | null {
    return this.#problem
  }

  async ask(): Promise<void> {
    await this.#take(() => ask('insights.hosts', {}))
  }

  async setOpen(host: string, isOpen: boolean): Promise<void> {
    await this.#take(() => ask('insights.setHostOpen', { host, isOpen }))
  }

  /** Keeps the list up to date; returns how to stop. */
  follow(): () => void {
    const timer = setInterval(() => void this.ask(), AGAIN_AFTER_MS)
    return () => {
      clearInterval(timer)
    }
  }

  async #take(answer: () => Promise<{ readonly hosts: readonly HostStanding[] }>): Promise<void> {
    try {
      this.#hosts = (await answer()).hosts
      this.#problem = null
    } catch (error) {
      this.#problem = errorOf(error)
    }
  }
}
