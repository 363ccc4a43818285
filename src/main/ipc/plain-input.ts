/**
 * Checks that input from the page is plain data of a bounded size, before any schema sees it, so that no
 * schema meets an accessor, a proxy, a cycle or a million nested arrays. Structured clone prevents the first
 * three as well, but that is a property of the transport.
 */
import { types } from 'node:util'

export interface Bounds {
  readonly depth: number
  readonly nodes: number
  /** characters of all strings and property names together */
  readonly chars: number
}

/** Sufficient for the largest legitimate request: a pasted reference list, a hundred thousand ids. */
export const USUAL_BOUNDS: Bounds = { depth: 12, nodes: 250_000, chars: 22_000_000 }

/** Names with a meaning in JavaScript; no request has such a field. */
const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

const TOO_MANY = 'has too many parts'
const TOO_LARGE = 'is too large'
const NOT_PLAIN = 'holds something that is no plain data'

/** Why it is not plain, as the end of the sentence “The input …”; null when it is. Never throws. */
export function whyNotPlain(input: unknown, bounds: Bounds = USUAL_BOUNDS): string | null {
  const waiting: Part[] = [{ value: input, depth: 0 }]
  let nodes = 0
  let chars = 0
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next
    nodes += 1
    if (nodes > bounds.nodes) return TOO_MANY
    if (typeof value === 'string') chars += value.length
    else if (typeof value === 'object' && value !== null) {
      const fields = isBytes(value) ? [] : fieldsOf(value, depth, bounds)
      if (typeof fields === 'string') return fields
      for (const field of fields) {
        chars += field.nameChars
        waiting.push({ value: field.value, depth: depth + 1 })
      }
    } else if (NEVER_DATA.has(typeof value)) return `holds a ${typeof value}, which is no plain data`
    if (chars > bounds.chars) return TOO_LARGE
  }
  return null
}

interface Part {
  readonly value: unknown
  readonly depth: number
}
interface FieldOf {
  readonly value: unknown
  /** 0 for an item of an array */
  readonly nameChars: number
}

const NEVER_DATA: ReadonlySet<string> = new Set(['function', 'symbol', 'bigint'])

/** The fields of an object or the items of an array; a string: why it is not plain. */
function fieldsOf(value: object, depth: number, bounds: Bounds): readonly FieldOf[] | string {
  if (types.isProxy(value)) return NOT_PLAIN
  if (depth >= bounds.depth) return 'is nested too deeply'
  if (!isPlain(value)) return NOT_PLAIN
  const isList = Array.isArray(value)
  // A sparse array is longer than its content.
  if (isList && value.length > bounds.nodes) return TOO_MANY
  const names = Object.getOwnPropertyNames(value)
  if (names.length > bounds.nodes) return TOO_MANY
  if (Object.getOwnPropertySymbols(value).length > 0) return 'holds a symbol, which is no plain data'
  const fields: FieldOf[] = []
  for (const name of names) {
    if (isList && name === 'length') continue
    if (FORBIDDEN_NAMES.has(name)) return 'has a name that is not allowed'
    const property = Object.getOwnPropertyDescriptor(value, name)
    if (property === undefined || !('value' in property)) return NOT_PLAIN
    fields.push({ value: property.value, nameChars: isList ? 0 : name.length })
  }
  return fields
}

function isBytes(value: object): boolean {
  return types.isUint8Array(value)
}

/** Created by `{}`, `[]` or without a prototype, in any context of the transport. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (Array.isArray(value) || prototype === null) return true
  if (typeof prototype !== 'object' || types.isProxy(prototype)) return false
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf')
}
