/**
 * The app as a whole: welcome, sample library, stored states of the screens, and the system functions that a
 * page may use. A selected folder is never passed to the page.
 */
import { release } from 'node:os'
import type { AppView } from '../../contract/views'
import { checkSettingValue } from '../settings/save-setting'
import { diagnosticsText } from './diagnostics'
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'
import { chooseLibraryFolder } from './system-dialogs'
import { webLink } from './web-link'
import { textIn } from '../../contract/unknown-values'

export function appHandlers(parts: HandlerDeps): HandlersOf<NamesOf<'app'>> {
  const { session, systemDialogs } = parts
  /** selected on the welcome screen, but not yet submitted */
  let chosenLibrary: string | null = null
  return {
    'app.state': (): AppView => session.view(),
    async 'app.reopen'() {
      await session.reopen()
      return session.view()
    },
    async 'app.lookForLibrary'({ startNew }) {
      await session.library.look({ startNew })
      return session.view()
    },
    async 'app.findLibrary'() {
      const folder = await chooseLibraryFolder(systemDialogs, session.library.folder)
      if (folder === null) return null
      await session.library.moveTo(folder)
      return session.view()
    },
    'app.rebuildLibrary': () => session.library.rebuild(parts.signal),
    async 'app.welcome'(answer) {
      // All three answers are validated before the first is stored.
      checkSettingValue('general.mailto', answer.mailto)
      await session.settings.welcome({ libraryDir: chosenLibrary, ...answer })
      chosenLibrary = null
      return session.view()
    },
    async 'app.chooseLibrary'() {
      const folder = await chooseLibraryFolder(systemDialogs, chosenLibrary ?? session.library.folder)
      if (folder === null) return null
      chosenLibrary = folder
      return { folder }
    },
    async 'app.sample'({ enter }) {
      await (enter ? session.sample.enter() : session.sample.leave())
      return session.view()
    },
    async 'app.remember'({ key, value }) {
      await session.settings.remember(key, value)
      return null
    },
    'app.copy'({ text }) {
      systemDialogs.copyText(text)
      return null
    },
    async 'app.openLink'({ url }) {
      await systemDialogs.openInBrowser(webLink(url))
      return null
    },
    async 'app.openDataFolder'() {
      await systemDialogs.openPath(session.dataDir)
      return null
    },
    async 'app.openLibraryFolder'() {
      await systemDialogs.openPath(session.library.folder)
      return null
    },
    async 'app.exportDiagnostics'() {
      const { host } = parts
      const day = new Date(host.clock.now() * 1000).toISOString().slice(0, 10)
      const path = await systemDialogs.chooseWhereToSave({
        title: 'Save the support file',
        name: `sheaf-diagnostics-${day}.json`
      })
      if (path === null) return null
      await host.files.writeWhole(path, diagnosticsOf(parts))
      return { file: path }
    }
  }
}

function diagnosticsOf(parts: HandlerDeps): string {
  const { session, host } = parts
  const view = session.view()
  const loaded = session.settings.loaded()
  const home = host.env['HOME'] ?? host.env['USERPROFILE'] ?? ''
  return diagnosticsText({
    version: view.version,
    platform: `${view.platform} ${release()} ${process.arch}`,
    runtime: {
      node: process.versions.node,
      electron: process.versions['electron'],
      chrome: process.versions['chrome']
    },
    at: host.clock.now(),
    workspace: view.workspace,
    settings: loaded.settings,
    origins: loaded.origins,
    problems: loaded.problems,
    trouble: view.trouble,
    ...opened(parts),
    log: parts.recentLog(),
    secrets: [session.library.folder, session.dataDir, home, loaded.settings['general.mailto']].sort(
      (a, b) => b.length - a.length
    )
  })
}

/** Facts of the open ledger; none when it could not be opened, which is when this file is needed most. */
function opened({ session }: HandlerDeps): {
  readonly counts: unknown
  readonly recovery: unknown
  readonly hosts: readonly string[]
} {
  if (session.view().trouble !== null) return { counts: null, recovery: null, hosts: [] }
  const { sheaf } = session
  const { byState, byReason, artifacts, bytesInLibrary, lastReconcile } = sheaf.status()
  const hosts = sheaf.jobs({ limit: 5_000 }).flatMap((row) => textIn(row, 'host') ?? [])
  return {
    counts: { byState, byReason, artifacts, bytesInLibrary, lastReconcile: withoutIds(lastReconcile) },
    recovery: sheaf.recovery,
    hosts: [...new Set(hosts)].sort().slice(0, 200)
  }
}

function withoutIds(line: object | null): object | null {
  return line === null ? null : { ...line, ids: undefined }
}
