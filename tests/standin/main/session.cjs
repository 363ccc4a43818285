/**
 * The default session: its protocols, and the answers of its permission handlers, applied to the browser for
 * every permission that can be queried. Without handlers everything is granted, as in Electron.
 */
'use strict'
const { EventEmitter } = require('node:events')
const { Protocol } = require('./protocol.cjs')
const { browser, notSupported } = require('./stage.cjs')

/** Electron's name → the browser's names. */
const PERMISSIONS = {
  geolocation: ['geolocation'],
  notifications: ['notifications'],
  media: ['camera', 'microphone'],
  midi: ['midi'],
  'clipboard-read': ['clipboard-read']
}

/** @typedef {(request: { url: string, method: string, resourceType: string }, answer: (say: { cancel?: boolean }) => void) => void} BeforeRequest */

/** The only event of a request that an app may handle. */
class WebRequest {
  /** @type {BeforeRequest | null} */
  #before = null
  /** @param {BeforeRequest | null} listener */
  onBeforeRequest(listener) {
    this.#before = listener
  }
  /** @param {{ url: string, method: string, resourceType: string }} request @returns {Promise<boolean>} */
  allows(request) {
    const before = this.#before
    if (before === null) return Promise.resolve(true)
    return new Promise((say) => {
      before(request, ({ cancel = false }) => say(!cancel))
    })
  }
}

/** @typedef {(contents: object, permission: string, answer: (granted: boolean) => void, details: object) => void} RequestHandler */
/** @typedef {(contents: object | null, permission: string, origin: string, details: object) => boolean} CheckHandler */

class Session extends EventEmitter {
  protocol = new Protocol()
  webRequest = new WebRequest()
  /** @type {RequestHandler | null} */
  #request = null
  /** @type {CheckHandler | null} */
  #check = null

  /** @param {RequestHandler | null} handler */
  setPermissionRequestHandler(handler) {
    this.#request = handler
  }
  /** @param {CheckHandler | null} handler */
  setPermissionCheckHandler(handler) {
    this.#check = handler
  }
  setDevicePermissionHandler() {}
  setDisplayMediaRequestHandler() {}
  setSpellCheckerEnabled() {}
  setSpellCheckerLanguages() {}
  async clearCache() {}
  /** System proxy settings are not read: every route is direct. */
  async resolveProxy() {
    return 'DIRECT'
  }
  async clearStorageData() {}

  /** Asks the handlers, and makes the browser keep to what they said. @param {object} contents */
  async applyPermissions(contents) {
    for (const [permission, names] of Object.entries(PERMISSIONS)) {
      const checked = this.#check?.(contents, permission, '', {}) ?? true
      const granted = checked && (await this.#ask(contents, permission))
      for (const name of names) {
        await browser().pipe.send('Browser.setPermission', {
          permission: { name },
          setting: granted ? 'granted' : 'denied'
        })
      }
    }
  }
  /** @param {object} contents @param {string} permission @returns {Promise<boolean>} */
  #ask(contents, permission) {
    const handler = this.#request
    if (handler === null) return Promise.resolve(true)
    return new Promise((answer) => {
      handler(contents, permission, answer, {})
    })
  }
}

const defaultSession = new Session()

const session = {
  defaultSession,
  /** @param {string} name */
  fromPartition(name) {
    return name === '' ? defaultSession : notSupported(`the partition ${name}`)
  }
}

module.exports = { session, defaultSession, protocol: defaultSession.protocol }
