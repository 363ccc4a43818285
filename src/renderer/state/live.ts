/**
 * State from events of main: a value is requested once, then replaced by each event while a component
 * subscribes to it (`createSubscriber`), and never mutated.
 */
import { createSubscriber } from 'svelte/reactivity'
import type { EventName } from '../../contract/event-names'
import type { Events } from '../../contract/events'
import { listen } from '../bridge'

/** The last payload of an event; null until the first event or `prime`. */
export class Latest<N extends EventName> {
  #value: Events[N] | null = null
  readonly #look: () => void
  #changed: () => void = () => undefined

  constructor(name: N) {
    this.#look = createSubscriber((update) => {
      this.#changed = update
      const off = listen(name, (payload) => {
        this.#value = payload
        update()
      })
      return () => {
        off()
        this.#changed = () => undefined
      }
    })
  }

  get value(): Events[N] | null {
    this.#look()
    return this.#value
  }

  /** Sets the value from the answer to a request. */
  prime(value: Events[N]): void {
    this.#value = value
    this.#changed()
  }
}
