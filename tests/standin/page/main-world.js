/**
 * The page's half of the bridge: puts what the preload exposes on `window` and calls it. The worlds exchange
 * synchronous events of the document, whose `detail` the browser clones between them.
 */
'use strict'
;(() => {
  if (window !== window.top) return
  /** @typedef {{ id: number, value?: Crossing, error?: string, promise?: true }} Answer */
  /** @type {Map<number, { ok(value: unknown): void, no(error: Error): void }>} */
  const promised = new Map()
  let last = 0

  /** @param {number} ref @param {unknown[]} args */
  function callPreload(ref, args) {
    const id = ++last
    const sent = args.map(bridge.out)
    /** @type {Answer[]} */
    const answers = []
    const listen = (/** @type {Event} */ event) => {
      const answer = /** @type {CustomEvent<Answer>} */ (event).detail
      if (answer.id === id) answers.push(answer)
    }
    document.addEventListener('standin:answer', listen)
    try {
      document.dispatchEvent(new CustomEvent('standin:call', { detail: { id, ref, args: sent } }))
    } finally {
      document.removeEventListener('standin:answer', listen)
    }
    const [answer] = answers
    if (answer === undefined) throw new Error('stand-in: the preload script did not answer')
    if (answer.promise) return new Promise((ok, no) => promised.set(id, { ok, no }))
    return valueOf(answer)
  }
  const bridge = standinBridge(callPreload)

  /** @param {Answer} answer */
  function valueOf(answer) {
    if (answer.error !== undefined) throw new Error(answer.error)
    return bridge.into(answer.value ?? { v: undefined })
  }

  /** Freezes what is exposed, recursively. @param {unknown} value @returns {unknown} */
  function freeze(value) {
    if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return value
    Object.values(value).forEach(freeze)
    return Object.freeze(value)
  }

  // A denied window is null for the page, and nothing is opened: the browser's own new page would block its
  // opener while a debugger is attached to both.
  window.open = (url = 'about:blank') => {
    const detail = { url: new URL(url, document.baseURI).href }
    document.dispatchEvent(new CustomEvent('standin:open', { detail }))
    return null
  }

  document.addEventListener('standin:expose', (event) => {
    const { key, value } = /** @type {CustomEvent<{ key: string, value: Crossing }>} */ (event).detail
    Object.defineProperty(window, key, { value: freeze(bridge.into(value)), enumerable: true })
  })
  document.addEventListener('standin:settle', (event) => {
    const answer = /** @type {CustomEvent<Answer>} */ (event).detail
    const waiting = promised.get(answer.id)
    promised.delete(answer.id)
    if (answer.error === undefined) waiting?.ok(valueOf(answer))
    else waiting?.no(new Error(answer.error))
  })
  document.addEventListener('standin:callback', (event) => {
    const { ref, args } = /** @type {CustomEvent<{ ref: number, args: Crossing[] }>} */ (event).detail
    bridge.mine.get(ref)?.(...args.map(bridge.into))
  })
})()
