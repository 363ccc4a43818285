/**
 * The text that is put into every new document before the page's own scripts: the page's half of the
 * bridge in the page's world, and the preload bundle with what a sandboxed preload may require in a
 * world of its own, named as in Electron.
 */
'use strict'
const fs = require('node:fs')
const path = require('node:path')
const { pathToFileURL } = require('node:url')

const WORLD = 'Electron Isolated Context'

/** @param {string} name */
const part = (name) => fs.readFileSync(path.join(__dirname, '../page', name), 'utf8')

function pageScript() {
  return `(() => { ${part('bridge.js')}\n${part('main-world.js')} })()`
}

/**
 * @param {string | undefined} preload path of the bundle
 * @param {readonly string[]} extraArguments
 */
function preloadScript(preload, extraArguments) {
  const facts = JSON.stringify({
    platform: process.platform,
    arch: process.arch,
    versions: { ...process.versions },
    argv: [process.argv[0], ...extraArguments],
    env: {}
  })
  const body = preload === undefined ? '' : fs.readFileSync(preload, 'utf8')
  const source = preload === undefined ? 'no-preload' : pathToFileURL(preload).href
  // The parameters hide what the isolated world of a plain browser has and a sandboxed preload has not.
  return `${part('codec.cjs')}
;(() => { const standinFacts = ${facts}; ${part('bridge.js')}\n${part('isolated-world.js')} })();
;(function standinPreload(require, process, Buffer, global, setImmediate, clearImmediate, exports, module) {
if (window !== window.top) return;
${body}
})(__standinRequire, __standinProcess, undefined, globalThis, (f, ...a) => setTimeout(f, 0, ...a), clearTimeout, {}, { exports: {} })
//# sourceURL=${source}`
}

module.exports = { WORLD, pageScript, preloadScript }
