/** Keys of services: they come in and are never handed out again; the page sees which are set, and where. */
import type { KeysView } from '../../contract/keys'
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'

export function keysHandlers({ session }: HandlerDeps): HandlersOf<NamesOf<'keys'>> {
  const view = async (): Promise<KeysView> => ({
    entries: session.keys.list(),
    isVault: await session.isVault()
  })
  return {
    'keys.list': view,
    async 'keys.set'({ service, value }) {
      await session.keys.set(service, value)
      return view()
    },
    async 'keys.remove'({ service }) {
      await session.keys.remove(service)
      return view()
    }
  }
}
