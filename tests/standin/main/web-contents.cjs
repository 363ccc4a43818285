/**
 * `webContents`: loading, messages to and from the preload, and Electron's order of events for both.
 * Navigations that a page begins by itself are passed to `will-navigate` before they happen, new windows to
 * the app's handler.
 */
'use strict'
const { EventEmitter } = require('node:events')
const path = require('node:path')
const { pathToFileURL } = require('node:url')
const { ipcMain } = require('./ipc-main.cjs')
const { NativeImage } = require('./native-image.cjs')
const { PageLink } = require('./page-link.cjs')
const { defaultSession } = require('./session.cjs')
const { browser, Preventable, stage } = require('./stage.cjs')

/** @typedef {{ preload?: string, additionalArguments?: string[] }} WebPreferences */
/** @typedef {{ url: string, frameName: string, features: string, disposition: string }} WindowOpenDetails */
/** @typedef {(details: WindowOpenDetails) => { action: 'allow' | 'deny' }} WindowOpenHandler */

let lastId = 0

class WebContents extends EventEmitter {
  id = ++lastId
  session = defaultSession
  /** @type {import('./browser-window.cjs').BrowserWindow} */
  #window
  #page = new PageLink()
  /** resolves when the page can be spoken to @type {Promise<void>} */
  attached
  #url = ''
  #title = ''
  /** an address main itself asked for @type {string | null} */
  #expected = null
  #loaded = ''
  #isLoading = false
  /** @type {WindowOpenHandler} */
  #mayOpen = () => ({ action: 'deny' })
  mainFrame

  /** @param {import('./browser-window.cjs').BrowserWindow} window @param {WebPreferences} preferences */
  constructor(window, preferences) {
    super()
    this.#window = window
    stage.contents.set(this.id, this)
    this.mainFrame = Object.defineProperties(
      { parent: null, routingId: 1, processId: 1, isDestroyed: () => this.isDestroyed() },
      { url: { get: () => this.#url }, origin: { get: () => originOf(this.#url) } }
    )
    this.#listen()
    const { preload, additionalArguments = [] } = preferences
    const { width, height } = window.getBounds()
    this.attached = this.#page
      .open({ size: { width, height }, preload, extraArguments: additionalArguments })
      .then(() => this.session.applyPermissions(this))
  }

  get targetId() {
    return this.#page.targetId
  }
  /** The browser's own protocol, for the parts of the stand-in. @param {string} method @param {object} [params] */
  async devtools(method, params) {
    await this.attached
    return this.#page.call(method, params)
  }
  /** @param {{ width: number, height: number }} size */
  async resize(size) {
    await this.attached
    await this.#page.resize(size)
  }

  /** @param {string} url */
  async loadURL(url) {
    await this.attached
    this.#isLoading = true
    this.emit('did-start-loading', {})
    const target = this.session.protocol.toBrowser(url)
    this.#expected = target
    /** @type {{ loaderId: string, errorText?: string }} */
    const { loaderId, errorText } = await this.#page.call('Page.navigate', { url: target })
    if (errorText !== undefined) {
      this.#isLoading = false
      this.emit('did-fail-load', {}, -2, errorText, url, true)
      throw Object.assign(new Error(`${errorText} loading '${url}'`), { code: errorText, url })
    }
    await new Promise((ok, no) => {
      if (this.#loaded === loaderId) ok(undefined)
      this.#page.on('life:load', (/** @type {string} */ loader) => {
        if (loader === loaderId) setImmediate(ok)
      })
      this.once('destroyed', () => no(new Error(`ERR_FAILED (-2) loading '${url}'`)))
    })
  }
  /** @param {string} file @param {{ query?: Record<string, string>, hash?: string }} [options] */
  loadFile(file, options = {}) {
    const url = pathToFileURL(path.resolve(file))
    if (options.query !== undefined) url.search = new URLSearchParams(options.query).toString()
    if (options.hash !== undefined) url.hash = options.hash
    return this.loadURL(url.href)
  }
  reload() {
    this.devtools('Page.reload').catch(() => undefined)
  }
  reloadIgnoringCache() {
    this.devtools('Page.reload', { ignoreCache: true }).catch(() => undefined)
  }

  /** @param {string} channel @param {...unknown} args */
  send(channel, ...args) {
    let crossing
    try {
      crossing = structuredClone(args)
    } catch {
      throw new Error('Failed to serialize arguments')
    }
    if (!this.isDestroyed()) this.#page.push({ kind: 'message', channel, args: crossing })
  }

  /** @param {string} code @returns {Promise<unknown>} */
  async executeJavaScript(code) {
    await this.attached
    /** @type {{ result: { value: unknown }, exceptionDetails?: { text: string, exception?: { description: string } } }} */
    const { result, exceptionDetails: thrown } = await this.#page.call('Runtime.evaluate', {
      expression: code,
      awaitPromise: true,
      returnByValue: true
    })
    if (thrown !== undefined) throw new Error(thrown.exception?.description ?? thrown.text)
    return result.value
  }
  async capturePage() {
    await this.attached
    /** @type {{ data: string }} */
    const { data } = await this.#page.call('Page.captureScreenshot', { format: 'png' })
    return new NativeImage(Buffer.from(data, 'base64'))
  }

  /** @param {WindowOpenHandler} handler */
  setWindowOpenHandler(handler) {
    this.#mayOpen = handler
  }
  getURL() {
    return this.#url
  }
  getTitle() {
    return this.#title
  }
  getType() {
    return 'window'
  }
  getUserAgent() {
    return browser().userAgent
  }
  isLoading() {
    return this.#isLoading
  }
  isDestroyed() {
    return !stage.contents.has(this.id)
  }
  isFocused() {
    return this.#window.isFocused()
  }
  isDevToolsOpened() {
    return false
  }
  getZoomFactor() {
    return 1
  }
  close() {
    this.#window.close()
  }
  closeDevTools() {}
  focus() {}
  openDevTools() {}
  setBackgroundThrottling() {}
  setVisualZoomLevelLimits() {}
  setZoomFactor() {}
  setZoomLevel() {}

  /** Called by the window. */
  vanish() {
    stage.contents.delete(this.id)
    this.emit('destroyed')
  }

  /** @param {number} id */
  static fromId(id) {
    return stage.contents.get(id)
  }
  static getAllWebContents() {
    return [...stage.contents.values()]
  }
  /** @param {string} targetId */
  static fromDevToolsTargetId(targetId) {
    return WebContents.getAllWebContents().find((each) => each.targetId === targetId)
  }

  #listen() {
    const { protocol } = this.session
    this.#page
      .on('gone', () => this.#window.vanish())
      .on('from-preload', (message, world) => void this.#take(message, world))
      .on('navigated', (url) => {
        this.#url = protocol.toApp(url)
        this.#expected = null
        if (url !== 'about:blank') this.emit('did-navigate', {}, this.#url, 200, 'OK')
      })
      .on('navigated-within', (url) => {
        this.#url = protocol.toApp(url)
        this.emit('did-navigate-in-page', {}, this.#url, true)
      })
      .on('life:DOMContentLoaded', () => {
        if (this.#url !== 'about:blank') this.emit('dom-ready', {})
      })
      .on('life:load', (loader) => void this.#finishLoad(loader))
      .on('life:firstPaint', () => this.#window.emit('ready-to-show'))
      .on('window-open', (url) => {
        // Only denying is supported: the browser's own new page is closed at once.
        this.#mayOpen({
          url: protocol.toApp(url),
          frameName: '',
          features: '',
          disposition: 'foreground-tab'
        })
      })
      .on('console', (level, message) => this.emit('console-message', { level, message }))
      .on('exception', (text) => {
        this.emit('console-message', { level: 'error', message: `Uncaught ${text}` })
        if (text.includes('standinPreload')) this.emit('preload-error', {}, '', new Error(text))
      })
      .on('crashed', () => this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 139 }))
      .on('request', (paused, isNavigation) => {
        this.#request(paused, isNavigation).catch(() => undefined)
      })
  }

  /** @param {string} loader */
  async #finishLoad(loader) {
    if (this.#url === 'about:blank') return
    this.#loaded = loader
    this.#isLoading = false
    this.emit('did-finish-load', {})
    this.emit('did-stop-loading', {})
    const title = await this.executeJavaScript('document.title').catch(() => '')
    if (title === this.#title || typeof title !== 'string') return
    this.#title = title
    this.emit('page-title-updated', new Preventable(), title, true)
  }

  /** @param {import('./page-link.cjs').PausedRequest} paused @param {boolean} isNavigation */
  async #request(paused, isNavigation) {
    const { requestId, resourceType, request } = paused
    const { protocol, webRequest } = this.session
    const url = protocol.toApp(request.url)
    if (resourceType === 'Document' && !this.#mayNavigate(request.url, isNavigation)) {
      await this.#page.call('Fetch.failRequest', { requestId, errorReason: 'Aborted' })
    } else if (!(await webRequest.allows({ url, method: request.method, resourceType }))) {
      await this.#page.call('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' })
    } else {
      await protocol.serve(paused, this.#page)
    }
  }

  /** @param {string} asked as the browser knows it @param {boolean} isMainFrame */
  #mayNavigate(asked, isMainFrame) {
    const { protocol } = this.session
    // A reload may also come from outside (from Playwright); Electron emits no event for those.
    if (isMainFrame && (asked === this.#expected || asked === protocol.toBrowser(this.#url))) return true
    const event = Object.assign(new Preventable(), {
      url: protocol.toApp(asked),
      isMainFrame,
      isSameDocument: false
    })
    if (isMainFrame) this.emit('will-navigate', event, event.url)
    if (!event.defaultPrevented) this.emit('will-frame-navigate', event)
    return !event.defaultPrevented
  }

  /** @param {import('./page-link.cjs').FromPreload} message @param {number} world */
  async #take({ kind, id, channel, args }, world) {
    const event = {
      sender: this,
      senderFrame: this.mainFrame,
      frameId: 1,
      processId: 1,
      type: 'frame',
      /** @param {string} to @param {...unknown} values */
      reply: (to, ...values) => this.send(to, ...values)
    }
    if (kind === 'open') {
      this.#page.emit('window-open', channel)
      return
    }
    if (kind === 'send') {
      this.emit('ipc-message', event, channel, ...args)
      ipcMain.emit(channel, event, ...args)
      return
    }
    const answer = await ipcMain.answer(channel, event, args)
    if (!this.isDestroyed()) this.#page.push({ kind: 'reply', id, ...answer }, world)
  }
}

/** @param {string} url */
function originOf(url) {
  if (!URL.canParse(url)) return ''
  const { protocol, host, origin } = new URL(url)
  if (protocol === 'file:') return 'file://'
  return origin === 'null' ? `${protocol}//${host}` : origin
}

module.exports = { WebContents }
