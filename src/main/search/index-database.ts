/**
 * The search index: SQLite's FTS4 over facts and pages. Everything in it can be read again from the library,
 * so a file that is damaged or of another version is discarded instead of repaired. It has no disk access:
 * bytes in, bytes out. SQL is allowed here because this is no ledger: all of its content is stored elsewhere,
 * too.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Database, SqlJsStatic, SqlValue, Statement } from 'sql.js'
import { forIndex, matchOf, parseQuery, wordMarks, type Term } from './query'
import { snippetOf } from './snippet'
import type { Found, SearchDocument, Snippet, Stamped } from './search'

/** A file with another number has another layout and is rebuilt. */
const VERSION = '2'
/** A page's row id combines the numbers of document and page; no document has more pages than this. */
const PAGE_BITS = 12
export const MOST_PAGES = 2 ** PAGE_BITS - 1
/** The whole index is in memory: beyond this size, papers are found by their facts only. */
const MOST_BYTES = 600_000_000
/** How much more a hit in these facts counts than one in the text: title, authors, venue, year, names. */
const WEIGHTS = [8, 6, 3, 3, 8]

const schema = (tokens: string): string => `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE docs (doc INTEGER PRIMARY KEY, artifact_id TEXT NOT NULL UNIQUE, stamp TEXT NOT NULL,
    pages INTEGER NOT NULL);
  CREATE VIRTUAL TABLE facts USING fts4(title, authors, venue, year, names, ${tokens});
  CREATE VIRTUAL TABLE pages USING fts4(body, compress=pack, uncompress=unpack, ${tokens});
  INSERT INTO meta VALUES ('version', '${VERSION}');`

export class IndexDatabase {
  private readonly sql: Database
  private readonly prepared = new Map<string, Statement>()

  private constructor(sql: Database) {
    this.sql = sql
    this.sql.create_function('pack', pack)
    this.sql.create_function('unpack', unpack)
    this.sql.run('PRAGMA journal_mode=memory; PRAGMA synchronous=off; PRAGMA locking_mode=exclusive')
    this.sql.run('PRAGMA temp_store=memory')
  }

  static empty(engine: SqlJsStatic): IndexDatabase {
    const index = new IndexDatabase(new engine.Database())
    index.sql.exec(schema(`tokenize=unicode61 "remove_diacritics=2" "tokenchars=${wordMarks()}"`))
    return index
  }

  /** Throws when the bytes are not a sound index of this version. */
  static from(engine: SqlJsStatic, bytes: Uint8Array): IndexDatabase {
    const index = new IndexDatabase(new engine.Database(bytes))
    try {
      const version = index.one(`SELECT value FROM meta WHERE key = 'version'`)
      if (version !== VERSION) throw new Error(`it is of version ${String(version)}`)
      index.check()
      return index
    } catch (error) {
      index.close()
      throw error
    }
  }

  /**
   * Table by table: a check of the whole database would verify every word of the index, ten seconds for
   * 60,000 papers. Undetected damage does no harm, since an index that fails a query is rebuilt.
   */
  private check(): void {
    for (const [table] of this.rows(`SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0`)) {
      const found = this.one(`PRAGMA quick_check('${String(table).replaceAll("'", "''")}')`)
      if (found !== 'ok') throw new Error(String(found))
    }
  }

  bytes(): Uint8Array {
    return this.sql.export()
  }

  close(): void {
    for (const statement of this.prepared.values()) statement.free()
    this.prepared.clear()
    this.sql.close()
  }

  size(): number {
    return Number(this.one('SELECT count(*) FROM docs'))
  }

  ids(): string[] {
    return this.rows('SELECT artifact_id FROM docs').map(([id]) => String(id))
  }

  stale(documents: readonly Stamped[]): string[] {
    return documents.flatMap(([artifactId, stamp]) =>
      this.one('SELECT stamp FROM docs WHERE artifact_id = ?', [artifactId]) === stamp ? [] : artifactId
    )
  }

  /** Inserts the facts and returns the document's number, under which its pages follow. */
  begin(document: Omit<SearchDocument, 'pages'>): number {
    const { artifactId, title, authors, venue, year, names, stamp } = document
    return this.whole(() => {
      this.drop(artifactId)
      this.run('INSERT INTO docs (artifact_id, stamp, pages) VALUES (?, ?, 0)', [artifactId, stamp])
      const doc = Number(this.one('SELECT last_insert_rowid()'))
      this.run('INSERT INTO facts (docid, title, authors, venue, year, names) VALUES (?, ?, ?, ?, ?, ?)', [
        doc,
        prepare(title ?? ''),
        prepare(authors.join('\n')),
        prepare(venue ?? ''),
        year === null ? '' : String(year),
        names.join('\n')
      ])
      return doc
    })
  }

  /** `from` is the 1-based number of the first of these pages. */
  addPages(doc: number, from: number, pages: readonly string[]): void {
    this.whole(() => {
      pages.forEach((text, index) => {
        const page = from + index
        if (text.trim() === '' || page > MOST_PAGES) return
        this.run('INSERT INTO pages (docid, body) VALUES (?, ?)', [
          doc * 2 ** PAGE_BITS + page,
          prepare(text)
        ])
      })
      this.run('UPDATE docs SET pages = max(pages, ?) WHERE doc = ?', [from + pages.length - 1, doc])
    })
  }

  isFull(): boolean {
    return Number(this.one('PRAGMA page_count')) * Number(this.one('PRAGMA page_size')) > MOST_BYTES
  }

  remove(artifactId: string): void {
    this.whole(() => {
      this.drop(artifactId)
    })
  }

  find(query: string): Found[] {
    const terms = parseQuery(query)
    if (terms.length === 0) return []
    const all = Number(this.one('SELECT count(*) FROM docs'))
    const found = terms.map((term) => this.lookUp(term, all))
    const together = terms.length === 1 ? (found[0]?.text ?? new Map<number, Places>()) : this.together(terms)
    // Starts from the rarest word: every other word can only remove papers.
    const rarest = found.reduce((a, b) => (b.documents.size < a.documents.size ? b : a))
    const hits: { doc: number; hit: Omit<Found, 'artifactId'> }[] = []
    for (const doc of rarest.documents) {
      if (!found.every((one) => one.documents.has(doc))) continue
      let score = 0
      for (const one of found) {
        score += one.rarity * ((one.facts.get(doc) ?? 0) + (one.text.has(doc) ? 1 : 0))
      }
      const places = together.get(doc) ?? found.find((one) => one.text.has(doc))?.text.get(doc)
      if (together.has(doc)) score += 1 + Math.log2(1 + (places?.pages ?? 0)) / 2
      hits.push({ doc, hit: { score, page: places?.first ?? null, pages: places?.pages ?? 0 } })
    }
    const names = hits.length > 500 ? this.names() : null
    return hits
      .flatMap(({ doc, hit }) => {
        const artifactId = names === null ? this.nameOf(doc) : names.get(doc)
        return artifactId === undefined ? [] : [{ artifactId, ...hit }]
      })
      .sort((a, b) => b.score - a.score || (a.artifactId < b.artifactId ? -1 : 1))
  }

  snippet(query: string, artifactId: string, page: number): Snippet | null {
    const doc = this.docOf(artifactId)
    if (doc === null) return null
    const body = this.one('SELECT body FROM pages WHERE docid = ?', [doc * 2 ** PAGE_BITS + page])
    if (typeof body !== 'string') return null
    const text = snippetOf(body, parseQuery(query))
    return text === null ? null : { page, text }
  }

  hitsIn(artifactId: string, query: string): Snippet[] {
    const doc = this.docOf(artifactId)
    const terms = parseQuery(query)
    if (doc === null || terms.length === 0) return []
    return this.rows(
      'SELECT docid, body FROM pages WHERE pages MATCH ? AND docid >= ? AND docid <= ? ORDER BY docid',
      [terms.map(matchOf).join(' AND '), doc * 2 ** PAGE_BITS, doc * 2 ** PAGE_BITS + MOST_PAGES]
    ).flatMap(([docid, body]) => {
      const text = snippetOf(String(body), terms)
      return text === null ? [] : [{ page: Number(docid) % 2 ** PAGE_BITS, text }]
    })
  }

  private lookUp(term: Term, all: number): LookedUp {
    const match = matchOf(term)
    const facts = new Map<number, number>()
    for (const [doc, info] of this.rows(
      `SELECT docid, matchinfo(facts, 'x') FROM facts WHERE facts MATCH ?`,
      [match]
    )) {
      facts.set(Number(doc), weightIn(info))
    }
    const text = this.places(match)
    const documents = new Set([...facts.keys(), ...text.keys()])
    return { facts, text, documents, rarity: Math.log(1 + (1 + all) / (1 + documents.size)) }
  }

  private together(terms: readonly Term[]): Map<number, Places> {
    return this.places(terms.map(matchOf).join(' AND '))
  }

  private places(match: string): Map<number, Places> {
    const rows = this.rows(
      `SELECT docid >> ${String(PAGE_BITS)}, min(docid) & ${String(MOST_PAGES)}, count(*)
       FROM pages WHERE pages MATCH ? GROUP BY 1`,
      [match]
    )
    return new Map(
      rows.map(([doc, first, pages]) => [Number(doc), { first: Number(first), pages: Number(pages) }])
    )
  }

  private drop(artifactId: string): void {
    const doc = this.docOf(artifactId)
    if (doc === null) return
    this.run('DELETE FROM pages WHERE docid >= ? AND docid <= ?', [
      doc * 2 ** PAGE_BITS,
      doc * 2 ** PAGE_BITS + MOST_PAGES
    ])
    this.run('DELETE FROM facts WHERE docid = ?', [doc])
    this.run('DELETE FROM docs WHERE doc = ?', [doc])
  }

  private docOf(artifactId: string): number | null {
    const doc = this.one('SELECT doc FROM docs WHERE artifact_id = ?', [artifactId])
    return typeof doc === 'number' ? doc : null
  }

  private nameOf(doc: number): string | undefined {
    const name = this.one('SELECT artifact_id FROM docs WHERE doc = ?', [doc])
    return typeof name === 'string' ? name : undefined
  }

  private names(): Map<number, string> {
    return new Map(
      this.rows('SELECT doc, artifact_id FROM docs').map(([doc, id]) => [Number(doc), String(id)])
    )
  }

  /** Runs the change as one transaction. */
  private whole<T>(change: () => T): T {
    this.sql.run('BEGIN')
    try {
      const value = change()
      this.sql.run('COMMIT')
      return value
    } catch (error) {
      this.sql.run('ROLLBACK')
      throw error
    }
  }

  private rows(text: string, parameters: readonly SqlValue[] = []): SqlValue[][] {
    const statement = this.statement(text)
    try {
      statement.bind([...parameters])
      const found: SqlValue[][] = []
      while (statement.step()) found.push(statement.get())
      return found
    } finally {
      statement.reset()
    }
  }

  private one(text: string, parameters: readonly SqlValue[] = []): SqlValue | undefined {
    return this.rows(text, parameters)[0]?.[0]
  }

  private run(text: string, parameters: readonly SqlValue[]): void {
    this.rows(text, parameters)
  }

  private statement(text: string): Statement {
    const known = this.prepared.get(text)
    if (known !== undefined) return known
    const made = this.sql.prepare(text)
    this.prepared.set(text, made)
    return made
  }
}

interface Places {
  readonly first: number
  readonly pages: number
}
interface LookedUp {
  readonly facts: ReadonlyMap<number, number>
  readonly text: ReadonlyMap<number, Places>
  readonly documents: ReadonlySet<number>
  readonly rarity: number
}

/** Of FTS4's three numbers per column, the first counts the hits in this row. */
function weightIn(info: SqlValue | undefined): number {
  if (!(info instanceof Uint8Array)) return 0
  const view = new DataView(info.buffer, info.byteOffset, info.length)
  let best = 0
  WEIGHTS.forEach((weight, column) => {
    const at = column * 12
    if (at + 4 <= view.byteLength && view.getUint32(at, true) > 0) best = Math.max(best, weight)
  })
  return best
}

/** Replaces ligatures and full-width letters; rejoins words hyphenated at line ends. */
function prepare(text: string): string {
  return forIndex(text.normalize('NFKC').replace(/(\p{L})[-\u2010\u00ad]\n(?=\p{Ll})/gu, '$1'))
}

function pack(text: SqlValue): Uint8Array {
  return deflateRawSync(Buffer.from(String(text)), { level: 4 })
}

function unpack(bytes: SqlValue): string {
  return bytes instanceof Uint8Array ? inflateRawSync(bytes).toString() : String(bytes)
}
