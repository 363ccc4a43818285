/**
 * The ledger's tables in memory, for unrecorded jobs (docs/design.md §9): no lock, no file, no journal. The
 * content ends with the process or on closing.
 */
import { SheafError } from '../../contract/errors'
import type { Host } from '../platform/host'
import { Database } from './database'
import type { Committed, LedgerTables, Reader, Writer } from './ledger'
import { migrateQuietly } from './migrate'
import { isFull } from './room'
import { loadSqlEngine } from './sql-engine'

/** Larger than 100,000 finished papers without their history (docs/performance.md). */
const MOST_BYTES = 2 * 1024 ** 3

export interface MemoryLedger extends LedgerTables {
  close(): void
}

export async function openMemoryLedger(
  host: Pick<Host, 'files'>,
  mostBytes = MOST_BYTES
): Promise<MemoryLedger> {
  const engine = await loadSqlEngine((path) => host.files.readWhole(path))
  const database = new Database(engine, null)
  database.limitSize(mostBytes, null)
  database.transact((w) => migrateQuietly(w))
  return new Tables(database)
}

class Tables implements MemoryLedger {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  read<T>(ask: (reader: Reader) => T): T {
    return ask(this.#database.reader)
  }

  transact<T>(change: (writer: Writer) => T): Committed<T> {
    try {
      return { value: this.#database.transact(change).value, durable: Promise.resolve() }
    } catch (error) {
      if (isFull(error))
        throw new SheafError('LEDGER_FULL', 'Too many papers are not recorded: no more are taken.', {
          cause: error
        })
      throw error
    }
  }

  commit<T>(change: (writer: Writer) => T): Promise<T> {
    return Promise.resolve(this.transact(change).value)
  }

  flush(): Promise<void> {
    return Promise.resolve()
  }

  trouble(): null {
    return null
  }

  onRow(listener: (table: string, rowid: number) => void): () => void {
    return this.#database.onRow(listener)
  }

  close(): void {
    this.#database.close()
  }
}
