/** One line for an e-mail: authors, year, title, venue, identifier; unknown parts are left out. Pure. */
export function citationOf(of: {
  readonly people: string | null
  readonly year: number | null
  readonly title: string | null
  readonly venue: string | null
  /** an identifier or an address */
  readonly name: string
}): string {
  const { people, year, title, venue, name } = of
  const head = [people, year === null ? null : `(${String(year)})`].filter(
    (part) => part !== null && part !== ''
  )
  return [head.join(' '), title, venue, name]
    .filter((part): part is string => part !== null && part !== '')
    .map((part) => part.replace(/\s+/g, ' ').replace(/\.$/, ''))
    .join('. ')
}
