/**
 * Pages of the browser: opens one for a window, reports when one is gone, and closes at once what a page
 * opened by itself (Electron asks the app's handler instead, and so does `web-contents.cjs`). Every page
 * waits before its first script until its worlds are prepared.
 */
'use strict'
const { browser } = require('./stage.cjs')

/** @typedef {{ sessionId: string, targetInfo: { targetId: string, type: string } }} Attached */
/** @typedef {{ sessionId: string, targetId: string }} Page */

/** Pages that were attached before the browser said which of them was asked for. @type {Map<string, string>} */
const early = new Map()
/** @type {Map<string, (sessionId: string) => void>} */
const awaited = new Map()
/** @type {Map<string, () => void>} */
const whenGone = new Map()
let opening = 0

/** @param {import('./chromium.cjs').Chromium} chromium */
async function watchTargets({ pipe }) {
  pipe.on('Target.attachedToTarget', (/** @type {Attached} */ { sessionId, targetInfo }) => {
    if (targetInfo.type !== 'page') return
    const take = awaited.get(targetInfo.targetId)
    awaited.delete(targetInfo.targetId)
    if (take !== undefined) take(sessionId)
    else early.set(targetInfo.targetId, sessionId)
    closeStrays()
  })
  pipe.on('Target.detachedFromTarget', (/** @type {{ sessionId: string }} */ { sessionId }) => {
    whenGone.get(sessionId)?.()
    whenGone.delete(sessionId)
  })
  await pipe.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    flatten: true,
    filter: [{ type: 'page' }]
  })
}

/**
 * @param {{ width: number, height: number }} size
 * @param {() => void} gone
 * @returns {Promise<Page>}
 */
async function openPage(size, gone) {
  opening += 1
  try {
    /** @type {{ targetId: string }} */
    const { targetId } = await browser().pipe.send('Target.createTarget', {
      url: 'about:blank',
      newWindow: true,
      ...size
    })
    const sessionId =
      early.get(targetId) ??
      (await new Promise((/** @type {(id: string) => void} */ ok) => awaited.set(targetId, ok)))
    early.delete(targetId)
    whenGone.set(sessionId, gone)
    return { sessionId, targetId }
  } finally {
    opening -= 1
    closeStrays()
  }
}

/** @param {string} targetId */
function closePage(targetId) {
  return browser().pipe.send('Target.closeTarget', { targetId })
}

function closeStrays() {
  if (opening > 0) return
  for (const targetId of early.keys()) closePage(targetId).catch(() => undefined)
  early.clear()
}

module.exports = { watchTargets, openPage, closePage }
