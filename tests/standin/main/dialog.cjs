/** Dialogs are cancelled at once; a test replaces the function of one to answer it. */
'use strict'
const dialog = {
  showOpenDialog: () => Promise.resolve({ canceled: true, filePaths: [] }),
  showSaveDialog: () => Promise.resolve({ canceled: true, filePath: '' }),
  showMessageBox: () => Promise.resolve({ response: 0, checkboxChecked: false }),
  showMessageBoxSync: () => 0,
  /** @param {string} title @param {string} content */
  showErrorBox(title, content) {
    console.error(`${title}\n${content}`)
  }
}
module.exports = { dialog }
