/**
 * The preload's world: `require` with exactly what a sandboxed preload may require, `ipcRenderer` over a
 * binding that only this world can see, `contextBridge`, and a `process` without privileges.
 */
'use strict'
;(() => {
  if (window !== window.top) return
  /** @typedef {(event: object, ...args: unknown[]) => void} Listener */
  /** @typedef {{ kind: 'reply', id: number, value?: unknown, error?: string } | { kind: 'message', channel: string, args: unknown[] }} FromMain */
  const inside = /** @type {StandinWorld} */ (/** @type {unknown} */ (globalThis))
  /** @type {Map<string, Listener[]>} */
  const listeners = new Map()
  /** @type {Map<Listener, Listener>} the wrapper of a `once` */
  const wrapped = new Map()
  /** @type {Map<number, { ok(value: unknown): void, no(error: Error): void }>} */
  const waiting = new Map()
  let last = 0

  /** @template T @param {T} value @returns {T} */
  function clone(value) {
    try {
      return structuredClone(value)
    } catch {
      throw new Error('An object could not be cloned.')
    }
  }
  /** @param {object} message */
  const post = (message) => inside.__standinSend(standinCodec.encode(message))

  inside.__standinReceive = (text) => {
    const message = /** @type {FromMain} */ (standinCodec.decode(text))
    if (message.kind === 'message') {
      const event = { sender: ipcRenderer, ports: [] }
      for (const listener of [...(listeners.get(message.channel) ?? [])]) listener(event, ...message.args)
      return
    }
    const asked = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.error === undefined) asked?.ok(message.value)
    else asked?.no(new Error(message.error))
  }

  const ipcRenderer = {
    /** @param {string} channel @param {...unknown} args */
    invoke: (channel, ...args) =>
      new Promise((ok, no) => {
        const crossing = clone(args)
        waiting.set(++last, { ok, no })
        post({ kind: 'invoke', id: last, channel, args: crossing })
      }),
    /** @param {string} channel @param {...unknown} args */
    send(channel, ...args) {
      post({ kind: 'send', channel, args: clone(args) })
    },
    /** @param {string} channel @param {Listener} listener */
    on(channel, listener) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
      return ipcRenderer
    },
    /** @param {string} channel @param {Listener} listener */
    once(channel, listener) {
      /** @type {Listener} */
      const wrapper = (event, ...args) => {
        ipcRenderer.off(channel, listener)
        listener(event, ...args)
      }
      wrapped.set(listener, wrapper)
      return ipcRenderer.on(channel, wrapper)
    },
    /** @param {string} channel @param {Listener} listener */
    off(channel, listener) {
      const gone = [listener, wrapped.get(listener)]
      listeners.set(
        channel,
        (listeners.get(channel) ?? []).filter((each) => !gone.includes(each))
      )
      return ipcRenderer
    },
    /** @param {string} channel @param {Listener} listener */
    removeListener: (channel, listener) => ipcRenderer.off(channel, listener),
    /** @param {string} channel */
    removeAllListeners(channel) {
      listeners.delete(channel)
      return ipcRenderer
    }
  }

  /** @param {string} kind @param {object} detail */
  const fire = (kind, detail) => document.dispatchEvent(new CustomEvent(`standin:${kind}`, { detail }))
  const bridge = standinBridge((ref, args) => fire('callback', { ref, args: args.map(bridge.out) }))
  /** @param {unknown} error */
  const textOf = (error) => (error instanceof Error ? error.message : String(error))

  /** @type {Set<string>} */
  const exposed = new Set()
  const contextBridge = {
    /** @param {string} key @param {unknown} value */
    exposeInMainWorld(key, value) {
      if (exposed.has(key))
        throw new Error('Cannot bind an API on top of an existing property on the window object')
      exposed.add(key)
      fire('expose', { key, value: bridge.out(value) })
    }
  }

  document.addEventListener('standin:open', (event) => {
    const { url } = /** @type {CustomEvent<{ url: string }>} */ (event).detail
    post({ kind: 'open', id: 0, channel: url, args: [] })
  })
  document.addEventListener('standin:call', (event) => {
    const { id, ref, args } = /** @type {CustomEvent<{ id: number, ref: number, args: Crossing[] }>} */ (
      event
    ).detail
    try {
      const result = bridge.mine.get(ref)?.(...args.map(bridge.into))
      if (!(result instanceof Promise)) {
        fire('answer', { id, value: bridge.out(result) })
        return
      }
      fire('answer', { id, promise: true })
      result
        .then((value) => fire('settle', { id, value: bridge.out(value) }))
        .catch((/** @type {unknown} */ error) => fire('settle', { id, error: textOf(error) }))
    } catch (error) {
      fire('answer', { id, error: textOf(error) })
    }
  })

  const electron = {
    contextBridge,
    ipcRenderer,
    webFrame: { getZoomFactor: () => 1, setZoomFactor() {}, setZoomLevel() {} },
    webUtils: { getPathForFile: () => '' }
  }
  /** @type {Record<string, unknown>} */
  const allowed = {
    electron,
    'electron/renderer': electron,
    timers: { setTimeout, clearTimeout, setInterval, clearInterval },
    url: { URL, URLSearchParams }
  }
  inside.__standinRequire = (name) => {
    const found = allowed[name.replace(/^node:/, '')]
    if (found === undefined) throw new Error(`module not found: ${name}`)
    return found
  }
  inside.__standinProcess = Object.freeze({
    ...standinFacts,
    type: 'renderer',
    sandboxed: true,
    contextIsolated: true
  })
})()
