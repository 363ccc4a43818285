/**
 * The database: sql.js behind a Reader and a Writer, in memory, or read page by page from a snapshot on disk.
 * What is written stays in memory. Invariant: after a transaction that threw, nothing has changed (sql.js leaves a
 * failed transaction open, so it is always rolled back here). It collects a transaction's statements for the journal.
 */
import type { Database as SqlDatabase, Statement as SqlStatement } from 'sql.js'
import { fail } from '../../contract/errors'
import type { FileAtOnce } from '../platform/files'
import { Listeners } from '../platform/listeners'
import { contentOf, emptyDatabase } from './database-content'
import type { InPlace } from './growing-content'
import type { PagedContent } from './paged-content'
import type { Reader, SqlRow, SqlValue, Writer } from './ledger'
import { LEDGER_SIZES } from './sizes'
import type { SqlEngine } from './sql-engine'
import {
  assertMeansTheSameTwice,
  castParameters,
  countParameters,
  kindOfStatement,
  type StatementKind
} from './statement-kind'

/** A statement as stored in the journal. */
export interface Statement {
  readonly sql: string
  readonly parameters: readonly SqlValue[]
}

interface Prepared {
  readonly sql: string
  readonly statement: SqlStatement
  readonly kind: StatementKind
  readonly parameterCount: number | null
  readonly columns: readonly string[]
  /** which parameters the statement casts to text */
  readonly casts: ReadonlySet<number>
  busy: boolean
}

/**
 * More than the number of statements in the code; a limit only because an `IN (…)` list makes a new text for
 * each length.
 */
const KEPT_STATEMENTS = 300
/** sql.js encodes texts character by character; from this length on, a buffer is faster. */
const LONG_CHARS = 200
/** SQLite's own page cache: in memory beside the whole database, or instead of it. */
const CACHE_KIB = 16_384
const DISK_CACHE_KIB = 65_536

/**
 * Forbids writing, and functions with side effects in the schema of the file. Source: sqlite.org/security.html,
 * “Untrusted SQLite Database Files”.
 */
export const DISTRUST = 'PRAGMA trusted_schema=off; PRAGMA cell_size_check=on; PRAGMA query_only=on'

export class Database {
  readonly reader: Reader
  private readonly sql: SqlDatabase
  private readonly inPlace: InPlace | null
  private readonly paged: PagedContent | null
  /** the last statement wrote into `inPlace`, so that its bytes are the database */
  private isInPlace = false
  private readonly prepared = new Map<string, Prepared>()
  private readonly commands = new Map<string, SqlStatement>()
  private readonly rowListeners = new Listeners<[table: string, rowid: number]>()
  private inTransaction = false
  /** null: there is no journal, and statements are not collected */
  private mostPerTransaction: number | null = LEDGER_SIZES.transactionChars

  /**
   * Opens `source`: bytes (owned by the database from now on), a file (read on demand until the first write),
   * content that stays on disk, or null (an empty database). Throws when it is no database. Content on disk
   * is closed with the database, also when this throws.
   */
  constructor(engine: SqlEngine, source: Uint8Array | FileAtOnce | PagedContent | null) {
    const content = contentOf(source ?? emptyDatabase(engine))
    this.inPlace = content.inPlace
    this.paged = 'damage' in content ? content : null
    try {
      this.sql = new engine.Database(content.given)
    } catch (error) {
      this.paged?.close()
      throw error
    }
    try {
      // The journal provides durability. `journal_mode=off` would disable rollback.
      this.sql.run('PRAGMA journal_mode=memory; PRAGMA synchronous=off; PRAGMA locking_mode=exclusive')
      this.sql.run(
        `PRAGMA temp_store=memory; PRAGMA cache_size=-${String(this.isOnDisk ? DISK_CACHE_KIB : CACHE_KIB)}`
      )
      this.sql.exec('SELECT count(*) FROM sqlite_master')
    } catch (error) {
      this.close()
      throw error
    }
    this.reader = {
      all: (sql, parameters) => this.ask(sql, parameters),
      get: (sql, parameters) => this.ask(sql, parameters, 1)[0] ?? null,
      each: (sql, parameters, row) => {
        this.visit(this.question(sql), parameters, row)
      }
    }
  }

  /** Runs `change` as one transaction, all or nothing. Returns its statements beside its value. */
  transact<T>(change: (writer: Writer) => T): { value: T; statements: Statement[] } {
    if (this.inTransaction) fail('BROKEN_INVARIANT', 'A transaction was begun inside a transaction.')
    const statements: Statement[] = []
    const writer = this.writer(statements)
    this.command('BEGIN')
    this.inTransaction = true
    try {
      const value = change(writer.writer)
      if (isThenable(value)) {
        fail('BROKEN_INVARIANT', 'A transaction is a synchronous function; this one returned a promise.')
      }
      this.command('COMMIT')
      return { value, statements }
    } catch (error) {
      this.rollBack()
      throw error
    } finally {
      writer.end()
      this.inTransaction = false
    }
  }

  /**
   * Replays journalled transactions as a single one, which is many times faster. When one fails, none is
   * applied.
   */
  replay<T>(work: (apply: (statements: readonly Statement[]) => void) => T): T {
    this.command('BEGIN')
    try {
      const value = work((statements) => {
        for (const { sql, parameters } of statements) this.execute(sql, parameters)
      })
      this.command('COMMIT')
      return value
    } catch (error) {
      this.rollBack()
      throw error
    }
  }

  /** Not journalled: only for what a snapshot states about itself. */
  writeUnrecorded(sql: string, parameters: readonly SqlValue[]): void {
    const before = this.inPlace?.writes() ?? 0
    this.execute(sql, parameters)
    this.isInPlace = (this.inPlace?.writes() ?? 0) > before
  }

  /** Calls the listener for every row written from now on, inside its transaction, until it is removed. */
  onRow(listener: (table: string, rowid: number) => void): () => void {
    if (this.rowListeners.size === 0) {
      this.sql.updateHook((_operation, _database, table, rowid) => {
        this.rowListeners.call(table, rowid)
      })
    }
    return this.rowListeners.add(listener)
  }

  /** For an untrusted file, before anything of it is evaluated. */
  distrust(): void {
    this.sql.run(DISTRUST)
  }

  /** Limits the size of the database (SQLITE_FULL) and of a transaction; larger transactions are refused. */
  limitSize(mostBytes: number, transactionChars: number | null): void {
    this.mostPerTransaction = transactionChars
    const size = Number(this.sql.exec('PRAGMA page_size')[0]?.values[0]?.[0] ?? 4096)
    this.sql.run(`PRAGMA max_page_count=${String(Math.max(1, Math.floor(mostBytes / size)))}`)
  }

  /** `ok`, or the finding of SQLite's own check. */
  quickCheck(): string {
    const first = this.sql.exec('PRAGMA quick_check(1)')[0]?.values[0]?.[0]
    return typeof first === 'string' ? first.replace(/\s+/g, ' ') : 'no answer'
  }

  /** The whole database as the bytes of an SQLite file. Not inside a transaction. */
  bytes(): Uint8Array {
    return this.sql.export()
  }

  /**
   * The same bytes directly after `writeUnrecorded`, without a copy where possible. Valid until the next
   * transaction.
   */
  piecesInPlace(): Iterable<Uint8Array> {
    if (this.inPlace === null || !this.isInPlace) return [this.bytes()]
    const pragma = (name: string): number => Number(this.sql.exec(`PRAGMA ${name}`)[0]?.values[0]?.[0])
    return this.inPlace.pieces(pragma('page_size') * pragma('page_count'))
  }

  /** Its pages are read from a file on demand. */
  get isOnDisk(): boolean {
    return this.paged !== null
  }

  /** The defect of that file, when it made a statement fail; null otherwise. */
  get damage(): string | null {
    return this.paged?.damage() ?? null
  }

  close(): void {
    try {
      this.sql.close()
    } finally {
      this.paged?.close()
    }
  }

  private writer(statements: Statement[]): { writer: Writer; end: () => void } {
    let over = false
    const open = (): void => {
      if (over) fail('BROKEN_INVARIANT', 'A writer was used after its transaction had ended.')
    }
    /** A change that returns rows (`RETURNING`) is journalled like any other. */
    const rows = (sql: string, parameters: readonly SqlValue[], limit: number): SqlRow[] => {
      open()
      const prepared = this.prepare(sql)
      if (prepared.kind !== 'ask') record(sql, parameters)
      const found: SqlRow[] = []
      this.visit(prepared, parameters, (row) => found.push(row) < limit)
      return found
    }
    let size = 0
    const record = (sql: string, parameters: readonly SqlValue[]): void => {
      if (this.mostPerTransaction === null) return
      for (const value of parameters) {
        if (typeof value === 'string' || value instanceof Uint8Array) size += value.length
      }
      if (size > this.mostPerTransaction) {
        // Refused here, it is rolled back; once applied, its journal line could not be written.
        fail('BROKEN_INVARIANT', 'A transaction is too large for one line of the journal.')
      }
      // Bytes are copied: the line is written later, and the caller may reuse its buffer.
      statements.push({ sql, parameters: parameters.map((v) => (v instanceof Uint8Array ? v.slice() : v)) })
    }
    const writer: Writer = {
      database: this,
      all: (sql, parameters = []) => rows(sql, parameters, Infinity),
      get: (sql, parameters = []) => rows(sql, parameters, Infinity)[0] ?? null,
      each: (sql, parameters, row) => {
        open()
        this.visit(this.question(sql), parameters, row)
      },
      run: (sql, parameters = []) => {
        open()
        const changed = this.execute(sql, parameters)
        // A statement that changed no row is not journalled; a schema change always is.
        if (changed !== 0) record(sql, parameters)
        return Math.max(0, changed)
      }
    }
    return {
      writer,
      end: () => {
        over = true
      }
    }
  }

  /** Returns the number of changed rows; -1 for a schema change. */
  private execute(sql: string, parameters: readonly SqlValue[]): number {
    const prepared = this.prepare(sql)
    this.use(prepared, parameters, (statement) => statement.step())
    if (prepared.kind === 'change') return this.sql.getRowsModified()
    return prepared.kind === 'shape' ? -1 : 0
  }

  private ask(sql: string, parameters: readonly SqlValue[] = [], limit = Infinity): SqlRow[] {
    const found: SqlRow[] = []
    this.visit(this.question(sql), parameters, (row) => found.push(row) < limit)
    return found
  }

  private question(sql: string): Prepared {
    const prepared = this.prepare(sql)
    if (prepared.kind !== 'ask') fail('BROKEN_INVARIANT', `A reader asks and never changes: ${sql}`)
    return prepared
  }

  /** Steps through the rows; stops early when `row` returns false. */
  private visit(prepared: Prepared, parameters: readonly SqlValue[], row: (row: SqlRow) => unknown): void {
    const { columns } = prepared
    this.use(prepared, parameters, (statement) => {
      while (statement.step()) {
        const values = statement.get()
        const named: Record<string, SqlValue> = {}
        for (let i = 0; i < columns.length; i += 1) named[columns[i] ?? ''] = values[i] ?? null
        if (row(named) === false) break
      }
    })
  }

  /** Binds, runs, and always resets: a half-read statement would block a rollback and an export. */
  private use(
    prepared: Prepared,
    parameters: readonly SqlValue[],
    work: (statement: SqlStatement) => void
  ): void {
    assertBindable(prepared, parameters)
    const { statement } = prepared
    prepared.busy = true
    try {
      statement.bind(parameters.length === 0 ? null : boundValues(prepared, parameters))
      work(statement)
    } finally {
      prepared.busy = false
      // sql.js throws the step's error again here; it was thrown before.
      statement.reset()
      if (this.prepared.get(prepared.sql) !== prepared) statement.free()
    }
  }

  private prepare(sql: string): Prepared {
    const kept = this.prepared.get(sql)
    if (kept && !kept.busy) return kept
    const kind = kindOfStatement(sql)
    if (kind !== 'ask') assertMeansTheSameTwice(sql)
    const statement = this.sql.prepare(sql)
    const fresh: Prepared = {
      sql,
      statement,
      kind,
      parameterCount: countParameters(sql),
      columns: statement.getColumnNames(),
      casts: castParameters(sql),
      busy: false
    }
    // A schema change invalidates kept statements; a busy statement is in use. Neither is kept.
    if (kept || fresh.kind === 'shape') return fresh
    if (this.prepared.size >= KEPT_STATEMENTS) this.forgetOldest()
    this.prepared.set(sql, fresh)
    return fresh
  }

  private forgetOldest(): void {
    for (const [sql, prepared] of this.prepared) {
      if (prepared.busy) continue
      this.prepared.delete(sql)
      prepared.statement.free()
      return
    }
  }

  private command(sql: 'BEGIN' | 'COMMIT' | 'ROLLBACK'): void {
    this.isInPlace = false
    let statement = this.commands.get(sql)
    if (statement === undefined) {
      statement = this.sql.prepare(sql)
      this.commands.set(sql, statement)
    }
    try {
      statement.step()
    } finally {
      statement.reset()
    }
  }

  private rollBack(): void {
    try {
      this.command('ROLLBACK')
    } catch {
      // SQLite has rolled back by itself (disk or memory error): no transaction is open.
    }
  }
}

function assertBindable(prepared: Prepared, parameters: readonly SqlValue[]): void {
  if (prepared.parameterCount !== null && prepared.parameterCount !== parameters.length) {
    fail(
      'BROKEN_INVARIANT',
      `${parameters.length} parameters were given for ${prepared.parameterCount}: ${prepared.sql}`
    )
  }
  parameters.forEach((value: unknown, index) => {
    const fine =
      value === null ||
      typeof value === 'string' ||
      (typeof value === 'number' && !Number.isNaN(value)) ||
      value instanceof Uint8Array
    if (!fine) {
      fail('BROKEN_INVARIANT', `Parameter ${index + 1} cannot be kept (${typeof value}): ${prepared.sql}`)
    }
  })
}

/**
 * A long text that the statement casts to text is bound as UTF-8 bytes, which SQLite takes without
 * conversion.
 */
function boundValues({ casts }: Prepared, parameters: readonly SqlValue[]): SqlValue[] {
  if (casts.size === 0) return [...parameters]
  return parameters.map((value, at) =>
    casts.has(at) && typeof value === 'string' && value.length > LONG_CHARS ? Buffer.from(value) : value
  )
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
