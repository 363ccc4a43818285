/**
 * The door of `ledger`: rows, and how they survive (docs/design.md §3). The database lives in memory; a
 * journal makes each commit durable; a snapshot keeps the journal short. A transaction is a
 * synchronous function, so that no stranger's statement slips in. Reads take a Reader, writes a
 * Writer. SQL lives in this room only.
 */

import type { LedgerSizes } from './sizes'

export type SqlValue = string | number | null | Uint8Array
export type SqlRow = Readonly<Record<string, SqlValue>>

/** Asks. Never changes anything. Statements are prepared once and kept. */
export interface Reader {
  all(sql: string, parameters?: readonly SqlValue[]): SqlRow[]
  /** the first row, or null */
  get(sql: string, parameters?: readonly SqlValue[]): SqlRow | null
  /** row by row, for results too large to hold */
  each(sql: string, parameters: readonly SqlValue[], row: (row: SqlRow) => void): void
}

/** Changes. What it runs is journalled with its parameters and must mean the same thing twice. */
export interface Writer extends Reader {
  /** Runs one statement; resolves to the number of rows it changed. */
  run(sql: string, parameters?: readonly SqlValue[]): number
  /** The same for all writers of one database: what is known of it for good is kept by this. */
  readonly database: object
}

export interface Committed<T> {
  /** what the transaction returned; already applied in memory */
  readonly value: T
  /** resolves when the commit is on disk; rejects only when the ledger is closed before that */
  readonly durable: Promise<void>
}

export interface RecoveryReport {
  readonly schemaMigrated: boolean
  /** commits replayed from journals */
  readonly replayed: number
  /** a torn last line was dropped: normal after a power cut */
  readonly tornTail: boolean
  /** damage: what was kept aside, how far was recovered; null when none */
  readonly damage: {
    readonly keptFile: string
    readonly goodUntil: number
    /** true when nothing acknowledged is missing: an older snapshot and the journals held it all */
    readonly complete: boolean
    readonly sentence: string
  } | null
  /** a stale lock was taken over from this pid */
  readonly tookOverFrom: number | null
  /** the owner name (`host:pid:start`) of that dead process, when known */
  readonly deadOwner: string | null
}

/** Rows and transactions, whether they are kept on disk (`Ledger`) or in memory only. */
export interface LedgerTables {
  read<T>(ask: (reader: Reader) => T): T
  /**
   * Applies a transaction and queues its line. All or nothing: when `change` throws, nothing was
   * changed and nothing is journalled. Throws DISK_FULL (…) at once while the ledger is stuck, and
   * LEDGER_FULL when the database has reached its largest size.
   */
  transact<T>(change: (writer: Writer) => T): Committed<T>
  /** `transact`, and wait until it is durable. */
  commit<T>(change: (writer: Writer) => T): Promise<T>
  /** Resolves when all that was applied until now is on disk. */
  flush(): Promise<void>
  /** null while all is well; else why nothing can be acknowledged now (DISK_FULL, DISK_ERROR, …) */
  trouble(): {
    readonly code: 'DISK_FULL' | 'DISK_READ_ONLY' | 'DISK_ERROR'
    readonly sentence: string
  } | null
  /**
   * Called for every row that is written, inside its transaction (which may still be refused): only
   * to take note of it. Returns how to stop listening.
   */
  onRow(listener: (table: string, rowid: number) => void): () => void
}

export interface Ledger extends LedgerTables {
  readonly folder: string
  readonly recovery: RecoveryReport
  /** Throws LEDGER_FULL unless there is room for the papers in flight and `papers` new ones. */
  assertRoom(papers: number): void
  /** Called when trouble begins and when it is over. Returns how to stop listening. */
  onTrouble(listener: () => void): () => void
  /**
   * While many rows are written in one go, a snapshot aside would read them all again: until the returned
   * function is called none is begun, up to a bound for the journal.
   */
  deferSnapshots(): () => void
  /** A snapshot now; the engine goes on meanwhile. */
  snapshot(): Promise<void>
  /** Flushes, takes a last snapshot (a large ledger leaves a short journal instead), gives the lock back. */
  close(): Promise<void>
}

export interface LedgerOptions {
  readonly folder: string
  /**
   * Begin a snapshot when the journals exceed this many bytes. Default: 16 MiB, or a share of the newest
   * snapshot when that is more, and a ledger that opens with more than that is used for a minute first.
   */
  readonly snapshotAtBytes?: number
  /** the size from which new papers are refused; default: see `room.ts` */
  readonly fullAtBytes?: number
  readonly sizes?: Partial<LedgerSizes>
  /**
   * `recover` (the default): keep the damaged file aside, go on with what is before the damage and
   * report it. `throw`: LEDGER_DAMAGED, and nothing in the folder is touched.
   */
  readonly onDamage?: 'recover' | 'throw'
}
