/** API keys of services: they are only received, never returned; the page sees which are set, and where. */
import type { KeysView } from '../../contract/keys'
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'

export function keysHandlers({ session }: HandlerDeps): HandlersOf<NamesOf<'keys'>> {
  const view = async (): Promise<KeysView> => ({
    entries: session.settings.keys.list(),
    isVault: await session.settings.isVault()
  })
  return {
    'keys.list': view,
    async 'keys.set'({ service, value }) {
      await session.settings.keys.set(service, value)
      return view()
    },
    async 'keys.remove'({ service }) {
      await session.settings.keys.remove(service)
      return view()
    }
  }
}
