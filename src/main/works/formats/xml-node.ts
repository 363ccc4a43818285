/** An XML element as the reference readers see it. */
export interface XmlNode {
  /** without its prefix, lower case */
  readonly name: string
  /** names without prefixes, lower case */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: XmlNode[]
  /** all text inside, markup dropped */
  text: string
}
