/** The run bar: what goes on, and the person's Pause and Resume. */
import type { HandlersOf, NamesOf, Parts } from './parts'

export function runHandlers({ session }: Parts): HandlersOf<NamesOf<'run'>> {
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
