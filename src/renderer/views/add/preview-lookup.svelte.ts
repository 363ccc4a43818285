/**
 * A look-up that main does for the rows of a preview, and its progress: titles of references, or open copies.
 * It shows one preview at a time; what the answer means is the caller's.
 */
import type { PreviewView } from '../../../contract/add-views'
import { Latest } from '../../state/live'
import type { PreviewRows } from './preview-rows.svelte'

export interface Progress {
  readonly done: number
  readonly of: number
}

export class PreviewLookup {
  #running = $state.raw<PreviewRows | null>(null)
  readonly #progress: Latest<'matching' | 'expecting'>
  readonly #rowsOf: (view: PreviewView) => number

  /** `rowsOf`: how many rows of a preview are looked up. */
  constructor(event: 'matching' | 'expecting', rowsOf: (view: PreviewView) => number) {
    this.#progress = new Latest(event)
    this.#rowsOf = rowsOf
  }

  /** the preview whose rows are being looked up now */
  get running(): PreviewRows | null {
    return this.#running
  }

  /** Progress of the look-up of this preview; null when there is none. */
  progressOf(preview: PreviewRows | null): Progress | null {
    if (this.#running === null || this.#running !== preview) return null
    return this.#progress.value ?? { done: 0, of: this.#rowsOf(preview.view) }
  }

  /** Settles like `answer`, the request that was just sent to main. */
  async track(preview: PreviewRows, answer: Promise<PreviewView>): Promise<PreviewView> {
    this.#running = preview
    this.#progress.prime({ done: 0, of: this.#rowsOf(preview.view) })
    try {
      return await answer
    } finally {
      if (this.#running === preview) this.#running = null
    }
  }
}
