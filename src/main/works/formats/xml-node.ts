/** The representation of an XML element in the reference readers. */
export interface XmlNode {
  /** without its prefix, lower case */
  readonly name: string
  /** names without prefixes, lower case */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: XmlNode[]
  /** all text inside, markup dropped */
  text: string
}
