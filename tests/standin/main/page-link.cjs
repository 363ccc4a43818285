/**
 * The stand-in's connection to one page: prepares its two worlds, carries messages to and from the preload's
 * world, and turns the browser's events into plain ones.
 */
'use strict'
const { EventEmitter } = require('node:events')
const codec = require('../page/codec.cjs')
const { WORLD, pageScript, preloadScript } = require('./page-scripts.cjs')
const { browser } = require('./stage.cjs')
const { openPage } = require('./targets.cjs')

/** @typedef {{ kind: 'invoke' | 'send' | 'open', id: number, channel: string, args: never[] }} FromPreload */
/** @typedef {{ requestId: string, frameId: string, resourceType: string, request: { url: string, method: string, headers: Record<string, string>, postData?: string } }} PausedRequest */

class PageLink extends EventEmitter {
  targetId = ''
  #sessionId = ''
  #frame = ''
  /** the preload world of the present document @type {number | null} */
  #world = null

  /**
   * @param {{ size: { width: number, height: number }, preload: string | undefined, extraArguments: readonly string[] }} how
   */
  async open({ size, preload, extraArguments }) {
    const page = await openPage(size, () => this.emit('gone'))
    this.#sessionId = page.sessionId
    this.targetId = page.targetId
    this.#listen()
    await Promise.all([
      this.call('Page.enable'),
      this.call('Page.setLifecycleEventsEnabled', { enabled: true }),
      this.call('Runtime.enable'),
      this.call('Runtime.addBinding', { name: '__standinSend', executionContextName: WORLD }),
      this.call('Page.addScriptToEvaluateOnNewDocument', { source: pageScript() }),
      this.call('Page.addScriptToEvaluateOnNewDocument', {
        source: preloadScript(preload, extraArguments),
        worldName: WORLD
      }),
      // Every request waits for main, which may refuse it or serve its scheme.
      this.call('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
      this.resize(size),
      this.#findFrame(),
      this.call('Runtime.runIfWaitingForDebugger')
    ])
  }

  /**
   * @template [T=Record<string, never>]
   * @param {string} method
   * @param {object} [params]
   * @returns {Promise<T>}
   */
  call(method, params) {
    return browser().pipe.send(method, params, this.#sessionId)
  }

  /** @param {{ width: number, height: number }} size */
  resize({ width, height }) {
    return this.call('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: 0,
      mobile: false
    })
  }

  /**
   * Tells the preload's world something; lost when there is none, as in Electron.
   * @param {object} message
   * @param {number | null} [world] the document that asked, when it is an answer
   */
  push(message, world = this.#world) {
    if (world === null) return
    const expression = `__standinReceive(${JSON.stringify(codec.encode(message))})`
    this.call('Runtime.evaluate', { expression, contextId: world }).catch(() => undefined)
  }

  async #findFrame() {
    /** @type {{ frameTree: { frame: { id: string } } }} */
    const { frameTree } = await this.call('Page.getFrameTree')
    this.#frame = frameTree.frame.id
  }

  #listen() {
    const { pipe } = browser()
    /** @template T @param {string} event @param {(params: T) => void} listener */
    const on = (event, listener) => pipe.on(`${this.#sessionId}:${event}`, listener)

    on(
      'Runtime.bindingCalled',
      (/** @type {{ name: string, payload: string, executionContextId: number }} */ call) => {
        if (call.name !== '__standinSend') return
        this.emit(
          'from-preload',
          /** @type {FromPreload} */ (codec.decode(call.payload)),
          call.executionContextId
        )
      }
    )
    on(
      'Runtime.executionContextCreated',
      (
        /** @type {{ context: { id: number, name: string, auxData: { frameId: string } } }} */ { context }
      ) => {
        if (context.name !== WORLD) return
        if (this.#frame === '' || context.auxData.frameId === this.#frame) this.#world = context.id
      }
    )
    on(
      'Runtime.executionContextDestroyed',
      (/** @type {{ executionContextId: number }} */ { executionContextId }) => {
        if (executionContextId === this.#world) this.#world = null
      }
    )
    on('Runtime.executionContextsCleared', () => (this.#world = null))
    on(
      'Runtime.exceptionThrown',
      (
        /** @type {{ exceptionDetails: { text: string, exception?: { description?: string } } }} */ {
          exceptionDetails: thrown
        }
      ) => {
        this.emit('exception', thrown.exception?.description ?? thrown.text)
      }
    )
    on(
      'Runtime.consoleAPICalled',
      (/** @type {{ type: string, args: { value?: unknown, description?: string }[] }} */ { type, args }) => {
        this.emit('console', type, args.map((each) => each.value ?? each.description ?? '').join(' '))
      }
    )
    on(
      'Page.frameNavigated',
      (
        /** @type {{ frame: { id: string, parentId?: string, url: string, urlFragment?: string } }} */ {
          frame
        }
      ) => {
        if (frame.parentId !== undefined) return
        this.#frame = frame.id
        this.emit('navigated', frame.url + (frame.urlFragment ?? ''))
      }
    )
    on('Page.navigatedWithinDocument', (/** @type {{ frameId: string, url: string }} */ { frameId, url }) => {
      if (frameId === this.#frame) this.emit('navigated-within', url)
    })
    on(
      'Page.lifecycleEvent',
      (/** @type {{ frameId: string, loaderId: string, name: string }} */ { frameId, loaderId, name }) => {
        if (frameId === this.#frame) this.emit(`life:${name}`, loaderId)
      }
    )
    on('Page.windowOpen', (/** @type {{ url: string }} */ { url }) => this.emit('window-open', url))
    on('Page.javascriptDialogOpening', () => {
      this.call('Page.handleJavaScriptDialog', { accept: true }).catch(() => undefined)
    })
    on('Inspector.targetCrashed', () => this.emit('crashed'))
    on('Fetch.requestPaused', (/** @type {PausedRequest} */ paused) => {
      this.emit('request', paused, paused.resourceType === 'Document' && paused.frameId === this.#frame)
    })
  }
}

module.exports = { PageLink }
