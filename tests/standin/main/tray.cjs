/** A tray icon that records its properties. */
'use strict'
const { EventEmitter } = require('node:events')

class Tray extends EventEmitter {
  #isGone = false
  setContextMenu() {}
  setImage() {}
  setPressedImage() {}
  setTitle() {}
  setToolTip() {}
  popUpContextMenu() {}
  destroy() {
    this.#isGone = true
  }
  isDestroyed() {
    return this.#isGone
  }
  getBounds() {
    return { x: 0, y: 0, width: 22, height: 22 }
  }
}
module.exports = { Tray }
