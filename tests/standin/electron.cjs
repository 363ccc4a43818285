/**
 * The module `electron` on the stand-in: the parts of Electron that this app uses and nothing else. A missing
 * name is an error when the app is linked, so it is noticed at once.
 */
'use strict'
const { app } = require('./main/app.cjs')
const { BrowserWindow } = require('./main/browser-window.cjs')
const { clipboard } = require('./main/clipboard.cjs')
const { dialog } = require('./main/dialog.cjs')
const { ipcMain } = require('./main/ipc-main.cjs')
const { Menu, MenuItem } = require('./main/menu.cjs')
const { nativeImage } = require('./main/native-image.cjs')
const { nativeTheme } = require('./main/native-theme.cjs')
const { net } = require('./main/net.cjs')
const { Notification } = require('./main/notification.cjs')
const { powerMonitor, powerSaveBlocker } = require('./main/power.cjs')
const { protocol } = require('./main/session.cjs')
const { safeStorage } = require('./main/safe-storage.cjs')
const { screen } = require('./main/screen.cjs')
const { session } = require('./main/session.cjs')
const { shell } = require('./main/shell.cjs')
const { Tray } = require('./main/tray.cjs')
const { utilityProcess } = require('./main/utility-process.cjs')
const { WebContents: webContents } = require('./main/web-contents.cjs')

module.exports = {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  nativeImage,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
  utilityProcess,
  webContents
}
