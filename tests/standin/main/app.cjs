/**
 * `app`: the life of the process from `ready` to `quit`, in Electron's order of events, and the paths and
 * switches of the command line.
 */
'use strict'
const { EventEmitter } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { SingleInstance } = require('./single-instance.cjs')
const { Preventable, stage } = require('./stage.cjs')

const MOST_CLOSING_MS = 2_000

/** The switches given, and those that the app adds. */
class CommandLine {
  /** @type {Map<string, string>} */
  #switches = new Map()
  /** @param {string} name @param {string} [value] */
  appendSwitch(name, value = '') {
    this.#switches.set(name, value)
  }
  appendArgument() {}
  /** @param {string} name */
  hasSwitch(name) {
    return this.#switches.has(name)
  }
  /** @param {string} name */
  getSwitchValue(name) {
    return this.#switches.get(name) ?? ''
  }
  /** @param {string} name */
  removeSwitch(name) {
    this.#switches.delete(name)
  }
}

class App extends EventEmitter {
  commandLine = new CommandLine()
  isPackaged = false
  name = 'app'
  #appPath = ''
  #version = '0.0.0'
  /** @type {Map<string, string>} */
  #paths = new Map()
  #isReady = false
  #isQuitting = false
  /** @type {SingleInstance | null} */
  #instance = null
  /** @type {(info: object) => void} */
  #ready = () => undefined
  /** @type {Promise<object>} */
  #whenReady = new Promise((ok) => (this.#ready = ok))

  /** @param {{ appPath: string, name: string, version: string, switches: readonly string[] }} how */
  configure({ appPath, name, version, switches }) {
    this.#appPath = appPath
    this.name = name
    this.#version = version
    for (const each of switches) {
      const [key = '', ...value] = each.slice(2).split('=')
      this.commandLine.appendSwitch(key, value.join('='))
    }
  }

  /**
   * Called once the app's main module has been evaluated.
   * @param {Promise<import('./chromium.cjs').Chromium>} coming
   */
  async start(coming) {
    if (this.#isQuitting) return
    const browser = await coming
    stage.browser = browser
    const chrome = browser.product.split('/')[1]
    Object.defineProperty(process.versions, 'chrome', { value: chrome, configurable: true, enumerable: true })
    browser.pipe.once('gone', () => {
      for (const window of [...stage.windows.values()]) window.vanish()
    })
    await require('./targets.cjs').watchTargets(browser)
    this.#isReady = true
    this.emit('will-finish-launching')
    this.emit('ready', {}, {})
    this.#ready({})
  }

  isReady() {
    return this.#isReady
  }
  /** Not overwritten by Playwright's loader, which delays the result of the app's `isReady`. */
  get hasBrowser() {
    return stage.browser !== null
  }
  whenReady() {
    return this.#whenReady
  }
  getName() {
    return this.name
  }
  /** @param {string} name */
  setName(name) {
    this.name = name
  }
  getVersion() {
    return this.#version
  }
  getAppPath() {
    return this.#appPath
  }
  getLocale() {
    return 'en-US'
  }
  getPreferredSystemLanguages() {
    return ['en-US']
  }

  /** @param {string} name */
  getPath(name) {
    const set = this.#paths.get(name)
    if (set !== undefined) return set
    const home = os.homedir()
    const appData = process.env['XDG_CONFIG_HOME'] || path.join(home, '.config')
    /** @type {Record<string, string>} */
    const system = { home, appData, temp: os.tmpdir(), exe: process.argv[0] ?? '' }
    for (const folder of ['Desktop', 'Documents', 'Downloads']) {
      system[folder.toLowerCase()] = path.join(home, folder)
    }
    if (system[name] !== undefined) return system[name]
    const given = this.commandLine.getSwitchValue('user-data-dir')
    const userData = this.#paths.get('userData') ?? (given || path.join(appData, this.name))
    /** @type {Record<string, string>} */
    const own = { userData, sessionData: userData, logs: path.join(userData, 'logs') }
    const found = own[name]
    if (found === undefined) throw new Error(`Failed to get '${name}' path`)
    fs.mkdirSync(found, { recursive: true })
    return found
  }
  /** @param {string} name @param {string} to */
  setPath(name, to) {
    if (!path.isAbsolute(to)) throw new Error('Path must be absolute')
    fs.mkdirSync(to, { recursive: true })
    this.#paths.set(name, to)
  }
  /** @param {string} [to] */
  setAppLogsPath(to) {
    if (to !== undefined) this.setPath('logs', to)
  }

  /** @param {unknown} [data] */
  requestSingleInstanceLock(data) {
    this.#instance ??= SingleInstance.take(this.getPath('userData'), data, (argv, cwd, additionalData) => {
      this.emit('second-instance', {}, argv, cwd, additionalData)
    })
    return this.#instance !== null
  }
  hasSingleInstanceLock() {
    return this.#instance !== null
  }
  releaseSingleInstanceLock() {
    this.#instance?.release()
    this.#instance = null
  }

  quit() {
    if (this.#isQuitting) return
    const event = new Preventable()
    this.emit('before-quit', event)
    if (event.defaultPrevented) return
    this.#isQuitting = true
    const open = [...stage.windows.values()]
    if (open.length === 0) {
      this.#finish()
      return
    }
    for (const window of open) window.close()
    // A window that refused to close cancels quitting.
    if ([...stage.windows.values()].some((window) => !window.isClosing)) this.#isQuitting = false
  }

  /** Called by a window that closed. */
  windowClosed() {
    setImmediate(() => {
      if (stage.windows.size > 0) return
      if (this.#isQuitting) this.#finish()
      else if (!this.emit('window-all-closed')) this.quit()
    })
  }

  #finish() {
    const event = new Preventable()
    this.emit('will-quit', event)
    if (event.defaultPrevented) {
      this.#isQuitting = false
      return
    }
    this.emit('quit', {}, 0)
    this.exit(0)
  }

  exit(code = 0) {
    this.#isQuitting = true
    this.releaseSingleInstanceLock()
    const { browser } = stage
    if (browser === null || browser.pipe.isGone) process.exit(code)
    setTimeout(browser.kill, MOST_CLOSING_MS)
    void browser.whenGone.then(() => process.exit(code))
    browser.pipe.send('Browser.close').catch(() => undefined)
  }

  // Functions with an effect outside the app do nothing here.
  addRecentDocument() {}
  clearRecentDocuments() {}
  disableHardwareAcceleration() {}
  enableSandbox() {}
  focus() {}
  hide() {}
  relaunch() {}
  setAboutPanelOptions() {}
  setAppUserModelId() {}
  setJumpList() {}
  show() {}
  showAboutPanel() {}
  setAsDefaultProtocolClient() {
    return true
  }
  setBadgeCount() {
    return true
  }
}

const app = new App()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => app.quit())

module.exports = { app }
