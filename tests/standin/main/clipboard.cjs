/** A clipboard of its own: what a test copies stays out of the person's. */
'use strict'
let held = ''
const clipboard = {
  /** @param {string} text */
  writeText(text) {
    held = text
  },
  readText: () => held,
  clear() {
    held = ''
  }
}
module.exports = { clipboard }
