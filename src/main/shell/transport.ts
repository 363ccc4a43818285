/**
 * Transports requests in and events out, over the two channels of the contract. Every sender is verified
 * before its request is examined; requests wait until the session is open; an event for a closed page is
 * dropped. `ipc` interprets the requests.
 */
import { BrowserWindow, ipcMain, type IpcMainInvokeEvent } from 'electron'
import type { EventName } from '../../contract/event-names'
import type { Events } from '../../contract/events'
import { ERRORS } from '../../contract/errors'
import { EVENT_CHANNEL, REQUEST_CHANNEL } from '../../contract/request-names'
import type { Answer } from '../../contract/requests'
import type { AnswerRequest } from '../ipc/answer'
import type { Log } from '../platform/log'
import { mayAsk } from './senders'

export interface Answering {
  /** Waits until the session is open, if needed. */
  readonly answer: AnswerRequest
  readonly devServer: string | null
  readonly log: Log
  /** A page has sent its first request, so it has subscribed to events. */
  readonly pageListens: (pageId: number) => void
}

export function answerRequests(answering: Answering): void {
  ipcMain.handle(REQUEST_CHANNEL, async (event, name: unknown, input: unknown): Promise<Answer<unknown>> => {
    if (!mayAsk(senderOf(event), answering.devServer)) {
      answering.log.warn('A request of a stranger was refused.', {
        from: event.senderFrame?.url ?? 'nowhere'
      })
      return {
        ok: false,
        error: { code: 'BAD_REQUEST', message: 'This page may not send requests.', hint: '' }
      }
    }
    const { sender } = event
    try {
      return await answering.answer(name, input)
    } catch (error) {
      // `ipc` always answers with data; an exception here is a bug.
      answering.log.error('A request could not be answered.', { name: String(name), error: String(error) })
      const { sentence, hint } = ERRORS.BROKEN_INVARIANT
      return { ok: false, error: { code: 'BROKEN_INVARIANT', message: sentence, hint } }
    } finally {
      if (!sender.isDestroyed()) answering.pageListens(sender.id)
    }
  })
}

/** Sends an event to all open pages. */
export function tellPages<N extends EventName>(name: N, payload: Events[N]): void {
  for (const window of BrowserWindow.getAllWindows()) {
    if (!window.isDestroyed() && !window.webContents.isDestroyed())
      window.webContents.send(EVENT_CHANNEL, name, payload)
  }
}

function senderOf(event: IpcMainInvokeEvent): Parameters<typeof mayAsk>[0] {
  const { sender, senderFrame } = event
  return {
    inOurWindow: !sender.isDestroyed() && BrowserWindow.fromWebContents(sender) !== null,
    frame: senderFrame && { url: senderFrame.url, isMain: senderFrame === sender.mainFrame }
  }
}
