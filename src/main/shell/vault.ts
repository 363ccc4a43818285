/**
 * The system's keychain, through Electron's `safeStorage`. On Linux without a keyring Electron would encrypt
 * with a password that is in its own source (`basic_text`): that is not secure, so keys are then stored in a
 * file that only its owner may read, as on the command line, and the settings screen says so.
 */
import { safeStorage } from 'electron'
import type { FindSealer, Sealer } from '../settings/sealed-entry'
import { isVault } from './is-vault'

/** Determined once, at the first use; the app must be ready by then. */
export function systemVault(): FindSealer {
  let found: Promise<Sealer | null> | null = null
  return () => (found ??= findVault())
}

async function findVault(): Promise<Sealer | null> {
  const backend = process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : null
  const isAvailable = await safeStorage.isAsyncEncryptionAvailable().catch(() => false)
  if (!isVault({ isAvailable, backend })) return null
  return {
    seal: async (text) => (await safeStorage.encryptStringAsync(text)).toString('base64'),
    async open(sealed) {
      try {
        return (await safeStorage.decryptStringAsync(Buffer.from(sealed, 'base64'))).result
      } catch {
        // Sealed by another user or on another machine.
        return null
      }
    }
  }
}
