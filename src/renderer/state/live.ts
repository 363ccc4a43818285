/**
 * How events of main enter the page: a value that is asked for once, then replaced whole by each event
 * while a component subscribes to it (`createSubscriber`), and never mutated.
 */
import { createSubscriber } from 'svelte/reactivity'
import type { EventName } from '../../contract/event-names'
import type { Events } from '../../contract/events'
import { listen } from '../bridge'

/** The newest payload of an event; null until the first one came or `prime` gave one. */
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

  /** The answer to a question asked at the start, or newer than the last event. */
  prime(value: Events[N]): void {
    this.#value = value
    this.#changed()
  }
}
