/** Sentences about the browser companion. */
import type { CompanionView } from '../../contract/companion'

export const COMPANION_TEXT = {
  name: 'Connection',
  help: 'The companion needs this token once. Only programs on this computer that have it are answered.',
  token: 'Token',
  show: 'Show',
  hide: 'Hide',
  copy: 'Copy',
  copied: 'The token was copied.',
  newToken: 'Make a new token…',
  sure: 'The companion has to be given the new one.',
  renew: 'Make a new token',
  keep: 'Keep this one',
  renewed: 'There is a new token.',
  renewedHint: 'Copy it into the companion’s options.',
  showFolder: 'Show the companion’s folder'
} as const

export function companionState({ port, trouble, token }: CompanionView, isOn: boolean): string {
  if (!isOn) return 'Off: nothing can be sent to Sheaf.'
  switch (trouble) {
    case 'PORT_IN_USE':
      return 'Another program uses this port. Choose another one here and in the companion.'
    case 'PORT_REFUSED':
      return 'The system does not let Sheaf use this port. Choose another one.'
    case 'TOKEN_UNREADABLE':
      return 'The token was kept by another system and cannot be read. Make a new one.'
    case null:
      return port === null || token === null
        ? 'Not ready yet: the library is being opened.'
        : `Ready on port ${String(port)} of this computer.`
    default:
      return trouble satisfies never
  }
}
