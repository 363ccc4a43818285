/**
 * `safeStorage` without a keychain: what it seals is not readable in a file, and opens only here. Says
 * that a keyring is there unless SHEAF_STANDIN_KEYRING is `none`.
 */
'use strict'

const MARK = 'standin:'
const turned = (bytes) => Buffer.from(bytes.map((byte) => byte ^ 0x5a))

const safeStorage = {
  isEncryptionAvailable: () => true,
  getSelectedStorageBackend: () =>
    process.env.SHEAF_STANDIN_KEYRING === 'none' ? 'basic_text' : 'gnome_libsecret',
  encryptString: (text) => turned(Buffer.from(MARK + text)),
  decryptString(bytes) {
    const text = turned(bytes).toString()
    if (!text.startsWith(MARK)) throw new Error('It was not sealed here.')
    return text.slice(MARK.length)
  }
}

module.exports = { safeStorage }
