/**
 * The public API of `ledger`: rows and their durability (docs/design.md §3). Changes are in memory; a
 * journal makes each commit durable; snapshots keep the journal short. A transaction is a synchronous
 * function, so that no other statement can interleave. Reads take a Reader, writes a Writer. Only this module
 * contains SQL.
 */

import type { DiskTrouble } from './disk-trouble'
import type { LedgerSizes } from './sizes'

export type SqlValue = string | number | null | Uint8Array
export type SqlRow = Readonly<Record<string, SqlValue>>

/** Runs queries and never changes anything. Statements are prepared once and kept. */
export interface Reader {
  all(sql: string, parameters?: readonly SqlValue[]): SqlRow[]
  /** the first row, or null */
  get(sql: string, parameters?: readonly SqlValue[]): SqlRow | null
  /** row by row, for results too large for memory */
  each(sql: string, parameters: readonly SqlValue[], row: (row: SqlRow) => void): void
}

/** Runs changes. Statements are journalled with their parameters and must be deterministic. */
export interface Writer extends Reader {
  /** Runs one statement; returns the number of rows it changed. */
  run(sql: string, parameters?: readonly SqlValue[]): number
  /** Identifies the database: the key of what is kept in memory for it. */
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
  /** a torn last line was dropped, which is normal after a power cut */
  readonly tornTail: boolean
  /** damage: which file was kept aside and how far was recovered; null when none */
  readonly damage: {
    readonly keptFile: string
    readonly goodUntil: number
    /** true when nothing acknowledged is missing: an older snapshot and the journals contained everything */
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
   * Applies a transaction and queues its line, all or nothing: when `change` throws, nothing has changed and
   * nothing is journalled. Throws DISK_FULL (…) at once while the ledger cannot write, and LEDGER_FULL when
   * the database has reached its maximum size.
   */
  transact<T>(change: (writer: Writer) => T): Committed<T>
  /** Like `transact`, but waits until it is durable. */
  commit<T>(change: (writer: Writer) => T): Promise<T>
  /** Resolves when everything applied so far is on disk. */
  flush(): Promise<void>
  /** null when there is no trouble; else why nothing can be acknowledged now (DISK_FULL, DISK_ERROR, …) */
  trouble(): DiskTrouble | null
  /**
   * Called for every written row, inside its transaction (which may still be rolled back): use it only to
   * take note. Returns the function that removes the listener.
   */
  onRow(listener: (table: string, rowid: number) => void): () => void
}

export interface Ledger extends LedgerTables {
  readonly folder: string
  readonly recovery: RecoveryReport
  /** The numbers of the last transaction on disk: when it was opened, and now. */
  position(): { readonly opened: number; readonly now: number }
  /** Throws LEDGER_FULL unless there is room for the papers in flight and `papers` new ones. */
  assertRoom(papers: number): void
  /** Called when trouble begins and ends. Returns the function that removes the listener. */
  onTrouble(listener: () => void): () => void
  /**
   * Postpones snapshots while many rows are written, up to a limit of the journal: a snapshot would read them
   * all again. The returned function ends it.
   */
  deferSnapshots(): () => void
  /** Takes a snapshot now; the engine continues meanwhile. */
  snapshot(): Promise<void>
  /** Flushes, takes a last snapshot (a large ledger leaves a short journal instead), releases the lock. */
  close(): Promise<void>
}

export interface LedgerOptions {
  readonly folder: string
  /**
   * Starts a snapshot when the journals exceed this many characters (counted before packing). Default: 16 Mi, or a
   * share of the newest snapshot if that is more; a ledger opened with more than that waits a minute first.
   */
  readonly snapshotAtBytes?: number
  /** the size from which new papers are refused; default: see `room.ts` */
  readonly fullAtBytes?: number
  readonly sizes?: Partial<LedgerSizes>
  /**
   * `recover` (the default): keep the damaged file aside, continue with what precedes the damage, and report
   * it. `throw`: LEDGER_DAMAGED, and nothing in the folder is changed.
   */
  readonly onDamage?: 'recover' | 'throw'
}
