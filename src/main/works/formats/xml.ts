/**
 * Reference lists in XML: EndNote, PubMed, Crossref, DataCite, MODS, MARCXML, arXiv's Atom, DBLP,
 * Europe PMC, JATS, TEI, Dublin Core, Word's sources. One reader for all: which elements are records is
 * a list, and inside of a record elements are known by their names. What a record cites is not read.
 * XML that holds no such record is refused by the name of its root element.
 *
 * The tags are read by htmlparser2: it streams, it is tolerant of a file that breaks off, and it knows
 * no DTD, so no entity can be defined or expanded.
 */
import { Parser } from 'htmlparser2'
import { QUOTED_CHARS, type FormatReading, type RawEntry } from './entry'
import { entryOfTags } from './ris'
import { tagsOfRecord } from './xml-record'
import type { XmlNode } from './xml-node'

/** Elements that describe one work. The outermost one of a nest is the record. */
const RECORDS = new Set(
  (
    'record pubmedarticle pubmedbookarticle doi_record journal_article conference_paper content_item posted_content ' +
    'dissertation report-paper dataset query resource mods entry article inproceedings incollection proceedings book phdthesis ' +
    'mastersthesis info result source biblstruct dc docsum documentsummary item reference rec document bibentry work citation description'
  ).split(' ')
)
/** Elements that hold records, though they bear the name of one in another format. */
const CONTAINERS: Readonly<Record<string, ReadonlySet<string>>> = {
  result: new Set(['hits', 'hit', 'doc', 'resultlist', 'record', 'records']),
  book: new Set(['content_item']),
  resource: new Set(['record']),
  document: new Set(['record', 'records'])
}
const MOST_DEPTH = 100
const MOST_TEXT = 20_000

export type XmlReading = FormatReading & { readonly root: string }

export function readXmlReferences(text: string): XmlReading {
  const entries: RawEntry[] = []
  const lineAt = lineFollower(text)
  const stack: string[] = []
  let root = ''
  let open: XmlNode[] = []
  let record: { readonly line: number; readonly from: number; readonly depth: number } | null = null
  const finish = (node: XmlNode): void => {
    if (record === null) return
    const tags = tagsOfRecord(node)
    const quoted = text.slice(record.from, record.from + QUOTED_CHARS)
    if (tags !== null) entries.push(entryOfTags({ line: record.line, text: quoted, tags }))
    record = null
  }
  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        const name = localName(tag)
        if (root === '') root = name
        stack.push(name)
        if (stack.length > MOST_DEPTH) return
        if (record === null && RECORDS.has(name) && stack.length > 1 + (STARTS_AS_ROOT.has(name) ? -1 : 0)) {
          record = { line: lineAt(parser.startIndex), from: parser.startIndex, depth: stack.length }
          open = []
        } else if (
          record !== null &&
          open.length === 1 &&
          CONTAINERS[open[0]?.name ?? '']?.has(name) === true
        ) {
          // What looked like a record holds them.
          record = RECORDS.has(name)
            ? { line: lineAt(parser.startIndex), from: parser.startIndex, depth: stack.length }
            : null
          open = []
        }
        if (record === null) return
        const node: XmlNode = { name, attributes: attributesOf(attributes), children: [], text: '' }
        open.at(-1)?.children.push(node)
        open.push(node)
      },
      ontext(data) {
        if (record === null) return
        const node = open.at(-1)
        if (node !== undefined && node.text.length < MOST_TEXT) node.text += data.slice(0, MOST_TEXT)
      },
      onclosetag() {
        const depth = stack.length
        stack.pop()
        if (record === null || depth > MOST_DEPTH) return
        const node = open.pop()
        const parent = open.at(-1)
        if (node === undefined) return
        if (parent === undefined) finish(node)
        else if (parent.text.length < MOST_TEXT)
          parent.text += isInline(node.name) ? node.text : ` ${node.text} `
      }
    },
    { xmlMode: true, decodeEntities: true }
  )
  parser.end(text)
  return { entries, problems: [], root }
}

/** Files of one work begin with its element. */
const STARTS_AS_ROOT = new Set([
  'article',
  'mods',
  'resource',
  'record',
  'entry',
  'doi_record',
  'dc',
  'pubmedarticle',
  'work'
])

function isInline(name: string): boolean {
  return /^(?:i|b|u|sub|sup|em|strong|style|italic|bold|tt|scp|sc|span|font|hi)$/.test(name)
}

export function localName(tag: string): string {
  return tag.slice(tag.indexOf(':') + 1).toLowerCase()
}

function attributesOf(attributes: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const entries = Object.entries(attributes)
  return entries.length === 0
    ? NO_ATTRIBUTES
    : new Map(entries.map(([name, value]) => [localName(name), value]))
}

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map()

/** Line numbers of offsets that only grow. */
function lineFollower(text: string): (offset: number) => number {
  let line = 1
  let next = text.indexOf('\n')
  return (offset) => {
    while (next >= 0 && next < offset) {
      line++
      next = text.indexOf('\n', next + 1)
    }
    return line
  }
}
