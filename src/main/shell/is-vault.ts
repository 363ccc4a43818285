/**
 * Does the system really store secrets, or does Electron only obfuscate them? Pure. Source: Electron,
 * safeStorage.getSelectedStorageBackend.
 */
export function isVault(found: { readonly isAvailable: boolean; readonly backend: string | null }): boolean {
  return found.isAvailable && found.backend !== 'basic_text' && found.backend !== 'unknown'
}
