/**
 * All handlers, composed of their groups. A request without a handler does not compile, nor does a handler
 * without a request.
 */
import { appHandlers } from './app-handlers'
import { bibsHandlers } from './bibs-handlers'
import { companionHandlers } from './companion-handlers'
import { handOffHandlers } from './handoff-handlers'
import { importsHandlers } from './imports-handlers'
import { insightsHandlers } from './insights-handlers'
import { jobsHandlers } from './jobs-handlers'
import { keysHandlers } from './keys-handlers'
import { libraryHandlers } from './library-handlers'
import type { Handlers, HandlerDeps } from './handler-deps'
import { listsHandlers } from './lists-handlers'
import { planHandlers } from './plan-handlers'
import { reconcileHandlers } from './reconcile-handlers'
import { reportHandlers } from './report-handlers'
import { runHandlers } from './run-handlers'
import { settingsHandlers } from './settings-handlers'
import { stylesHandlers } from './styles-handlers'
import { zoteroHandlers } from './zotero-handlers'

export type { Handlers, HandlerDeps as Parts }

export function makeHandlers(parts: HandlerDeps): Handlers {
  return {
    ...appHandlers(parts),
    ...runHandlers(parts),
    ...planHandlers(parts),
    ...listsHandlers(parts),
    ...jobsHandlers(parts),
    ...handOffHandlers(parts),
    ...companionHandlers(parts),
    ...importsHandlers(parts),
    ...zoteroHandlers(parts),
    ...bibsHandlers(parts),
    ...libraryHandlers(parts),
    ...stylesHandlers(parts),
    ...reconcileHandlers(parts),
    ...insightsHandlers(parts),
    ...reportHandlers(parts),
    ...keysHandlers(parts),
    ...settingsHandlers(parts)
  }
}
