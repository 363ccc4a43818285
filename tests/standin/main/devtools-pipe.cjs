/**
 * The DevTools protocol over a pipe: requests with their answers, and events. Messages are JSON, each ended
 * by a zero byte. When the browser is gone every open request fails and `gone` is emitted once.
 */
'use strict'
const { EventEmitter } = require('node:events')

/** @typedef {{ method: string, ok(result: never): void, no(error: Error): void }} Waiting */

class DevtoolsPipe extends EventEmitter {
  /** @type {Map<number, Waiting>} */
  #waiting = new Map()
  #last = 0
  #gone = false
  /** @type {import('node:stream').Writable} */
  #toBrowser

  /**
   * @param {import('node:stream').Writable} toBrowser
   * @param {import('node:stream').Readable} fromBrowser
   */
  constructor(toBrowser, fromBrowser) {
    super()
    this.setMaxListeners(0)
    this.#toBrowser = toBrowser
    toBrowser.on('error', () => this.end())
    fromBrowser.on('error', () => this.end())
    fromBrowser.on('end', () => this.end())
    /** @type {Buffer[]} */
    let parts = []
    fromBrowser.on('data', (/** @type {Buffer} */ data) => {
      let from = 0
      for (let at = data.indexOf(0); at >= 0; at = data.indexOf(0, from)) {
        parts.push(data.subarray(from, at))
        const text = Buffer.concat(parts).toString('utf8')
        parts = []
        from = at + 1
        this.#take(JSON.parse(text))
      }
      if (from < data.length) parts.push(data.subarray(from))
    })
  }

  get isGone() {
    return this.#gone
  }

  /**
   * @template [T=Record<string, never>]
   * @param {string} method
   * @param {object} [params]
   * @param {string} [sessionId] the page it is for; the browser itself when absent
   * @returns {Promise<T>}
   */
  send(method, params = {}, sessionId) {
    return new Promise((ok, no) => {
      if (this.#gone) {
        no(new Error(`${method}: the browser is gone`))
        return
      }
      const id = ++this.#last
      this.#waiting.set(id, { method, ok, no })
      this.#toBrowser.write(
        JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) }) + '\0'
      )
    })
  }

  end() {
    if (this.#gone) return
    this.#gone = true
    for (const { method, no } of this.#waiting.values()) no(new Error(`${method}: the browser is gone`))
    this.#waiting.clear()
    this.emit('gone')
  }

  /** @param {{ id?: number, result?: never, error?: { message: string }, method?: string, params?: unknown, sessionId?: string }} message */
  #take(message) {
    if (message.id === undefined) {
      this.emit(
        message.sessionId ? `${message.sessionId}:${message.method}` : `${message.method}`,
        message.params
      )
      return
    }
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.error) waiting?.no(new Error(`${waiting.method}: ${message.error.message}`))
    else waiting?.ok(/** @type {never} */ (message.result))
  }
}

module.exports = { DevtoolsPipe }
