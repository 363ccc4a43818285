/** `ipcMain`: the handler of each channel, and Electron's error messages for channels without one. */
'use strict'
const { EventEmitter } = require('node:events')

/** @typedef {(event: object, ...args: never[]) => unknown} Handler */

class IpcMain extends EventEmitter {
  /** @type {Map<string, Handler>} */
  #handlers = new Map()

  /** @param {string} channel @param {Handler} handler */
  handle(channel, handler) {
    if (typeof handler !== 'function')
      throw new TypeError(`Expected handler to be a function, but found type '${typeof handler}'`)
    if (this.#handlers.has(channel))
      throw new Error(`Attempted to register a second handler for '${channel}'`)
    this.#handlers.set(channel, handler)
  }
  /** @param {string} channel @param {Handler} handler */
  handleOnce(channel, handler) {
    this.handle(channel, (event, ...args) => {
      this.removeHandler(channel)
      return handler(event, ...args)
    })
  }
  /** @param {string} channel */
  removeHandler(channel) {
    this.#handlers.delete(channel)
  }

  /**
   * The value as it crosses, or the sentence of Electron's error.
   * @param {string} channel @param {object} event @param {never[]} args
   * @returns {Promise<{ value: unknown } | { error: string }>}
   */
  async answer(channel, event, args) {
    try {
      const handler = this.#handlers.get(channel)
      if (handler === undefined) throw new Error(`No handler registered for '${channel}'`)
      return { value: structuredClone(await handler(event, ...args)) }
    } catch (thrown) {
      const cannot = thrown instanceof DOMException && thrown.name === 'DataCloneError'
      const error = cannot ? new Error('An object could not be cloned.') : thrown
      console.error(`Error occurred in handler for '${channel}':`, error)
      return { error: `Error invoking remote method '${channel}': ${String(error)}` }
    }
  }
}

module.exports = { ipcMain: new IpcMain() }
