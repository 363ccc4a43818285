/** Papers that need the user, and the answers about files of the watched folder. */
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'

export function handOffHandlers({ session, signal }: HandlerDeps): HandlersOf<NamesOf<'handoff'>> {
  return {
    'handoff.list': ({ list, ...page }) => ({
      ...session.sheaf.handOffList({ ...page, ...(list === undefined ? {} : { list }) }),
      watching: session.library.watching()
    }),
    async 'handoff.answer'({ sha256, isThePaper }) {
      await session.sheaf.handOff.answer(sha256, isThePaper, signal)
      session.run.wake()
      return null
    }
  }
}
