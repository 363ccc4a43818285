/**
 * How values pass between the preload's world and the page's, as `contextBridge` does it: data is cloned by
 * the browser, functions become numbered references that call back, proxies and nodes are refused. Prepended
 * to both worlds' scripts.
 */
'use strict'
/** @typedef {{ fn: number } | { a: Crossing[] } | { o: [string, Crossing][] } | { v: unknown }} Crossing */
/** @typedef {(...args: unknown[]) => unknown} AnyFunction */

/** @param {(ref: number, args: unknown[]) => unknown} callOther calls the other world's function */
var standinBridge = (callOther) => {
  /** @type {Map<number, AnyFunction>} */
  const mine = new Map()
  /** @type {WeakMap<AnyFunction, number>} */
  const numbers = new WeakMap()
  /** @type {Map<number, AnyFunction>} */
  const theirs = new Map()
  let last = 0

  /** @param {AnyFunction} fn */
  function numberOf(fn) {
    const known = numbers.get(fn)
    if (known !== undefined) return known
    numbers.set(fn, ++last)
    mine.set(last, fn)
    return last
  }

  /** @param {unknown} value @returns {Crossing} */
  function out(value) {
    if (typeof value === 'function') return { fn: numberOf(/** @type {AnyFunction} */ (value)) }
    if (value === null || typeof value !== 'object') return { v: value }
    try {
      return { v: structuredClone(value) }
    } catch (error) {
      // Only a function inside plain data can be the cause: functions become references one level down.
      const because = error instanceof Error ? error.message.replace(/^.*?'Window': /s, '') : ''
      if (/^(#<|\[object )/.test(because) || value instanceof Node)
        throw new Error('An object could not be cloned.', { cause: error })
      if (Array.isArray(value)) return { a: value.map(out) }
      return { o: Object.entries(value).map(([key, each]) => [key, out(each)]) }
    }
  }

  /** @param {Crossing} crossing @returns {unknown} */
  function into(crossing) {
    if ('fn' in crossing) {
      const { fn } = crossing
      const known = theirs.get(fn) ?? ((/** @type {unknown[]} */ ...args) => callOther(fn, args))
      theirs.set(fn, known)
      return known
    }
    if ('a' in crossing) return crossing.a.map(into)
    if ('o' in crossing) return Object.fromEntries(crossing.o.map(([key, each]) => [key, into(each)]))
    return crossing.v
  }

  return { out, into, mine }
}
