/**
 * Checks of ledger against disk on the user's request, with progress and a way to stop. One at a time. The
 * engine reports the findings like those of every other reconcile.
 */
import { fail, isSheafError, SheafError } from '../../contract/errors'
import type { VerifyView } from '../../contract/recover-views'
import type { Sheaf } from '../sheaf-api'

export interface ChecksParts {
  readonly sheaf: () => Sheaf
  /** start, progress or end */
  readonly onChange: () => void
  readonly onEnd: (error: unknown) => void
}

export class Checks {
  readonly #parts: ChecksParts
  #view: VerifyView | null = null
  #ending: AbortController | null = null
  #working: Promise<void> = Promise.resolve()

  constructor(parts: ChecksParts) {
    this.#parts = parts
  }

  get view(): VerifyView | null {
    return this.#view
  }

  begin(how: { readonly verifyHashes: boolean }): void {
    if (this.#ending !== null) fail('TRANSITION_REFUSED', 'A check goes on already.')
    const sheaf = this.#parts.sheaf()
    const ending = new AbortController()
    this.#ending = ending
    this.#view = { verifyHashes: how.verifyHashes, done: 0, total: 0 }
    this.#parts.onChange()
    this.#working = this.#check(sheaf, how.verifyHashes, ending)
  }

  cancel(): void {
    this.#ending?.abort(new SheafError('CANCELLED', 'You ended the check.'))
  }

  async close(): Promise<void> {
    this.cancel()
    await this.#working
  }

  async #check(sheaf: Sheaf, verifyHashes: boolean, ending: AbortController): Promise<void> {
    const onProgress = (done: number, total: number): void => {
      this.#view = { verifyHashes, done, total }
      this.#parts.onChange()
    }
    let fault: unknown = null
    try {
      const why = verifyHashes ? 'verify' : 'demand'
      await sheaf.reconcile({ verifyHashes, why, onProgress }, ending.signal)
    } catch (error) {
      if (!ending.signal.aborted && !isSheafError(error, 'PAUSED')) fault = error
    } finally {
      this.#view = null
      this.#ending = null
      this.#parts.onChange()
      this.#parts.onEnd(fault)
    }
  }
}
