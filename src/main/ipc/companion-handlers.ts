/** The browser companion: its port, its token, and the folder to load it from. */
import { join } from 'node:path'
import type { CompanionView } from '../../contract/companion'
import type { Files } from '../platform/files'
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'

export function companionHandlers({
  session,
  systemDialogs,
  host
}: HandlerDeps): HandlersOf<NamesOf<'companion'>> {
  const view = (): CompanionView => session.companion.view
  return {
    'companion.get': view,
    async 'companion.newToken'() {
      await session.companion.newToken()
      return view()
    },
    async 'companion.showFolder'() {
      // Browsers store the path, so it must stay the same when Sheaf is updated or was started from an image.
      const folder = join(session.dataDir, 'browser-companion')
      await copyFolder(host.files, systemDialogs.companionFolder(), folder)
      await systemDialogs.openPath(folder)
      return null
    }
  }
}

async function copyFolder(files: Files, from: string, to: string): Promise<void> {
  await files.makeFolder(to)
  for (const { name, isFolder } of await files.list(from)) {
    if (isFolder) await copyFolder(files, join(from, name), join(to, name))
    else await files.writeWhole(join(to, name), await files.readWhole(join(from, name)))
  }
}
