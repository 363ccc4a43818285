/** One display of a common size. */
'use strict'
const { EventEmitter } = require('node:events')

const DISPLAY = {
  id: 1,
  scaleFactor: 1,
  rotation: 0,
  bounds: { x: 0, y: 0, width: 1920, height: 1080 },
  size: { width: 1920, height: 1080 },
  workArea: { x: 0, y: 0, width: 1920, height: 1040 },
  workAreaSize: { width: 1920, height: 1040 }
}

class Screen extends EventEmitter {
  getPrimaryDisplay() {
    return DISPLAY
  }
  getAllDisplays() {
    return [DISPLAY]
  }
  getDisplayMatching() {
    return DISPLAY
  }
  getDisplayNearestPoint() {
    return DISPLAY
  }
  getCursorScreenPoint() {
    return { x: 0, y: 0 }
  }
}
module.exports = { screen: new Screen() }
