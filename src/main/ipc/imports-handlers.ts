/** Import of existing PDFs: chosen or dropped, and the answers about uncertain ones. */
import { Imports } from './imports'
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'

export function importsHandlers(parts: HandlerDeps): HandlersOf<NamesOf<'imports'>> {
  const { session, systemDialogs } = parts
  const imports = new Imports(parts)
  return {
    'imports.list': (asked) => imports.view(asked),
    async 'imports.chooseFiles'() {
      const paths = await systemDialogs.chooseFiles({
        title: 'Choose PDFs that you have already',
        filters: [{ name: 'PDF', extensions: ['pdf'] }],
        many: true
      })
      imports.takePaths(paths)
      return { chosen: paths.length }
    },
    async 'imports.chooseFolder'() {
      const folder = await systemDialogs.chooseFolder({
        title: 'Choose a folder with PDFs',
        startAt: session.library.folder
      })
      if (folder !== null) imports.takePaths([folder])
      return { chosen: folder === null ? 0 : 1 }
    },
    async 'imports.give'(file) {
      await imports.takeBytes(file)
      return null
    },
    'imports.stop'() {
      imports.stop()
      return null
    },
    async 'imports.accept'({ ids }) {
      await imports.accept(ids)
      return null
    },
    async 'imports.fileAs'({ id, identifier }) {
      await imports.fileAs(id, identifier)
      return null
    },
    async 'imports.leave'({ ids }) {
      await imports.leave(ids)
      return null
    }
  }
}
