/** `shell`: opens nothing outside; a test replaces a function to see what would be opened. */
'use strict'
const fs = require('node:fs')
const shell = {
  openExternal: () => Promise.resolve(),
  /** @param {string} path */
  openPath: (path) => Promise.resolve(fs.existsSync(path) ? '' : 'Failed to open path'),
  showItemInFolder() {},
  beep() {},
  /** @param {string} path */
  trashItem: (path) => fs.promises.rm(path, { recursive: true })
}
module.exports = { shell }
