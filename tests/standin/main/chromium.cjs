/**
 * Finds and starts the system's Chromium, headless, with a new profile for each start: a profile left behind
 * by a killed process would refuse the next one. Electron's binary is Chromium and starts it before it runs
 * any script, so the stand-in starts it first too. The headless shell is preferred: like Electron it is
 * Chromium without the browser's own windows. If Playwright asked for a debugging port the same browser opens
 * it, and the line Playwright waits for is passed on.
 */
'use strict'
const { spawn } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { DevtoolsPipe } = require('./devtools-pipe.cjs')

const PATIENCE_MS = 30_000
const PLACES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
]

const ALWAYS = [
  '--headless',
  '--remote-debugging-pipe',
  '--no-startup-window',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-proxy-server',
  '--no-service-autorun',
  '--hide-scrollbars',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-breakpad',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-dev-shm-usage',
  '--disable-extensions',
  '--disable-ipc-flooding-protection',
  '--disable-popup-blocking',
  '--disable-renderer-backgrounding',
  '--disable-search-engine-choice-screen',
  '--disable-sync',
  '--disable-features=Translate,MediaRouter,OptimizationHints,HttpsUpgrades,PaintHolding,PreloadTopChromeWebUI,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,WebUIOmniboxPopup',
  '--metrics-recording-only',
  '--password-store=basic',
  '--use-mock-keychain'
]

/** @typedef {{ pid: number, pipe: DevtoolsPipe, product: string, userAgent: string, kill(): void, whenGone: Promise<void> }} Chromium */

/**
 * @param {readonly string[]} switches
 * @returns {Promise<Chromium>}
 */
async function startChromium(switches) {
  const found = PLACES.find((place) => place !== undefined && fs.existsSync(place))
  if (found === undefined) throw new Error('stand-in: there is no Chromium; set CHROMIUM to its path')
  const profile = freshProfile(os.tmpdir())
  const port = switches.filter((each) => each.startsWith('--remote-debugging-port='))
  // Chromium's sandbox does not work as root, the usual user in containers.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox', '--test-type'] : []
  const child = spawn(found, [...ALWAYS, ...port, ...asRoot, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: process.env['DBUS_SESSION_BUS_ADDRESS'] ?? 'disabled:' }
  })
  /** @type {string[]} */
  const said = []
  child.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    said.push(text)
    if (said.length > 50) said.shift()
    for (const line of text.split('\n')) {
      if (line.startsWith('DevTools listening on ')) process.stderr.write(`${line}\n`)
    }
  })
  const pipe = new DevtoolsPipe(
    /** @type {import('node:stream').Writable} */ (child.stdio[3]),
    /** @type {import('node:stream').Readable} */ (child.stdio[4])
  )
  /** @type {Promise<void>} */
  const whenGone = new Promise((done) => {
    child.once('error', done)
    child.once('exit', done)
  }).then(() => {
    pipe.end()
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 3 })
  })
  const kill = () => {
    child.kill('SIGKILL')
  }
  // An app that ended before it was ready never had the browser, which ends with the process in any case.
  process.once('exit', () => {
    if (!pipe.isGone) kill()
  })
  const late = setTimeout(kill, PATIENCE_MS)
  try {
    /** @type {{ product: string, userAgent: string }} */
    const { product, userAgent } = await pipe.send('Browser.getVersion')
    return { pid: child.pid ?? 0, pipe, product, userAgent, kill, whenGone }
  } catch (cause) {
    throw new Error(`stand-in: Chromium did not start\n${said.join('')}`, { cause })
  } finally {
    clearTimeout(late)
  }
}

const PREFIX = 'sheaf-standin-profile-'

/**
 * A new folder; those of processes that no longer live are removed on the way.
 * @param {string} folder
 */
function freshProfile(folder) {
  for (const name of fs.readdirSync(folder)) {
    if (name.startsWith(PREFIX) && !isAlive(Number(name.slice(PREFIX.length).split('-')[0]))) {
      try {
        fs.rmSync(path.join(folder, name), { recursive: true, force: true, maxRetries: 3 })
      } catch {
        // It belongs to another user, or another start is removing it.
      }
    }
  }
  return fs.mkdtempSync(path.join(folder, `${PREFIX}${process.pid}-`))
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

module.exports = { startChromium }
