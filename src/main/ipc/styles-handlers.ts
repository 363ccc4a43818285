/** The user's CSL styles: added from a file or a drop, listed, removed. */
import type { OwnStylesView } from '../../contract/citation-styles'
import { OwnStyles } from './own-styles'
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'
import { ALL_FILES } from './system-dialogs'

export function stylesHandlers({ session, systemDialogs, host }: HandlerDeps): HandlersOf<NamesOf<'styles'>> {
  const styles = new OwnStyles(host.files, session.dataDir)
  const view = async (added: string | null): Promise<OwnStylesView> => ({ own: await styles.list(), added })
  return {
    'styles.list': () => view(null),
    async 'styles.choose'() {
      const [path] = await systemDialogs.chooseFiles({
        title: 'Choose a citation style',
        filters: [{ name: 'CSL styles', extensions: ['csl'] }, ALL_FILES],
        many: false
      })
      if (path === undefined) return view(null)
      return view(await styles.add({ name: path, bytes: await host.files.readWhole(path) }))
    },
    'styles.give': async (file) => view(await styles.add(file)),
    async 'styles.remove'({ id }) {
      await styles.remove(id)
      return view(null)
    }
  }
}
