/**
 * The dependencies of every handler, and the type of a group of handlers. A handler does no validation (its
 * input was parsed by the contract's schema), calls the session or `SystemDialogs`, and shapes the answer.
 * Invariant: no input contains a path of the disk; only `SystemDialogs` handles paths.
 */
import type { EventName } from '../../contract/event-names'
import type { RequestName } from '../../contract/request-names'
import type { CheckedInputOf, OutputOf } from '../../contract/requests'
import type { Host } from '../platform/host'
import type { LogLine } from '../platform/log'
import type { Session } from '../session/session-api'
import type { SystemDialogs } from './system-dialogs'

export type Handler<N extends RequestName> = (input: CheckedInputOf<N>) => Promise<OutputOf<N>> | OutputOf<N>

/** Exactly one handler for each of these names: a missing or additional one does not compile. */
export type HandlersOf<N extends RequestName> = { readonly [M in N]: Handler<M> }
export type Handlers = HandlersOf<RequestName>

/** The requests whose names begin with one of these words, such as `'library' | 'reader'`. */
export type NamesOf<Group extends string> = Extract<RequestName, `${Group}.${string}`>

export interface HandlerDeps {
  readonly session: Session
  readonly systemDialogs: SystemDialogs
  readonly host: Host
  /** the last lines of the log, oldest first, for the support file */
  readonly recentLog: () => readonly LogLine[]
  /** The revision of the last event of that name; an answer contains it, so that a gap is detected. */
  readonly revision: (name: EventName) => number
  /** Aborted when the app closes: ends the work of handlers. */
  readonly signal: AbortSignal
}

/** Tracks the last revision of each event of the session, for the answers. */
export function followRevisions(session: Pick<Session, 'events'>): HandlerDeps['revision'] {
  const last = new Map<EventName, number>()
  session.events.on((name, payload) => {
    if ('revision' in payload) last.set(name, payload.revision)
  })
  return (name) => last.get(name) ?? 0
}
