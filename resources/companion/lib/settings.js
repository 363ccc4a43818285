/** Where Sheaf listens, and the token that it gave: kept by the browser for this extension only. */
import { browserApi } from './browser.js'

export const STANDARD_PORT = 23174

export async function readSettings() {
  const { port, token } = await browserApi.storage.local.get({ port: STANDARD_PORT, token: '' })
  return { port: isPort(port) ? port : STANDARD_PORT, token: typeof token === 'string' ? token : '' }
}

export async function saveSettings({ port, token }) {
  await browserApi.storage.local.set({ port, token })
}

export const isPort = (port) => Number.isInteger(port) && port >= 1024 && port <= 65535
export const isToken = (token) => /^[0-9a-f]{64}$/.test(token)
