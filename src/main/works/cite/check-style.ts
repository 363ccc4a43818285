/**
 * Checks whether a text is a CSL style that can be run. A style is a program: its macros call one another, so
 * that a short file can require an infinite or a huge amount of work. Its expanded size is computed before it
 * is run. Source: CSL 1.0.2, docs.citationstyles.org.
 */
import { Parser } from 'htmlparser2'
import { fail } from '../../../contract/errors'

/** The largest of the CSL project's own styles has 200 kB and expands to 9,000 elements. */
export const MOST_STYLE_BYTES = 1_000_000
const MOST_ELEMENTS = 200_000
const MOST_DEPTH = 60
const NAMESPACE = 'http://purl.org/net/xbiblio/csl'

type Refuse = (because: string) => never

interface Macro {
  own: number
  readonly calls: string[]
}

interface Style {
  root: { readonly name: string; readonly attributes: Readonly<Record<string, string>> } | null
  hasCitation: boolean
  parent: string | null
  /** of `info` */
  title: string
  /** `''`: everything outside of macros */
  readonly macros: Map<string, Macro>
}

/** Throws BAD_FILE with the reason; `name` is the file's name in the message. */
export function checkStyle(xml: string, name: string): { readonly title: string } {
  const refuse: Refuse = (because) => fail('BAD_FILE', `${name} is no CSL style: ${because}.`)
  if (xml.length > MOST_STYLE_BYTES) refuse('it is larger than 1 MB')
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml)) refuse('it has a document type, which styles do not have')
  const broken = brokenAt(xml)
  if (broken !== null) refuse(`it is not well-formed XML (line ${String(broken)})`)
  const style = read(xml, refuse)
  if (style.root?.name !== 'style' || style.root.attributes['xmlns'] !== NAMESPACE)
    refuse('its first element is not a CSL style')
  if (!style.hasCitation)
    refuse(
      style.parent === null
        ? 'it says nothing about citations'
        : `it only names another style; use that one (${style.parent.slice(0, 200)})`
    )
  const size = unfolded(style.macros, refuse)
  if (size > MOST_ELEMENTS) refuse('its macros unfold to more than any style needs')
  const title = style.title.replace(/\s+/g, ' ').trim().slice(0, 200)
  return { title: title === '' ? name : title }
}

const TAGS =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[[\s\S]*?\]\]>|<(\/?)([\w:.-]+)((?:[\s/](?:"[^"<]*"|'[^'<]*'|[^"'<>])*)?)>|</g

/**
 * The line of the first invalid tag, or of one that closes another than the open element; null: none.
 * htmlparser2 repairs such files silently, and fast-xml-parser's validator is deprecated. Stops at the first
 * bare `<`, so that it stays linear.
 */
function brokenAt(xml: string): number | null {
  const open: string[] = []
  const lineOf = (index: number): number => xml.slice(0, index).split('\n').length
  let elements = 0
  for (const found of xml.matchAll(TAGS)) {
    const [whole, closes, name, rest = ''] = found
    if (whole === '<') return lineOf(found.index)
    if (name === undefined) continue
    if (closes !== '/') {
      elements += 1
      if (!rest.endsWith('/')) open.push(name)
    } else if (open.pop() !== name) return lineOf(found.index)
  }
  return open.length > 0 || elements === 0 ? lineOf(xml.length) : null
}

function read(xml: string, refuse: Refuse): Style {
  const style: Style = { root: null, hasCitation: false, parent: null, title: '', macros: new Map() }
  let inside = ''
  let depth = 0
  let isTitle = false
  const macroOf = (name: string): Macro => {
    const known = style.macros.get(name) ?? { own: 0, calls: [] }
    style.macros.set(name, known)
    return known
  }
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        style.root ??= { name, attributes }
        depth += 1
        if (depth > MOST_DEPTH) refuse('its elements are nested too deeply')
        isTitle = name === 'title' && depth === 3 && style.title === ''
        if (name === 'macro') inside = `macro ${attributes['name'] ?? ''}`
        if (name === 'citation') style.hasCitation = true
        if (name === 'link' && attributes['rel'] === 'independent-parent')
          style.parent = attributes['href'] ?? ''
        const macro = macroOf(inside)
        macro.own += 1
        if (attributes['macro'] !== undefined) macro.calls.push(`macro ${attributes['macro']}`)
      },
      ontext(text) {
        if (isTitle && style.title.length < 1_000) style.title += text
      },
      onclosetag(name) {
        depth -= 1
        isTitle = false
        if (name === 'macro') inside = ''
      }
    },
    { xmlMode: true }
  )
  parser.end(xml)
  return style
}

/** The number of elements when every call is replaced by its macro. */
function unfolded(macros: ReadonlyMap<string, Macro>, refuse: Refuse): number {
  const sizes = new Map<string, number>()
  const onTheWay = new Set<string>()
  const sizeOf = (name: string): number => {
    const known = sizes.get(name)
    if (known !== undefined) return known
    if (onTheWay.has(name)) refuse(`its ${name} calls itself`)
    if (onTheWay.size > MOST_DEPTH) refuse('its macros are nested too deeply')
    onTheWay.add(name)
    const macro = macros.get(name) ?? refuse(`its ${name} is not there`)
    let size = macro.own
    for (const call of macro.calls) size = Math.min(size + sizeOf(call), MOST_ELEMENTS + 1)
    onTheWay.delete(name)
    sizes.set(name, size)
    return size
  }
  return sizeOf('')
}
