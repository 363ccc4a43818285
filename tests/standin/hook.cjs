/**
 * Loaded before anything else: maps `electron` to the stand-in, for `require` and for `import`, and makes
 * `process` look like Electron's main process. It must record the arguments before Playwright's own loader,
 * which comes next, changes them. Chromium starts in parallel.
 */
'use strict'
const Module = require('node:module')
const path = require('node:path')
const { pathToFileURL } = require('node:url')
const { isMainThread } = require('node:worker_threads')

const { startChromium } = require('./main/chromium.cjs')

const standIn = path.join(__dirname, 'electron.cjs')
const NAMES = ['electron', 'electron/main', 'electron/common']

exports.argv = process.argv.slice(2)
// Node loads this again in the thread of its resolve hooks, which needs no browser.
if (isMainThread) {
  exports.chromium = startChromium(exports.argv)
  // The rejection is handled by the code that awaits it; the app may end before that.
  exports.chromium.catch(() => undefined)
}

/** @type {{ _resolveFilename(request: string, ...rest: unknown[]): string }} */
const resolver = /** @type {never} */ (Module)
const resolve = resolver._resolveFilename
resolver._resolveFilename = function (request, ...rest) {
  if (request === 'original-fs') return 'fs'
  return NAMES.includes(request) ? standIn : resolve.call(this, request, ...rest)
}

Module.register(
  'data:text/javascript,' +
    encodeURIComponent(`export async function resolve(specifier, context, next) {
      if (specifier === 'original-fs') return next('node:fs', context)
      if (!${JSON.stringify(NAMES)}.includes(specifier)) return next(specifier, context)
      return { url: ${JSON.stringify(pathToFileURL(standIn).href)}, format: 'commonjs', shortCircuit: true }
    }`)
)

const shown = { configurable: true, enumerable: true }
Object.defineProperty(process.versions, 'electron', { value: '0.0.0-standin', ...shown })
Object.defineProperty(process.versions, 'chrome', { value: '0.0.0.0', ...shown })
Object.assign(process, {
  type: 'browser',
  defaultApp: true,
  resourcesPath: path.join(__dirname, 'resources')
})
