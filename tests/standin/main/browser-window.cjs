/**
 * `BrowserWindow`: a page with the state of a window. The size is real; shown, focused, minimised and full
 * screen are recorded and reported, but not displayed.
 */
'use strict'
const { EventEmitter } = require('node:events')
const { app } = require('./app.cjs')
const { notSupported, Preventable, stage } = require('./stage.cjs')
const { closePage } = require('./targets.cjs')
const { WebContents } = require('./web-contents.cjs')

/** @typedef {{ x: number, y: number, width: number, height: number }} Bounds */
/** @typedef {import('./web-contents.cjs').WebPreferences & { nodeIntegration?: boolean, contextIsolation?: boolean, sandbox?: boolean }} Preferences */
/** @typedef {Partial<Bounds> & { show?: boolean, title?: string, webPreferences?: Preferences }} WindowOptions */
/** @typedef {'normal' | 'minimized' | 'maximized' | 'fullscreen'} Shape */

class BrowserWindow extends EventEmitter {
  id
  webContents
  isClosing = false
  #isGone = false
  /** @type {Bounds} */
  #bounds
  #title
  #isVisible
  #isFocused
  /** @type {Shape} */
  #shape = 'normal'

  /** @param {WindowOptions} [options] */
  constructor(options = {}) {
    super()
    if (stage.browser === null) throw new Error('Cannot create BrowserWindow before app is ready')
    const {
      x = 0,
      y = 0,
      width = 800,
      height = 600,
      show = true,
      title = app.name,
      webPreferences = {}
    } = options
    if (
      webPreferences.nodeIntegration ||
      webPreferences.contextIsolation === false ||
      webPreferences.sandbox === false
    )
      notSupported('a page without isolation, without sandbox or with Node')
    this.#bounds = { x, y, width, height }
    this.#title = title
    this.#isVisible = show
    this.#isFocused = show
    this.webContents = new WebContents(this, webPreferences)
    this.id = this.webContents.id
    stage.windows.set(this.id, this)
    this.webContents.attached.catch((error) => {
      if (!this.#isGone) console.error('stand-in: a window could not be opened:', error)
    })
    this.webContents.on('page-title-updated', (event, text) => {
      this.emit('page-title-updated', event, text)
      if (!event.defaultPrevented) this.#title = text
    })
    app.emit('web-contents-created', {}, this.webContents)
    app.emit('browser-window-created', {}, this)
  }

  /** @param {string} url */
  loadURL(url) {
    return this.webContents.loadURL(url)
  }
  /** @param {string} file @param {object} [options] */
  loadFile(file, options) {
    return this.webContents.loadFile(file, options)
  }
  reload() {
    this.webContents.reload()
  }
  capturePage() {
    return this.webContents.capturePage()
  }

  /** Asks the app, which may refuse. */
  close() {
    if (this.#isGone || this.isClosing) return
    const event = new Preventable()
    this.emit('close', event)
    if (event.defaultPrevented) return
    this.destroy()
  }
  /** Closes without asking the app. */
  destroy() {
    if (this.#isGone) return
    this.isClosing = true
    this.webContents.attached.then(() => closePage(this.webContents.targetId)).catch(() => this.vanish())
  }
  /** Called when the page is gone for any reason. */
  vanish() {
    if (this.#isGone) return
    this.#isGone = true
    this.isClosing = true
    stage.windows.delete(this.id)
    this.webContents.vanish()
    this.emit('closed', {})
    app.windowClosed()
  }
  isDestroyed() {
    return this.#isGone
  }

  show() {
    this.showInactive()
    this.focus()
  }
  showInactive() {
    if (this.#isVisible) return
    this.#isVisible = true
    this.emit('show')
  }
  hide() {
    if (!this.#isVisible) return
    this.#isVisible = false
    this.emit('hide')
    this.blur()
  }
  focus() {
    if (this.#isFocused) return
    this.#isFocused = true
    this.emit('focus')
    app.emit('browser-window-focus', {}, this)
  }
  blur() {
    if (!this.#isFocused) return
    this.#isFocused = false
    this.emit('blur')
    app.emit('browser-window-blur', {}, this)
  }
  isVisible() {
    return this.#isVisible
  }
  isFocused() {
    return this.#isFocused
  }

  /** @param {Shape} shape @param {string} event */
  #become(shape, event) {
    if (this.#shape === shape) return
    this.#shape = shape
    this.emit(event)
  }
  minimize() {
    this.#become('minimized', 'minimize')
  }
  maximize() {
    this.#isVisible = true
    this.#become('maximized', 'maximize')
  }
  unmaximize() {
    this.#become('normal', 'unmaximize')
  }
  restore() {
    this.#become('normal', 'restore')
  }
  /** @param {boolean} is */
  setFullScreen(is) {
    this.#become(is ? 'fullscreen' : 'normal', is ? 'enter-full-screen' : 'leave-full-screen')
  }
  isMinimized() {
    return this.#shape === 'minimized'
  }
  isMaximized() {
    return this.#shape === 'maximized'
  }
  isFullScreen() {
    return this.#shape === 'fullscreen'
  }

  getBounds() {
    return { ...this.#bounds }
  }
  getNormalBounds() {
    return this.getBounds()
  }
  getSize() {
    return [this.#bounds.width, this.#bounds.height]
  }
  getContentSize() {
    return this.getSize()
  }
  getPosition() {
    return [this.#bounds.x, this.#bounds.y]
  }
  /** @param {Partial<Bounds>} bounds */
  setBounds(bounds) {
    const before = this.#bounds
    this.#bounds = { ...before, ...bounds }
    this.webContents.resize(this.#bounds).catch(() => undefined)
    if (before.x !== this.#bounds.x || before.y !== this.#bounds.y) this.emit('move')
    this.emit('resize')
    this.emit('resized')
  }
  /** @param {number} width @param {number} height */
  setSize(width, height) {
    this.setBounds({ width, height })
  }
  /** @param {number} width @param {number} height */
  setContentSize(width, height) {
    this.setSize(width, height)
  }
  /** @param {number} x @param {number} y */
  setPosition(x, y) {
    this.setBounds({ x, y })
  }
  getTitle() {
    return this.#title
  }
  /** @param {string} title */
  setTitle(title) {
    this.#title = title
  }

  // Functions that only a screen would show.
  center() {}
  flashFrame() {}
  moveTop() {}
  removeMenu() {}
  setAutoHideMenuBar() {}
  setBackgroundColor() {}
  setIcon() {}
  setMenu() {}
  setMenuBarVisibility() {}
  setMinimumSize() {}
  setOverlayIcon() {}
  setProgressBar() {}
  setThumbarButtons() {}
  setTitleBarOverlay() {}

  static getAllWindows() {
    return [...stage.windows.values()]
  }
  static getFocusedWindow() {
    return BrowserWindow.getAllWindows().find((each) => each.isFocused()) ?? null
  }
  /** @param {number} id */
  static fromId(id) {
    return stage.windows.get(id) ?? null
  }
  /** @param {WebContents} contents */
  static fromWebContents(contents) {
    return BrowserWindow.getAllWindows().find((each) => each.webContents === contents) ?? null
  }
}

module.exports = { BrowserWindow }
