/** The run bar: what goes on, and the person's Pause and Resume. */
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'

export function runHandlers({ session }: HandlerDeps): HandlersOf<NamesOf<'run'>> {
  return {
    'run.state': () => session.runView(),
    async 'run.start'() {
      await session.start()
      return session.runView()
    },
    async 'run.pause'() {
      await session.pause()
      return session.runView()
    }
  }
}
