/**
 * The recover screen's requests: repairs, the quarantine, unknown files, and checks started by the user.
 * Files are named by an id or an index, never by a path.
 */
import { join } from 'node:path'
import { fail } from '../../contract/errors'
import { fileInside } from './library-file'
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'
import { tellReconciled } from './reconcile-events'
import { isDamaged, makeRecoverViews } from './recover-view'

const MOST_FINDINGS = 2_000

export function reconcileHandlers(parts: HandlerDeps): HandlersOf<NamesOf<'reconcile' | 'quarantine'>> {
  const { session, systemDialogs, host } = parts
  const views = makeRecoverViews(parts)
  tellReconciled(parts, views)

  return {
    'reconcile.state': () => views.view(),
    'reconcile.findings': ({ id }) => session.sheaf.findings(id, MOST_FINDINGS),
    'reconcile.start': (how) => {
      session.checks.begin(how)
      return views.view()
    },
    'reconcile.cancel': () => {
      session.checks.cancel()
      return views.view()
    },
    'reconcile.dismiss': () => {
      session.checks.dismissInterruption()
      return views.view()
    },
    'reconcile.revealUnknown': async ({ index }) => {
      const path = views.unknownAt(index)
      if (path === null || (await fileInside(host.files, session.library.folder, path)) === null) {
        return fail('FILE_NOT_FOUND', 'This file is not there any more.')
      }
      systemDialogs.revealInFolder(join(session.library.folder, path))
      return null
    },
    'quarantine.accept': async ({ id }) => {
      const { sheaf } = session
      const file = (await sheaf.quarantineList()).find((one) => one.id === id)
      if (file === undefined) return fail('NO_SUCH_FILE', 'This file is not in the quarantine.')
      if (isDamaged(file)) {
        return fail('TRANSITION_REFUSED', 'This file was damaged in the library: it cannot be accepted.', {
          hint: 'Its paper is fetched again. Discard the file when you no longer need it.'
        })
      }
      await sheaf.quarantineAccept(id, parts.signal)
      views.stale()
      session.run.wake()
      return views.view()
    },
    'quarantine.reject': async ({ id }) => {
      await session.sheaf.quarantineReject(id)
      views.stale()
      return views.view()
    }
  }
}
