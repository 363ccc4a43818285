/**
 * The layer below the window: session and ipc, joined. The shell loads this module once the window is being
 * created; the ledger and the engine, which take longer, are loaded when the page has its scripts.
 */
import type { Host } from './platform/host'
import type { LogLine } from './platform/log'
import { makeAnswer, type AnswerRequest } from './ipc/answer'
import type { SystemDialogs } from './ipc/system-dialogs'
import { queuePreview } from './ipc/queue-preview'
import { makeHandlers } from './ipc/handlers'
import { keepQueueCache } from './ipc/keep-queue-cache'
import { answerWhileOpening } from './ipc/opening-answers'
import { makeBytes } from './ipc/page-bytes'
import { followRevisions, type HandlerDeps } from './ipc/handler-deps'
import { readFilesIntoPreview } from './ipc/read-preview'
import { openSession } from './session/open-session'
import type { Session, SessionParts } from './session/session-api'

export interface CoreParts extends Omit<SessionParts, 'beforeOpening'> {
  readonly host: Host
  readonly systemDialogs: SystemDialogs
  readonly recentLog: () => readonly LogLine[]
  /** resolves when the page has its scripts: it needs nothing more from this process before they run */
  readonly pageServed: Promise<void>
  /** Aborted when the app closes. */
  readonly signal: AbortSignal
}

export interface Core {
  /** Resolves when the session is open, whatever the state of its ledger. */
  readonly answer: AnswerRequest
  /** Resolves when the session is open, whatever its ledger is like. */
  readonly opened: Promise<OpenCore>
}

export interface OpenCore {
  readonly session: Session
  /** An answer was given before the session was open; the session now sends the current one. */
  readonly hasAnswered: () => boolean
  /** bytes of the library for an address of the page */
  readonly bytes: (path: string, range: string | null) => Promise<Response>
  /** Reads reference files into a preview and returns its id. */
  readonly readFiles: (paths: readonly string[]) => Promise<string>
  readonly close: () => Promise<void>
}

export function openCore({ host, systemDialogs, recentLog, pageServed, signal, ...place }: CoreParts): Core {
  const opening = Promise.resolve().then(async () => {
    const session = await openSession(host, { ...place, beforeOpening: early.beforeOpening })
    const parts: HandlerDeps = {
      session,
      systemDialogs,
      host,
      recentLog,
      revision: followRevisions(session),
      signal
    }
    const seen = keepQueueCache(parts)
    return {
      answer: seen.noting(makeAnswer(makeHandlers(parts), host.log)),
      open: {
        session,
        hasAnswered: early.hasAnswered,
        bytes: makeBytes(parts),
        readFiles: async (paths: readonly string[]) => (await readFilesIntoPreview(parts, paths)).previewId,
        close: async () => {
          await seen.close()
          await session.close()
        }
      }
    }
  })
  const early = answerWhileOpening({
    host,
    dataDir: place.dataDir,
    preview: () => queuePreview(host, place.dataDir),
    opened: opening.then(({ answer }) => answer),
    pageServed,
    signal
  })
  return {
    answer: early.answer,
    opened: opening.then(({ open }) => open)
  }
}
