/**
 * Reports to the page what a sandboxed preload can and cannot do, and exposes a bridge for every kind of
 * value.
 */
const { contextBridge, ipcRenderer } = require('electron')

globalThis.ofThePreload = true

function required(name) {
  try {
    require(name)
    return 'given'
  } catch (error) {
    return error.message
  }
}

contextBridge.exposeInMainWorld('host', {
  required: Object.fromEntries(
    ['electron', 'timers', 'url', 'node:fs', 'child_process'].map((name) => [name, required(name)])
  ),
  process: { type: process.type, sandboxed: process.sandboxed, isolated: process.contextIsolated },
  bufferIsHere: typeof globalThis.setImmediate === 'function' && typeof Buffer,
  ask: (channel, ...args) => ipcRenderer.invoke(channel, ...args),
  say: (value) => ipcRenderer.send('heard', value),
  plain: (a, b) => a + b,
  fail: () => {
    throw new RangeError('in the preload')
  },
  on(listener) {
    const take = (_, value) => listener(value)
    ipcRenderer.on('pushed', take)
    return () => ipcRenderer.off('pushed', take)
  }
})
