/** State shared by the parts of the stand-in: the browser, once it is started, and the windows. */
'use strict'

/** @typedef {import('./chromium.cjs').Chromium} Chromium */
/** @typedef {import('./browser-window.cjs').BrowserWindow} BrowserWindow */
/** @typedef {import('./web-contents.cjs').WebContents} WebContents */

/** @type {{ browser: Chromium | null, windows: Map<number, BrowserWindow>, contents: Map<number, WebContents> }} */
const stage = { browser: null, windows: new Map(), contents: new Map() }

/** @returns {Chromium} */
function browser() {
  if (stage.browser === null) throw new Error('stand-in: the app is not ready yet')
  return stage.browser
}

/** @param {string} what @returns {never} */
function notSupported(what) {
  throw new Error(`stand-in: ${what} is not supported`)
}

/** An event whose listeners may prevent the default. */
class Preventable {
  defaultPrevented = false
  preventDefault() {
    this.defaultPrevented = true
  }
}

module.exports = { stage, browser, notSupported, Preventable }
