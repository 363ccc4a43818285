/**
 * Sends changes of the recover screen to the page. The view reads the disk, so one is made at a time, and
 * changes meanwhile are reported once more afterwards.
 */
import type { HandlerDeps } from './handler-deps'
import type { RecoverViews } from './recover-view'

export function tellReconciled({ session, host, signal }: HandlerDeps, views: RecoverViews): void {
  let telling: Promise<void> | null = null
  let isWanted = false

  const tell = async (): Promise<void> => {
    try {
      session.events.tell('reconcile', await views.view())
    } catch (error) {
      // Without an open ledger there is nothing to show; the page shows that already.
      host.log.debug('The recover screen could not be told what changed', { because: String(error) })
    }
  }

  const tellSoon = (): void => {
    isWanted = telling !== null
    telling ??= tell().finally(() => {
      telling = null
      if (isWanted && !signal.aborted) tellSoon()
    })
  }

  let wasChecking = false
  const stop = session.events.onReconciled(() => {
    const isChecking = session.checks.view() !== null
    // During a check only its progress changes; its end changes everything.
    if (!isChecking || !wasChecking) views.stale()
    wasChecking = isChecking
    tellSoon()
  })
  signal.addEventListener('abort', stop, { once: true })
}
