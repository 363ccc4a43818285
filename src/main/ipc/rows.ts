/**
 * Reading the ledger's rows, whatever is in them: a row of a foreign or damaged ledger must not
 * take a screen down. Pure.
 */
export type Row = Readonly<Record<string, unknown>>

export function textIn(row: Row, column: string): string | null {
  const value = row[column]
  return typeof value === 'string' ? value : null
}

export function numberIn(row: Row, column: string): number | null {
  const value = row[column]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** A column of JSON as an object; {} when it is none. */
export function objectIn(row: Row, column: string): Row {
  const value = parsed(row[column])
  return isRow(value) ? value : {}
}

export function textsIn(row: Row, column: string): readonly string[] {
  const value = parsed(row[column])
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function wordIn<W extends string>(row: Row, column: string, words: readonly W[]): W | null {
  const value = row[column]
  return words.find((word) => word === value) ?? null
}

/** A JSON column's text, or what was parsed already. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    return null
  }
}
