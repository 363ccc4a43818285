/**
 * Reference lists in XML: EndNote, PubMed, Crossref, DataCite, MODS, MARCXML, arXiv's Atom, DBLP, Europe PMC,
 * JATS, TEI, Dublin Core, Word's sources. One reader for all: a list names the elements that are records, and
 * inside a record elements are recognised by their names. The references of a record are not read. XML
 * without such a record is refused by the name of its root element.
 *
 * The tags are parsed by htmlparser2: it streams, it tolerates a truncated file, and it does not support
 * DTDs, so no entity can be defined or expanded.
 */
import { Parser } from 'htmlparser2'
import { addTo } from '../../platform/add-to'
import { QUOTED_CHARS, type FormatReading, type RawEntry } from './entry'
import { entryOfTags, type Tags } from './ris'
import { tagsOfRecord } from './xml-record'
import type { XmlNode } from './xml-node'

/** Elements that describe one work. The outermost of nested ones is the record. */
const RECORDS = new Set(
  (
    'record pubmedarticle pubmedbookarticle doi_record journal_article conference_paper content_item posted_content ' +
    'dissertation report-paper dataset query resource mods entry article inproceedings incollection proceedings book phdthesis ' +
    'mastersthesis info result source biblstruct dc docsum documentsummary item reference rec document bibentry work citation description ' +
    // Zotero's RDF
    'booksection thesis report manuscript data patent letter'
  ).split(' ')
)
/** Elements that contain records, although they have the name of one in another format. */
const CONTAINERS: Readonly<Record<string, ReadonlySet<string>>> = {
  result: new Set(['hits', 'hit', 'doc', 'resultlist', 'record', 'records']),
  book: new Set(['content_item']),
  resource: new Set(['record']),
  document: new Set(['record', 'records'])
}
/**
 * An element with one of these names never contains one of the same name, or has it as its child: the first
 * was not closed.
 */
const NEVER_INSIDE = new Set(
  'pubmedarticle pubmedbookarticle doi_record mods docsum documentsummary'.split(' ')
)
const NEVER_CHILD = new Set('record rec reference biblstruct bibentry item entry article'.split(' '))
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
  const rdf = new RdfContainers()
  const finish = (node: XmlNode): void => {
    if (record === null) return
    const quoted = text.slice(record.from, record.from + QUOTED_CHARS)
    const { line } = record
    record = null
    if (root === 'rdf' && rdf.takes(node)) return
    const tags = tagsOfRecord(node)
    if (tags === null) return
    if (root === 'rdf') rdf.note(node, { tags, at: entries.length, line, text: quoted })
    entries.push(entryOfTags({ line, text: quoted, tags }))
  }
  const parser = new Parser(
    {
      /** Size: whether a record begins, continues or was never closed is one decision about one stack. */
      onopentag(tag, attributes) {
        const name = localName(tag)
        if (root === '') root = name
        stack.push(name)
        if (stack.length > MOST_DEPTH) return
        // The previous record was never closed.
        const unclosed = open[0]
        if (record !== null && unclosed?.name === name)
          if (NEVER_INSIDE.has(name) || (open.length === 1 && NEVER_CHILD.has(name))) finish(unclosed)
        const isRecord = RECORDS.has(name) || (root === 'rdf' && stack.length === 2 && RDF_HOSTS.has(name))
        if (record === null && isRecord && stack.length > 1 + (STARTS_AS_ROOT.has(name) ? -1 : 0)) {
          record = { line: lineAt(parser.startIndex), from: parser.startIndex, depth: stack.length }
          open = []
        } else if (
          record !== null &&
          ((open.length === 1 && CONTAINERS[open[0]?.name ?? '']?.has(name) === true) ||
            // A repository's record around a library's (OAI-PMH, MARCXML).
            (name === 'record' && open.at(-1)?.name === 'metadata'))
        ) {
          // The apparent record is a container of records.
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
  for (const { at, entry } of rdf.completed()) entries[at] = entry
  return { entries, problems: [], root }
}

/** The host of an article in Zotero's RDF: a separate resource, to which the article refers. */
const RDF_HOSTS = new Set([
  'journal',
  'periodical',
  'series',
  'conferenceproceedings',
  'newspaper',
  'website',
  'attachment',
  'collection',
  'memo'
])

interface Waiting {
  readonly tags: Tags
  readonly at: number
  readonly line: number
  readonly text: string
}

/**
 * Zotero's RDF stores an article's DOI (`DOI 10.1000/a`) and its journal's name with the journal. They belong
 * to the article when no other article refers to that resource.
 */
class RdfContainers {
  private readonly hosts = new Map<string, XmlNode>()
  private readonly waiting = new Map<string, Waiting[]>()

  /** True for a resource that is not itself a work. */
  takes(node: XmlNode): boolean {
    if (!RDF_HOSTS.has(node.name)) return false
    const about = node.attributes.get('about')
    if (about !== undefined) this.hosts.set(about, node)
    return true
  }

  note(node: XmlNode, waiting: Waiting): void {
    const part = node.children.find(({ name }) => name === 'ispartof')
    const host = part?.children.find(({ name }) => RDF_HOSTS.has(name))
    const about =
      part?.attributes.get('resource') ?? host?.attributes.get('about') ?? `inline ${String(waiting.at)}`
    if (host !== undefined) this.hosts.set(about, host)
    if (part !== undefined) addTo(this.waiting, about, waiting)
  }

  *completed(): Generator<{ readonly at: number; readonly entry: RawEntry }> {
    for (const [about, all] of this.waiting) {
      const host = this.hosts.get(about)
      if (host === undefined) continue
      const said = (name: string): string[] =>
        host.children
          .filter((child) => child.name === name)
          .map(({ text }) => text.replace(/\s+/g, ' ').trim())
      const dois = all.length > 1 ? [] : said('identifier').filter((text) => /^DOI 10\./i.test(text))
      const added: Tags = [
        ...said('title').map((text): [string, string] => ['T2', text]),
        ...said('volume').map((text): [string, string] => ['VL', text]),
        ...said('number').map((text): [string, string] => ['IS', text]),
        ...dois.map((text): [string, string] => ['DO', text.slice(4)])
      ]
      for (const { tags, at, line, text } of all) {
        const kept = tags.filter(([tag, value]) => tag !== 'T2' || value !== '')
        const missing = added.filter(([tag]) => !kept.some(([known]) => known === tag))
        yield { at, entry: entryOfTags({ line, text, tags: [...kept, ...missing] }) }
      }
    }
  }
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

/** Returns line numbers for increasing offsets. */
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
