/**
 * The system's keychain, by Electron's `safeStorage`. On Linux without a keyring Electron would seal with
 * a password that is in its own source (`basic_text`): that is no vault, and keys are then kept in a file
 * that only its owner may read, as on the command line, and the settings screen says so.
 */
import { safeStorage } from 'electron'
import type { Sealer } from '../settings/keys'
import { isVault } from './is-vault'

export function systemVault(): Sealer | null {
  const backend = process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : null
  if (!isVault({ isAvailable: safeStorage.isEncryptionAvailable(), backend })) return null
  return {
    seal: (text) => safeStorage.encryptString(text).toString('base64'),
    open(sealed) {
      try {
        return safeStorage.decryptString(Buffer.from(sealed, 'base64'))
      } catch {
        // Sealed by another user or on another machine.
        return null
      }
    }
  }
}
