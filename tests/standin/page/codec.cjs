/**
 * Values as structured clone keeps them ↔ text: Map, Set, Date, typed arrays, BigInt, NaN, -0, errors,
 * undefined and cycles included. A plain script: required by Node, and prepended to the preload's world. Each
 * value is one entry of a list; nested values are referred to by their index in the list.
 */
'use strict'
/** @typedef {null | string | number | boolean | [string, ...(string | number)[]]} Entry */

var standinCodec = (() => {
  const hasBuffer = typeof Buffer !== 'undefined'

  /** @param {Uint8Array} bytes */
  function toBase64(bytes) {
    if (hasBuffer) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
    let text = ''
    for (let at = 0; at < bytes.length; at += 0x8000)
      text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
    return btoa(text)
  }
  /** @param {string} text */
  function fromBase64(text) {
    if (hasBuffer) return new Uint8Array(Buffer.from(text, 'base64'))
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  }

  /** @param {unknown} root @returns {string} */
  function encode(root) {
    /** @type {Map<object, number>} */
    const places = new Map()
    /** @type {Entry[]} */
    const list = []
    /** @param {Entry} entry */
    const put = (entry) => list.push(entry) - 1

    /** @param {unknown} value @returns {number} */
    function add(value) {
      switch (typeof value) {
        case 'string':
        case 'boolean':
          return put(value)
        case 'undefined':
          return put(['undefined'])
        case 'bigint':
          return put(['bigint', String(value)])
        case 'number':
          if (Object.is(value, -0)) return put(['number', '-0'])
          return put(Number.isFinite(value) ? value : ['number', String(value)])
        case 'object':
          return value === null ? put(null) : addObject(value)
        default:
          throw new Error('An object could not be cloned.')
      }
    }
    /** @param {object} value */
    function addObject(value) {
      const known = places.get(value)
      if (known !== undefined) return known
      const place = put(null)
      places.set(value, place)
      list[place] = describe(value)
      return place
    }
    /** @param {object} value @returns {Entry} */
    function describe(value) {
      const tag = Object.prototype.toString.call(value).slice(8, -1)
      if (Array.isArray(value)) return ['array', ...value.map(add)]
      if (value instanceof Date) return ['date', value.getTime()]
      if (value instanceof RegExp) return ['regexp', value.source, value.flags]
      if (value instanceof Map) return ['map', ...[...value].flatMap(([key, one]) => [add(key), add(one)])]
      if (value instanceof Set) return ['set', ...[...value].map(add)]
      if (value instanceof ArrayBuffer) return ['bytes', 'ArrayBuffer', toBase64(new Uint8Array(value))]
      if (ArrayBuffer.isView(value)) {
        return ['bytes', tag, toBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))]
      }
      if (value instanceof Error || tag === 'Error') {
        const { name, message, stack } = /** @type {Error} */ (value)
        return ['error', name, message, stack ?? '']
      }
      return ['object', ...Object.entries(value).flatMap(([key, one]) => [key, add(one)])]
    }
    add(root)
    return JSON.stringify(list)
  }

  /** @param {string} text @returns {unknown} */
  function decode(text) {
    /** @type {Entry[]} */
    const list = JSON.parse(text)
    /** @type {Map<number, unknown>} */
    const made = new Map()

    /** @param {number} place @returns {unknown} */
    function get(place) {
      if (made.has(place)) return made.get(place)
      const entry = list[place]
      if (!Array.isArray(entry)) return entry
      const [kind, ...parts] = entry
      const keep = (/** @type {unknown} */ value) => {
        made.set(place, value)
        return value
      }
      /** @type {number[]} */
      const inside = /** @type {never} */ (parts)
      switch (kind) {
        case 'undefined':
          return undefined
        case 'bigint':
          return BigInt(String(parts[0]))
        case 'number':
          return Number(parts[0])
        case 'date':
          return keep(new Date(Number(parts[0])))
        case 'regexp':
          return keep(new RegExp(String(parts[0]), String(parts[1])))
        case 'bytes':
          return keep(bytesOf(String(parts[0]), fromBase64(String(parts[1]))))
        case 'error':
          return keep(errorOf(String(parts[0]), String(parts[1]), String(parts[2])))
        case 'array': {
          /** @type {unknown[]} */
          const array = []
          keep(array)
          for (const each of inside) array.push(get(each))
          return array
        }
        case 'set': {
          const set = new Set()
          keep(set)
          for (const each of inside) set.add(get(each))
          return set
        }
        case 'map': {
          const map = new Map()
          keep(map)
          for (let at = 0; at < inside.length; at += 2)
            map.set(get(inside[at] ?? 0), get(inside[at + 1] ?? 0))
          return map
        }
        default: {
          /** @type {Record<string, unknown>} */
          const object = {}
          keep(object)
          for (let at = 0; at < parts.length; at += 2) object[String(parts[at])] = get(Number(parts[at + 1]))
          return object
        }
      }
    }
    return get(0)
  }

  /** @param {string} kind @param {Uint8Array} bytes */
  function bytesOf(kind, bytes) {
    const { buffer } = bytes
    if (kind === 'ArrayBuffer') return buffer
    const View = /** @type {Record<string, new (from: ArrayBufferLike) => unknown>} */ (
      /** @type {unknown} */ (globalThis)
    )[kind]
    if (View === undefined) throw new Error(`There is no ${kind}.`)
    return kind === 'Uint8Array' ? bytes : new View(buffer)
  }
  /** @param {string} name @param {string} message @param {string} stack */
  function errorOf(name, message, stack) {
    const error = new Error(message)
    Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true })
    error.stack = stack
    return error
  }

  return { encode, decode }
})()
if (typeof module !== 'undefined') module.exports = standinCodec
