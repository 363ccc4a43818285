/** Sentences about keys of services. */
import type { KeyStanding } from '../../contract/keys'

export const KEYS_TEXT = {
  inVault: 'Kept in the system’s keychain. A key is never shown again and leaves only for its own service.',
  inFile:
    'This system offers no keychain: keys are kept in a file that only you can read. A key is never shown again and leaves only for its own service.',
  set: 'Set…',
  replace: 'Replace…',
  remove: 'Remove',
  save: 'Save',
  cancel: 'Cancel',
  keyOf: (service: string) => `Key for ${service}`,
  setOf: (service: string) => `Set the key for ${service}`,
  removeOf: (service: string) => `Remove the key for ${service}`
} as const

export function keyState({ from, isUsable, variable }: KeyStanding): string {
  if (from === null) return 'Not set'
  if (from === 'environment') return `Set by the environment (${variable})`
  return isUsable ? 'Set' : 'Set on another system; set it again'
}
