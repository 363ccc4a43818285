/**
 * `safeStorage` without a keychain: sealed values are not readable in a file, and only the stand-in opens
 * them. Reports a keyring unless SHEAF_STANDIN_KEYRING is `none`.
 */
'use strict'

const MARK = 'standin:'
/** @param {Uint8Array} bytes */
const turned = (bytes) => Buffer.from(bytes.map((byte) => byte ^ 0x5a))

const safeStorage = {
  isAsyncEncryptionAvailable: () => Promise.resolve(true),
  getSelectedStorageBackend: () =>
    process.env.SHEAF_STANDIN_KEYRING === 'none' ? 'basic_text' : 'gnome_libsecret',
  /** @param {string} text */
  encryptStringAsync: (text) => Promise.resolve(turned(Buffer.from(MARK + text))),
  /** @param {Uint8Array} bytes */
  decryptStringAsync(bytes) {
    const text = turned(bytes).toString()
    return text.startsWith(MARK)
      ? Promise.resolve({ shouldReEncrypt: false, result: text.slice(MARK.length) })
      : Promise.reject(new Error('It was not sealed here.'))
  }
}

module.exports = { safeStorage }
