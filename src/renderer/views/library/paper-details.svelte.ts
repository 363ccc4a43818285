/** The details of one paper, for the panel beside the list and for the reader. */
import type { PaperDetail } from '../../../contract/library-views'
import { ask, errorOf, type Failure } from '../../bridge'
import { Delayed } from '../../state/delayed'

/** Delay before loading, so that nothing is loaded while arrow keys repeat. */
const RESTING_MS = 120

export class PaperDetails {
  #detail = $state.raw<PaperDetail | null>(null)
  #failed = $state.raw<Failure | null>(null)
  #wanted: string | null = null
  readonly #later = new Delayed()

  /** of the last requested paper, or of the previous one until its answer arrives */
  get detail(): PaperDetail | null {
    return this.#detail
  }
  get failed(): Failure | null {
    return this.#failed
  }

  show(artifactId: string | null): void {
    if (artifactId === this.#wanted) return
    this.#wanted = artifactId
    this.#later.stop()
    if (artifactId === null) {
      this.#detail = null
      this.#failed = null
      return
    }
    const wait = this.#detail === null ? 0 : RESTING_MS
    this.#later.restart(wait, () => void this.#fetch(artifactId))
  }

  /** The library changed: reloads the shown details. */
  refresh(): void {
    if (this.#wanted !== null) void this.#fetch(this.#wanted)
  }

  async #fetch(artifactId: string): Promise<void> {
    try {
      const detail = await ask('library.paper', { artifactId })
      if (artifactId !== this.#wanted) return
      this.#detail = detail
      this.#failed = null
    } catch (error) {
      if (artifactId !== this.#wanted) return
      this.#detail = null
      this.#failed = errorOf(error)
    }
  }
}
