/** A clipboard of its own: a test does not change the user's. */
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
