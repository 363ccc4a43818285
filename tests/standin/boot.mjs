/**
 * Starts an app as Electron does: reads its package.json, evaluates its main module, and only then emits
 * `ready`. A top-level await for `ready` therefore never ends here either.
 */
import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const require = createRequire(import.meta.url)
const { argv, chromium } = require('./hook.cjs')
// Loads all of it before the app imports it: with our hook, Node's `import` loads CommonJS in pieces, and
// sometimes one piece does not see another yet.
const { app } = require('./electron.cjs')

// Switches before the app's path belong to Chromium; the first plain argument is the app.
const at = argv.findIndex((/** @type {string} */ each) => !each.startsWith('-'))
if (at < 0) throw new Error('stand-in: no app was named')
const given = resolve(String(argv[at]))
const appPath = statSync(given).isDirectory() ? given : dirname(given)
const description = JSON.parse(readFileSync(join(appPath, 'package.json'), 'utf8'))
const entry = appPath === given ? join(appPath, description.main ?? 'index.js') : given

process.argv = [join(import.meta.dirname, 'electron'), ...argv.slice(at)]
app.configure({
  appPath,
  name: description.productName ?? description.name ?? 'app',
  version: description.version ?? '0.0.0',
  switches: argv.filter((/** @type {string} */ each) => each.startsWith('--'))
})
try {
  await import(pathToFileURL(entry).href)
  await app.start(chromium)
} catch (error) {
  console.error('App threw an error during load')
  console.error(error)
  app.exit(1)
}
