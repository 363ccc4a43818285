/** The run bar: its state, and the user's Pause and Resume. */
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'

export function runHandlers({ session }: HandlerDeps): HandlersOf<NamesOf<'run'>> {
  return {
    'run.state': () => session.run.view(),
    async 'run.start'() {
      await session.run.start()
      return session.run.view()
    },
    async 'run.pause'() {
      await session.run.pause()
      return session.run.view()
    }
  }
}
