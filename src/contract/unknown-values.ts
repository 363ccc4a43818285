/** Reads values of unknown type: text that should be JSON, an object that should have a field. Pure. */

/** The parsed JSON; null when it is invalid, or `null` itself. */
export function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

export type UnknownFields = Readonly<Record<string, unknown>>

/** An object with fields: neither null nor an array. */
export function isObject(value: unknown): value is UnknownFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function textIn(fields: UnknownFields, name: string): string | null {
  const value = fields[name]
  return typeof value === 'string' ? value : null
}

export function numberIn(fields: UnknownFields, name: string): number | null {
  const value = fields[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

/** A plain copy as JSON: what JSON has no word for is null, and left out of an object. */
export function jsonOf(value: unknown): Json {
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (Array.isArray(value)) return value.map((one: unknown) => jsonOf(one))
  if (!isObject(value)) return null
  const known = Object.entries(value).filter(([, one]) => one !== undefined)
  return Object.fromEntries(known.map(([name, one]) => [name, jsonOf(one)]))
}

/** The items of an array; empty for anything else. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The items of an array; any other value is a list of one, and undefined or null is empty. */
export function itemsOrOne(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

/** The strings of an array; empty for anything else. */
export function textsOf(value: unknown): readonly string[] {
  return itemsOf(value).filter((one) => typeof one === 'string')
}
