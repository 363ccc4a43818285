/** The answers of the welcome screen, and what the environment has already set. */
import { isOneOf } from '../../../contract/tables'
import { SWITCH_POSITIONS, type SwitchPosition } from '../../../contract/words'
import { ask, errorOf, type Failure } from '../../bridge'
import { app, attempt } from '../../state/app.svelte'
import { isAllowed, settingSchema } from '../../state/check-setting'
import { WELCOME } from '../../text/welcome'

/** `choose`: the system's folder dialog is open, or its answer is pending. */
type Busy = 'start' | 'sample' | 'choose'

export class WelcomeState {
  mailto = $state('')
  #folder = $state<string | null>(null)
  #position = $state<SwitchPosition>('on')
  #decidedBy = $state<string | null>(null)
  #busy = $state<Busy | null>(null)
  #failure = $state.raw<Failure | null>(null)

  /** the chosen folder; null keeps the default */
  get folder(): string | null {
    return this.#folder
  }
  get position(): SwitchPosition {
    return this.#position
  }
  set position(position: SwitchPosition) {
    if (this.#decidedBy === null) this.#position = position
  }
  /** the environment variable that sets the switch */
  get decidedBy(): string | null {
    return this.#decidedBy
  }
  get busy(): Busy | null {
    return this.#busy
  }
  get failure(): Failure | null {
    return this.#failure
  }
  get mailtoWrong(): string | null {
    return isAllowed(settingSchema('general.mailto'), this.mailto.trim()) ? null : WELCOME.mailtoWrong
  }

  /** Loads existing settings: a former address, a switch set by the environment. */
  async begin(): Promise<void> {
    try {
      const { entries } = await ask('settings.list', {})
      const decided = entries.find((entry) => entry.key === 'safety.switch')
      if (decided?.overriddenBy != null && isOneOf(SWITCH_POSITIONS, decided.value)) {
        this.#position = decided.value
        this.#decidedBy = decided.overriddenBy
      }
      const mailto = entries.find((entry) => entry.key === 'general.mailto')?.value
      if (this.mailto === '' && typeof mailto === 'string') this.mailto = mailto
    } catch {
      // Without them the screen still asks for everything.
    }
  }

  async choose(): Promise<void> {
    this.#busy = 'choose'
    const chosen = await attempt(() => ask('app.chooseLibrary', {}))
    if (chosen !== null) this.#folder = chosen.folder
    this.#busy = null
  }

  async start(): Promise<void> {
    if (this.mailtoWrong !== null || this.#busy !== null) return
    this.#busy = 'start'
    this.#failure = null
    try {
      app.take(await ask('app.welcome', { mailto: this.mailto.trim(), switch: this.#position }))
    } catch (error) {
      this.#failure = errorOf(error)
    }
    this.#busy = null
  }

  async sample(): Promise<void> {
    this.#busy = 'sample'
    this.#failure = null
    try {
      app.take(await ask('app.sample', { enter: true }))
    } catch (error) {
      this.#failure = errorOf(error)
    }
    this.#busy = null
  }
}
