/**
 * References in YAML: CSL-YAML (pandoc), hayagriva (Typst), and citation files (`CITATION.cff`). Each becomes
 * the equivalent object of a JSON list. The parser limits aliases, long files are refused. Source: CSL-YAML
 * (pandoc manual), hayagriva's file format, Citation File Format 1.2.
 */
import { isMap, isScalar, isSeq, LineCounter, type Document, type Node } from 'yaml'
import { parseYaml } from '../../platform/parse-yaml'
import { before } from '../../../contract/scan'
import { badLine, QUOTED_CHARS, type FormatReading, type RawEntry } from './entry'
import { describesNothing, entryOfJson } from './json-item'
import { isObject, itemsOrOne } from '../../../contract/unknown-values'

/** The parser builds a tree of many times the text's size. */
const MOST_CHARS = 10_000_000
const MOST_ALIASES = 100
const TOLERANT = { strict: false, uniqueKeys: false } as const

export function readYamlReferences(source: string): FormatReading {
  const whole = (because: string): FormatReading => ({
    entries: [],
    problems: [{ line: 1, text: source.slice(0, QUOTED_CHARS), code: 'BAD_FILE', because }]
  })
  if (source.length > MOST_CHARS)
    return whole('It is YAML of more than 10 MB; export it as CSL-JSON, BibTeX or RIS.')
  const lines = new LineCounter()
  // Pandoc's Markdown: only the block between the first two `---` is YAML.
  const [, front] = /^\s*---[ \t]*\n([\s\S]*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(source) ?? []
  const text = front === undefined ? source : `\n${front}`
  const document = parseYaml(text, { ...TOLERANT, lineCounter: lines })
  if (document === null) return whole('It is nested too deep for a list of references.')
  const pieces = document.errors.length > 0 ? piecesOfList(text) : null
  if (pieces !== null) return readPieces(pieces)
  const entries: RawEntry[] = []
  const problems: FormatReading['problems'][number][] = []
  for (const error of document.errors.slice(0, 20))
    problems.push(
      badLine(
        lines.linePos(error.pos[0]).line || 1,
        text.slice(error.pos[0], error.pos[0] + QUOTED_CHARS),
        `It is not YAML here: ${messageOf(error)}.`
      )
    )
  for (const { node, key } of itemsOf(document.contents)) {
    const from = node.range?.[0] ?? 0
    const line = Math.max(1, lines.linePos(from).line)
    const quoted = text.slice(from, from + QUOTED_CHARS)
    const entry = entryOfJson(flattened(valueOf(node, document), key), line, quoted)
    if (entry !== null) entries.push(entry)
    else problems.push(badLine(line, quoted, describesNothing('item')))
  }
  return { entries, problems }
}

interface Piece {
  readonly text: string
  /** 1-based */
  readonly line: number
}

/** The items of a list that cannot be parsed as a whole, each with its lines; null when it is not a list. */
function piecesOfList(text: string): readonly Piece[] | null {
  const indent = /^([ \t]*)- \S/m.exec(text)?.[1]
  if (indent === undefined) return null
  const lines = text.split('\n')
  const starts = lines.flatMap((line, at) => (line.startsWith(`${indent}- `) ? [at] : []))
  if (starts.length < 2) return null
  return starts.map((from, at) => ({
    text: lines.slice(from, starts[at + 1] ?? lines.length).join('\n'),
    line: from + 1
  }))
}

/** A broken item does not affect others. */
function readPieces(pieces: readonly Piece[]): FormatReading {
  const entries: RawEntry[] = []
  const problems: FormatReading['problems'][number][] = []
  for (const { text, line } of pieces) {
    const quoted = text.slice(0, QUOTED_CHARS)
    const document = parseYaml(text, { ...TOLERANT, lineCounter: new LineCounter() })
    const [error] = document?.errors ?? []
    const [item] = document === null ? [] : itemsOf(document.contents)
    const value = document === null || item === undefined ? null : valueOf(item.node, document)
    const entry = entryOfJson(flattened(value, null), line, quoted)
    if (entry !== null && error === undefined) entries.push(entry)
    else
      problems.push(
        badLine(
          line,
          text,
          `This item is not YAML: ${error === undefined ? 'it is no object' : messageOf(error)}.`
        )
      )
  }
  return { entries, problems }
}

/** The parser's message without the place, which the problem names. */
function messageOf(error: Error): string {
  return before(error.message, '\n').replace(/ at line .*$/, '')
}

function valueOf(node: Node, document: Document): unknown {
  try {
    return node.toJS(document, { maxAliasCount: MOST_ALIASES })
  } catch {
    return null
  }
}

interface Item {
  readonly node: Node
  readonly key: string | null
}

function itemsOf(root: unknown): Item[] {
  const nodesOf = (value: unknown): Item[] =>
    isSeq(value) ? value.items.filter(isNode).map((node) => ({ node, key: null })) : []
  if (isSeq(root)) return nodesOf(root)
  if (!isMap(root)) return []
  const references: unknown = root.get('references', true)
  const preferred: unknown = root.get('preferred-citation', true)
  if (root.has('cff-version')) return [{ node: isMap(preferred) ? preferred : root, key: null }]
  if (isSeq(references)) return nodesOf(references)
  if (root.has('title') && (root.has('doi') || root.has('DOI') || root.has('author')))
    return [{ node: root, key: null }]
  return root.items.flatMap(({ key, value }): Item[] =>
    isMap(value) ? [{ node: value, key: isScalar(key) ? String(key.value) : null }] : []
  )
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isScalar(value) || isSeq(value)
}

/** hayagriva and CFF nest fields that CSL keeps at the top level. */
function flattened(value: unknown, key: string | null): unknown {
  if (!isObject(value)) return value
  const parent = itemsOrOne(value['parent'])[0]
  const serial = value['serial-number']
  const url = value['url']
  return {
    ...value,
    ...(key === null ? {} : { 'citation-key': key }),
    ...(isObject(serial) ? { identifiers: serial } : {}),
    ...(isObject(url) ? { url: url['value'] } : {}),
    ...(isObject(value['title']) ? { title: value['title']['value'] } : {}),
    ...(isObject(parent) && value['container-title'] === undefined
      ? {
          'container-title': isObject(parent['title']) ? parent['title']['value'] : parent['title'],
          volume: value['volume'] ?? parent['volume'],
          issue: value['issue'] ?? parent['issue'],
          publisher: value['publisher'] ?? parent['publisher']
        }
      : {}),
    ...(isObject(value['conference']) ? { 'event-title': value['conference']['name'] } : {})
  }
}

/** Whether the text begins like one of these formats. */
export function looksLikeYaml(text: string): boolean {
  const head = text.slice(0, 5_000)
  if (/^cff-version:/m.test(head)) return true
  if (/^\s*---[ \t]*\n/.test(head) && /^references:[ \t]*$/m.test(head)) return true
  if (/^(?:---[ \t]*\n)?references:[ \t]*\n\s*- \S/.test(head.trimStart())) return true
  if (/^(?:---[ \t]*\n)?- (?:id|type|title|DOI|author):/.test(head.trimStart())) return true
  return (
    /^[\w:.-]{1,100}:[ \t]*\n[ \t]+(?:type|title|author):/m.test(head) && /^[ \t]+type:[ \t]*\S/m.test(head)
  )
}
