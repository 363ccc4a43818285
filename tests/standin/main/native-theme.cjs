/** `nativeTheme`: pages see a chosen theme as the system's; `system` leaves them alone. */
'use strict'
const { EventEmitter } = require('node:events')
const { app } = require('./app.cjs')
const { stage } = require('./stage.cjs')

class NativeTheme extends EventEmitter {
  shouldUseHighContrastColors = false
  inForcedColorsMode = false
  /** @type {'system' | 'light' | 'dark'} */
  #source = 'system'

  get shouldUseDarkColors() {
    return this.#source === 'dark'
  }
  get themeSource() {
    return this.#source
  }
  set themeSource(source) {
    this.#source = source
    for (const contents of stage.contents.values()) this.applyTo(contents)
    this.emit('updated')
  }

  /** @param {import('./web-contents.cjs').WebContents} contents */
  applyTo(contents) {
    const value = this.#source === 'system' ? '' : this.#source
    contents
      .devtools('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] })
      .catch(() => undefined)
  }
}

const nativeTheme = new NativeTheme()
app.on('web-contents-created', (_, contents) => {
  // Other clients of the page (Playwright) reset its emulation when they attach, before the first document,
  // so the theme is set again for every document.
  contents.on('did-navigate', () => {
    if (nativeTheme.themeSource !== 'system') nativeTheme.applyTo(contents)
  })
})
module.exports = { nativeTheme }
