/** Named lists, for the control that chooses one. Which one is chosen is remembered by the page. */
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'

export function listsHandlers({ session }: HandlerDeps): HandlersOf<NamesOf<'lists'>> {
  return {
    'lists.all': () => session.sheaf.lists().map(({ name, works }) => ({ name, papers: works }))
  }
}
