/** Named lists for the list selector. The page stores which one is selected. */
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'

export function listsHandlers({ session }: HandlerDeps): HandlersOf<NamesOf<'lists'>> {
  return {
    'lists.all': () => session.sheaf.lists().map(({ name, works }) => ({ name, papers: works }))
  }
}
