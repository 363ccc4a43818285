/**
 * The page's only connection to main: every request and event of the contract, typed. Used by `state/` and the state files of the views.
 * An error received as data is thrown as an `AskError` with code, sentence and hint.
 */
import { messageOf, type ErrorData } from '../contract/errors'
import type { EventName } from '../contract/event-names'
import type { Events } from '../contract/events'
import type { RequestName } from '../contract/request-names'
import type { Answer, InputOf, OutputOf } from '../contract/requests'

type Ask = (input: unknown) => Promise<Answer<unknown>>
interface Surface {
  readonly version: string
  on(name: EventName, listener: (payload: never) => void): () => void
}

declare global {
  interface Window {
    readonly sheaf?: Surface & Readonly<Record<string, unknown>>
  }
}

/** A refusal or failure with its text for the user. */
export class AskError extends Error {
  readonly code: string
  readonly hint: string
  constructor(data: ErrorData) {
    super(data.message)
    this.name = 'AskError'
    this.code = data.code
    this.hint = data.hint
  }
}

function surface(): Surface & Readonly<Record<string, unknown>> {
  if (window.sheaf === undefined) throw new Error('This page is shown outside of Sheaf: nothing answers it.')
  return window.sheaf
}

/** Sends a request to main; rejects with an AskError. The input is a plain value, never a proxy. */
export async function ask<N extends RequestName>(name: N, input: InputOf<N>): Promise<OutputOf<N>> {
  const [group = '', verb = ''] = name.split('.')
  const verbs = surface()[group] as Readonly<Record<string, Ask>>
  const answer = await (verbs[verb] as Ask)(input)
  if (answer.ok) return answer.value as OutputOf<N>
  throw new AskError(answer.error)
}

/** Subscribes to an event of main; returns how to unsubscribe. */
export function listen<N extends EventName>(name: N, listener: (payload: Events[N]) => void): () => void {
  return surface().on(name, listener)
}

/** An error and its next step. */
export interface Failure {
  readonly message: string
  readonly hint: string
}

/** Converts any thrown value to data for a screen. */
export function errorOf(error: unknown): Failure {
  if (error instanceof AskError) return { message: error.message, hint: error.hint }
  return { message: messageOf(error), hint: '' }
}
