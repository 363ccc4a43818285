/** Reading what may be anything: text that should be JSON, an object that should have a field. Pure. */

/** What the text says as JSON; null when it is none, as for `null` itself. */
export function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

export type UnknownFields = Readonly<Record<string, unknown>>

/** An object with fields: neither null nor a list. */
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

/** The items of a list; of anything else none. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The items of a list; anything else is a list of one, and nothing at all is none. */
export function itemsOrOne(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

/** The texts of a list; of anything else none. */
export function textsOf(value: unknown): readonly string[] {
  return itemsOf(value).filter((one) => typeof one === 'string')
}
