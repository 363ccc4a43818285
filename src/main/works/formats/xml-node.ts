/** An XML element as the reference readers see it, and how its text is found. */
export interface XmlNode {
  /** without its prefix, lower case */
  readonly name: string
  /** names without prefixes, lower case */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: XmlNode[]
  /** all text inside, markup dropped */
  text: string
}

/** An element inside a record, with the names of the elements around it. */
export interface Found {
  readonly node: XmlNode
  readonly path: readonly string[]
}

/** With single spaces, and none around. */
export function clean(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** The text of the first element of this name inside; '' when there is none. */
export function firstNamed(node: XmlNode, name: RegExp): string {
  for (const child of node.children) {
    const found = name.test(child.name) ? clean(child.text) : firstNamed(child, name)
    if (found !== '') return found
  }
  return ''
}

/** Elements that describe the journal or the book around a work. */
export const HOSTS =
  /^(?:journal|journalinfo|source|periodical|series|host|isbncollection|imprint|monogr|conference|seriesstmt|ispartof)$/
