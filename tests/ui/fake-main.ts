/**
 * A fake main process: answers by request name, records requests, and can send events. It replaces the
 * preload's API; everything above it is the real page.
 */
import type { EventName } from '../../src/contract/event-names'
import type { Events } from '../../src/contract/events'
import type { RequestName } from '../../src/contract/request-names'
import type { InputOf, OutputOf } from '../../src/contract/requests'

type Answers = { [N in RequestName]?: (input: InputOf<N>) => OutputOf<N> | Promise<OutputOf<N>> }
type Listener = (payload: unknown) => void

/** Thrown by an answer: a refusal, sent as data. */
export class Refusal extends Error {
  readonly hint: string
  constructor(message: string, hint = '') {
    super(message)
    this.hint = hint
  }
}

export interface FakeMain {
  /** recorded requests, oldest first */
  readonly asked: { readonly name: string; readonly input: unknown }[]
  inputsOf<N extends RequestName>(name: N): InputOf<N>[]
  tell<N extends EventName>(name: N, payload: Events[N]): void
}

export function fakeMain(answers: Answers): FakeMain {
  const asked: { name: string; input: unknown }[] = []
  const listeners = new Map<string, Set<Listener>>()
  const ask = async (name: string, input: unknown): Promise<unknown> => {
    asked.push({ name, input: structuredClone(input) })
    const answer = answers[name as RequestName] as ((input: unknown) => unknown) | undefined
    try {
      if (answer === undefined) throw new Refusal(`nothing answers ${name}`)
      return { ok: true, value: await answer(input) }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { ok: false, error: { code: 'BAD_SETTING', message: error.message, hint: error.hint } }
    }
  }
  const verbs = (group: string): unknown =>
    new Proxy({}, { get: (_, verb) => (input: unknown) => ask(`${group}.${String(verb)}`, input) })
  const on = (name: string, listener: Listener): (() => void) => {
    const all = listeners.get(name) ?? new Set<Listener>()
    listeners.set(name, all.add(listener))
    return () => all.delete(listener)
  }
  Object.defineProperty(window, 'sheaf', {
    configurable: true,
    value: new Proxy<Record<string, unknown>>(
      { version: '0.0.0', on },
      {
        get: (known, group) => known[String(group)] ?? verbs(String(group))
      }
    )
  })
  return {
    asked,
    inputsOf: <N extends RequestName>(name: N) =>
      asked.filter((one) => one.name === name).map((one) => one.input as InputOf<N>),
    tell(name, payload) {
      for (const listener of listeners.get(name) ?? []) listener(payload)
    }
  }
}
