/**
 * Handles uncaught errors. Sheaf does not continue in an unknown state: it logs the error, closes normally
 * with every byte kept, informs the user, and ends. The ledger recovers at the next start.
 */
import type { Log } from '../platform/log'
import { messageOf } from '../../contract/errors'

export interface CrashHandler {
  readonly log: Log
  /** Stops active work and closes, within a bounded time. */
  readonly close: () => Promise<void>
  readonly tell: (title: string, text: string) => void
  /** ends the process */
  readonly end: () => void
}

type Unexpected = 'uncaughtException' | 'unhandledRejection'
export interface Source {
  on(event: Unexpected, listener: (error: unknown) => void): unknown
}

export function onUnexpected(source: Source, words: CrashHandler): void {
  let ending = false
  const end = (what: Unexpected) => (error: unknown) => {
    words.log.error('Something unexpected happened; Sheaf ends and keeps everything.', {
      what,
      error: messageOf(error),
      stack: error instanceof Error ? error.stack : undefined
    })
    if (ending) return
    ending = true
    const over = (): void => {
      words.tell(
        'Sheaf has to close',
        'Something unexpected happened. Nothing is lost: start Sheaf again and it goes on where it was. The log says what it was.'
      )
      words.end()
    }
    words.close().then(over, over)
  }
  source.on('uncaughtException', end('uncaughtException'))
  source.on('unhandledRejection', end('unhandledRejection'))
}
