/** The user's .bib files: linked in the system's dialog, listed with their state, unlinked. */
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'
import { ALL_FILES } from './system-dialogs'

export function bibsHandlers({ session, systemDialogs }: HandlerDeps): HandlersOf<NamesOf<'bibs'>> {
  return {
    'bibs.list': () => session.bibs.view,
    async 'bibs.link'() {
      const paths = await systemDialogs.chooseFiles({
        title: 'Choose the .bib files that Sheaf keeps links in',
        filters: [{ name: 'BibTeX and JabRef', extensions: ['bib', 'bibtex', 'biblatex'] }, ALL_FILES],
        many: true
      })
      for (const path of paths) await session.sheaf.bibs.link(path)
      session.bibs.changed()
      return session.bibs.view
    },
    async 'bibs.unlink'({ id }) {
      await session.sheaf.bibs.unlink(id)
      session.bibs.changed()
      return session.bibs.view
    },
    'bibs.show'({ id }) {
      systemDialogs.revealInFolder(session.sheaf.bibs.pathOf(id))
      return null
    }
  }
}
