/** Does the system keep secrets, or does Electron only pretend to? Pure. */

/** Source: Electron, safeStorage.getSelectedStorageBackend. */
export function isVault(found: { readonly isAvailable: boolean; readonly backend: string | null }): boolean {
  return found.isAvailable && found.backend !== 'basic_text' && found.backend !== 'unknown'
}
