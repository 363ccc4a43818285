/** The app's state: its view from main, the run, and the frame's requests. */
import type { AppView, RunView } from '../../contract/views'
import { ask, errorOf, type Failure } from '../bridge'
import { Latest } from './live'
import { remembered } from './remembered.svelte'
import { route } from './route.svelte'
import { toasts } from './toasts.svelte'
import { FRAME } from '../text/frame'

class AppState {
  readonly #view = new Latest('app')
  readonly #run = new Latest('run')
  #openingFailed = $state.raw<Failure | null>(null)

  get view(): AppView | null {
    return this.#view.value
  }

  get run(): RunView | null {
    return this.#run.value
  }

  get openingFailed(): Failure | null {
    return this.#openingFailed
  }

  /** Requests everything the frame shows; called once when the page starts. */
  async begin(): Promise<void> {
    try {
      this.#openingFailed = null
      const view = await ask('app.state', {})
      // Before anything is drawn, so that a screen starts in its former state.
      remembered.prime(view.remembered)
      route.begin()
      await this.#follow(view)
    } catch (error) {
      this.#openingFailed = errorOf(error)
    }
  }

  /** Tries again to open the workspace; the cause of the trouble may be gone. */
  async reopen(): Promise<void> {
    await attempt(async () => {
      await this.#follow(await ask('app.reopen', {}))
    })
  }

  /** Applies the view, and loads the run when there is a ledger. */
  async #follow(view: AppView): Promise<void> {
    this.take(view)
    if (this.view?.trouble === null) this.#run.prime(await ask('run.state', {}))
  }

  take(view: AppView): void {
    this.#view.prime(view)
  }

  /** Checks whether the library is back in its place. `startNew`: creates a new one there. */
  async lookForLibrary(startNew: boolean): Promise<void> {
    await attempt(async () => {
      this.take(await ask('app.lookForLibrary', { startNew }))
      if (this.view?.libraryTrouble !== null) toasts.warn(FRAME.libraryStillMissing)
    })
  }

  /** The user selects the library's new location. */
  async findLibrary(): Promise<void> {
    await attempt(async () => {
      const view = await ask('app.findLibrary', {})
      if (view !== null) this.take(view)
    })
  }

  async rebuildLibrary(): Promise<void> {
    await attempt(async () => {
      const { files, problems, first } = await ask('app.rebuildLibrary', {})
      toasts.say({
        tone: problems === 0 ? 'good' : 'attention',
        text: FRAME.rebuilt(files, problems),
        hint: first
      })
    })
  }

  async toggleRun(): Promise<void> {
    const goesOn = this.run?.phase === 'paused'
    await attempt(async () => {
      this.#run.prime(await ask(goesOn ? 'run.start' : 'run.pause', {}))
    })
  }

  async sample(enter: boolean): Promise<void> {
    await attempt(async () => {
      this.take(await ask('app.sample', { enter }))
      this.#run.prime(await ask('run.state', {}))
    })
  }
}

/** Runs a request to main; an error is shown in a toast. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    const { message, hint } = errorOf(error)
    toasts.warn(message, hint)
    return null
  }
}

/** The same for a request without an answer: whether it succeeded. */
export async function succeeds(work: () => Promise<unknown>): Promise<boolean> {
  const done = await attempt(async () => {
    await work()
    return true
  })
  return done ?? false
}

export const app = new AppState()
