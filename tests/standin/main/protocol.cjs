/**
 * `protocol.handle`. A browser cannot learn a scheme while it runs, so the page sees `scheme://host/path` as
 * `https://host.scheme.invalid/path`, and the app's handler answers those requests here. Main never sees the
 * mapped address: addresses for it are mapped back.
 */
'use strict'
const { stage } = require('./stage.cjs')

/** @typedef {(request: Request) => Response | Promise<Response>} SchemeHandler */
/** @typedef {import('./page-link.cjs').PageLink} PageLink */

class Protocol {
  /** @type {Map<string, SchemeHandler>} */
  #handlers = new Map()

  /** @param {string} scheme @param {SchemeHandler} handler */
  handle(scheme, handler) {
    if (this.#handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`)
    this.#handlers.set(scheme, handler)
  }
  /** @param {string} scheme */
  unhandle(scheme) {
    this.#handlers.delete(scheme)
  }
  /** @param {string} scheme */
  isProtocolHandled(scheme) {
    return this.#handlers.has(scheme)
  }
  registerSchemesAsPrivileged() {
    if (stage.browser !== null)
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
  }

  /** The address in the browser. @param {string} url */
  toBrowser(url) {
    const [, scheme = '', host, rest] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i.exec(url) ?? []
    return this.#handlers.has(scheme) ? `https://${host}.${scheme}.invalid${rest}` : url
  }
  /** The address in the app. @param {string} url */
  toApp(url) {
    const [, host, scheme = '', rest] = /^https:\/\/([^/]*)\.([a-z0-9+-]+)\.invalid(.*)$/.exec(url) ?? []
    return this.#handlers.has(scheme) ? `${scheme}://${host}${rest}` : url
  }

  /**
   * Answers a request that the browser holds back, or lets it go on when no handler has its scheme.
   * @param {import('./page-link.cjs').PausedRequest} paused
   * @param {PageLink} page
   */
  async serve({ requestId, request }, page) {
    const url = this.toApp(request.url)
    const handler = this.#handlers.get(new URL(url).protocol.slice(0, -1))
    if (handler === undefined) {
      await page.call('Fetch.continueRequest', { requestId })
      return
    }
    const headers = new Headers()
    for (const [name, value] of Object.entries(request.headers)) headers.set(name, this.toApp(value))
    const body = request.postData === undefined ? {} : { body: request.postData }
    try {
      const answer = await handler(new Request(url, { method: request.method, headers, ...body }))
      const bytes = Buffer.from(await answer.arrayBuffer())
      await page.call('Fetch.fulfillRequest', {
        requestId,
        responseCode: answer.status,
        responseHeaders: [...answer.headers].map(([name, value]) => ({ name, value })),
        body: bytes.toString('base64')
      })
    } catch (error) {
      console.error(`The handler of ${url} failed:`, error)
      await page.call('Fetch.failRequest', { requestId, errorReason: 'Failed' })
    }
  }
}

module.exports = { Protocol }
