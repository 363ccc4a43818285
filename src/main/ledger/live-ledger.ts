/**
 * The open ledger: the database (in memory, or a large snapshot on disk with its changes in memory), its journal,
 * and its snapshots. Invariants: what is acknowledged is on disk; what a caller sees applied stays applied and in order.
 * A thread builds the snapshot and never delays a commit.
 */
import { fail, messageOf, SheafError } from '../../contract/errors'
import { deferred } from '../platform/deferred'
import type { Host } from '../platform/host'
import { Listeners } from '../platform/listeners'
import { damageOr } from './damage-on-disk'
import type { Database, Statement } from './database'
import { Journal } from './journal'
import type { Committed, Ledger, LedgerOptions, Reader, RecoveryReport, Writer } from './ledger'
import type { Lock } from './lock'
import { SCHEMA_VERSION } from './migrate'
import type { Recovered } from './recover'
import { assertRoom, FULL_AT_BYTES, isFull, LARGEST_SHARE, ledgerFull, usedBytes } from './room'
import { LEDGER_SIZES, type LedgerSizes } from './sizes'
import { snapshotOf, type BuiltSnapshot, type SnapshotSum } from './snapshot-file'
import {
  dueAtChars,
  isDeferrable,
  isWorthOnClosing,
  isWorthWhenQuiet,
  MEMORY,
  type Waiting
} from './snapshot-policy'
import { buildInThread, checkInThread } from './snapshot-thread'
import { Snapshots } from './snapshots'
import type { SqlEngine } from './sql-engine'

interface Parts {
  readonly host: Host
  readonly options: LedgerOptions
  readonly lock: Lock
  readonly engine: SqlEngine
  readonly found: Recovered
  readonly recovery: RecoveryReport
}

const LOOK_EVERY_MS = 10_000
/** Delay after a failed snapshot: its cause will not be gone at once. */
const AFTER_FAILURE_MS = 5 * 60_000
/** A ledger opened with a long journal delays its first snapshot. */
const AFTER_OPENING_MS = 60_000

export class LiveLedger implements Ledger {
  readonly folder: string
  readonly recovery: RecoveryReport
  readonly ledgerId: string
  private readonly host: Host
  private readonly database: Database
  private readonly lock: Lock
  private readonly snapshots: Snapshots
  private readonly snapshotAtBytes: number | undefined
  private readonly fullAtBytes: number
  private readonly sizes: LedgerSizes
  private readonly troubled = new Listeners()
  /** callers that are writing many rows now */
  private readonly deferring = new Set<object>()
  private readonly closing = new AbortController()
  private readonly stopLooking: () => void
  private journalRoom: Journal | null = null
  /** length of the journals that no snapshot includes yet, before packing */
  private charsWaiting: number
  private lastWriteMs: number
  private nextSnapshotMs: number
  private isShortOfMemory = false
  /** the snapshot that this ledger was opened with */
  private readonly openedSeq: number
  /** the last transaction found on disk */
  private readonly foundSeq: number
  /** The journals change the schema: every start rebuilds the indexes until a snapshot includes them. */
  private isSnapshotOutdated: boolean
  private unchecked: { readonly seq: number; readonly sum: SnapshotSum } | null
  private snapshotUnderWay: Promise<void> | null = null
  private closed: Promise<void> | null = null
  private notingDamage: Promise<void> | null = null

  private constructor({ host, options, lock, found, recovery }: Parts) {
    this.host = host
    this.folder = options.folder
    this.recovery = recovery
    this.ledgerId = found.ledgerId ?? host.random.hex(16)
    this.database = found.database
    this.lock = lock
    this.snapshots = new Snapshots(host, options.folder, found)
    this.snapshotAtBytes = options.snapshotAtBytes
    this.fullAtBytes = options.fullAtBytes ?? FULL_AT_BYTES
    this.sizes = { ...LEDGER_SIZES, ...options.sizes }
    this.database.limitSize(this.fullAtBytes * LARGEST_SHARE, this.sizes.transactionChars)
    this.charsWaiting = found.replayedChars
    this.isSnapshotOutdated = found.snapshotSchema < SCHEMA_VERSION
    const isLong = options.snapshotAtBytes === undefined && this.charsWaiting > this.snapshotThreshold
    this.nextSnapshotMs = isLong ? host.clock.monotonicMs() + AFTER_OPENING_MS : 0
    this.unchecked =
      found.sum === null || found.sum.checked === true ? null : { seq: this.snapshots.seq, sum: found.sum }
    this.openedSeq = this.snapshots.seq
    this.foundSeq = found.seq
    this.lastWriteMs = host.clock.monotonicMs()
    this.stopLooking = host.clock.every(LOOK_EVERY_MS, () => {
      this.lookAfterSnapshots()
    })
  }

  static async begin(parts: Parts): Promise<LiveLedger> {
    const { host, options, found } = parts
    const ledger = new LiveLedger(parts)
    try {
      await ledger.snapshots.sweep()
      ledger.journalRoom = await Journal.begin({
        host,
        folder: options.folder,
        ledgerId: ledger.ledgerId,
        durableSeq: found.seq,
        writeChars: ledger.sizes.writeChars,
        onWritten: (chars) => {
          ledger.noteWritten(chars)
        },
        onTrouble: () => {
          ledger.troubled.call()
        }
      })
      return ledger
    } catch (error) {
      ledger.stopLooking()
      throw error
    }
  }

  read<T>(ask: (reader: Reader) => T): T {
    this.assertOpen()
    try {
      return ask(this.database.reader)
    } catch (error) {
      throw this.damageOr(error)
    }
  }

  transact<T>(change: (writer: Writer) => T): Committed<T> {
    this.assertOpen()
    const { journal } = this
    const { trouble } = journal
    if (trouble !== null) throw new SheafError(trouble.code, trouble.sentence)
    const { value, statements } = this.apply(change)
    // A transaction without writes may have read rows that are not durable yet: its `durable` waits for them.
    return { value, durable: statements.length === 0 ? journal.flush() : journal.append(statements) }
  }

  assertRoom(papers: number): void {
    assertRoom(this.database.reader, papers, this.fullAtBytes)
  }

  async commit<T>(change: (writer: Writer) => T): Promise<T> {
    const { value, durable } = this.transact(change)
    await durable
    return value
  }

  /** `commit` during opening: does not wait for a failing disk; the opening fails. */
  async commitOrFail(change: (writer: Writer) => void): Promise<void> {
    const { durable } = this.transact(change)
    const stuck = deferred<undefined>()
    const stop = this.onTrouble(() => {
      stuck.resolve(undefined)
    })
    await Promise.race([durable, stuck.promise])
    stop()
    const trouble = this.trouble()
    if (trouble !== null) throw new SheafError(trouble.code, trouble.sentence)
  }

  /** After a failed opening: closes everything except the lock and the database. */
  async abandon(): Promise<void> {
    this.stopLooking()
    await this.journal.finish()
    await this.journal.close()
    await this.notingDamage
  }

  flush(): Promise<void> {
    return this.journal.flush()
  }

  position(): ReturnType<Ledger['position']> {
    return { opened: this.foundSeq, now: this.journal.durableSeq }
  }

  trouble(): ReturnType<Ledger['trouble']> {
    return this.journal.trouble
  }

  onTrouble(listener: () => void): () => void {
    return this.troubled.add(() => {
      try {
        listener()
      } catch (error) {
        // It must not stop the journal that calls it.
        this.host.log.error('A listener to the ledger’s trouble failed.', { cause: messageOf(error) })
      }
    })
  }

  onRow(listener: (table: string, rowid: number) => void): () => void {
    return this.database.onRow(listener)
  }

  deferSnapshots(): () => void {
    const own = {}
    this.deferring.add(own)
    return () => {
      this.deferring.delete(own)
    }
  }

  snapshot(): Promise<void> {
    this.assertOpen()
    return this.beginSnapshot()
  }

  close(): Promise<void> {
    this.closed ??= this.end()
    return this.closed
  }

  private get journal(): Journal {
    return this.journalRoom ?? fail('BROKEN_INVARIANT', 'The ledger has no journal yet.')
  }

  private assertOpen(): void {
    if (this.closed !== null) fail('BROKEN_INVARIANT', 'The ledger is closed.')
  }

  private noteWritten(chars: number): void {
    this.charsWaiting += chars
    this.lastWriteMs = this.host.clock.monotonicMs()
    if (this.charsWaiting > this.snapshotThreshold) this.snapshotInBackground()
  }

  private apply<T>(change: (writer: Writer) => T): { value: T; statements: Statement[] } {
    try {
      return this.database.transact(change)
    } catch (error) {
      if (isFull(error)) throw ledgerFull(usedBytes(this.database.reader), error)
      throw this.damageOr(error)
    }
  }

  private damageOr(error: unknown): unknown {
    this.noteDamage()
    return damageOr(error, this.database)
  }

  /**
   * Notes the damage, so that the next opening checks the whole snapshot and falls back to the previous one.
   */
  private noteDamage(): void {
    if (this.database.damage === null) return
    const opened = this.openedSeq
    this.notingDamage ??= (this.snapshotUnderWay ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => this.snapshots.noteDamage(opened))
      .catch((cause: unknown) => {
        this.host.log.error('The damage of the ledger’s snapshot could not be noted', {
          cause: messageOf(cause)
        })
      })
  }

  private get snapshotThreshold(): number {
    return this.snapshotAtBytes ?? dueAtChars(this.snapshots.bytes)
  }

  private get waiting(): Waiting {
    return {
      snapshotBytes: this.snapshots.bytes,
      chars: this.charsWaiting,
      isSnapshotOutdated: this.isSnapshotOutdated
    }
  }

  /** Logged once. The journals grow meanwhile and contain everything. */
  private hasMemoryFor(way: keyof typeof MEMORY): boolean {
    const needed = this.snapshots.bytes * MEMORY[way] + this.charsWaiting
    const available = this.host.availableMemory?.() ?? null
    const isShort = available !== null && needed > this.sizes.unnoticedBytes && needed > available
    if (isShort && !this.isShortOfMemory)
      this.host.log.warn('Too little memory for a snapshot of the ledger; it is put off.', {
        needed,
        available
      })
    this.isShortOfMemory = isShort
    return !isShort
  }

  private lookAfterSnapshots(): void {
    this.checkInBackground()
    const quietMs = this.host.clock.monotonicMs() - this.lastWriteMs
    const isLong = this.charsWaiting > this.snapshotThreshold
    if (isLong || isWorthWhenQuiet(quietMs, this.waiting)) this.snapshotInBackground()
  }

  /**
   * Checks the snapshot that this ledger was opened with, if SQLite has not checked it yet. Damage is
   * reported now; the next opening finds it, too, and falls back to the previous snapshot and the journals.
   */
  private checkInBackground(): void {
    const { unchecked } = this
    const { file, seq } = this.snapshots
    if (unchecked === null || file === null || this.closed !== null || this.snapshotUnderWay !== null) return
    this.unchecked = null
    // Another snapshot, checked by the thread that built it, has replaced it meanwhile.
    if (seq !== unchecked.seq) return
    const work = checkInThread({ path: file, sum: unchecked.sum }, this.closing.signal).then(
      async (verdict) => {
        if (this.closed !== null || this.snapshots.seq !== seq) return
        await this.snapshots.noteCheck(seq, unchecked.sum, verdict)
        if (verdict !== 'ok') this.host.log.error(`The snapshot of the ledger is damaged: ${verdict}.`)
      }
    )
    // No snapshot is installed while the checksums are being written.
    this.snapshotUnderWay = work
      .catch((error: unknown) => {
        this.host.log.debug('The snapshot could not be checked', { because: messageOf(error) })
      })
      .finally(() => {
        this.snapshotUnderWay = null
      })
  }

  private snapshotInBackground(): void {
    const now = this.host.clock.monotonicMs()
    if (this.snapshotUnderWay !== null || this.closed !== null || now < this.nextSnapshotMs) return
    if (this.deferring.size > 0 && isDeferrable(this.charsWaiting)) return
    this.nextSnapshotMs = now + AFTER_FAILURE_MS
    if (!this.hasMemoryFor(this.database.isOnDisk ? 'onDisk' : 'aside')) return
    this.beginSnapshot().then(
      () => {
        this.nextSnapshotMs = 0
      },
      (error: unknown) => {
        if (this.closed !== null) return
        // Nothing is lost: the previous snapshot and all journals still exist.
        this.host.log.error('A snapshot of the ledger failed; it is tried again later.', {
          cause: messageOf(error)
        })
        this.checkNewest()
      }
    )
  }

  /** A snapshot on which building fails may be damaged. */
  private checkNewest(): void {
    const { seq } = this.snapshots
    this.snapshots.sum().then(
      (sum) => {
        this.unchecked = sum === null ? null : { seq, sum }
      },
      () => undefined
    )
  }

  private beginSnapshot(): Promise<void> {
    this.snapshotUnderWay ??= this.takeSnapshot((upTo) => this.buildAside(upTo), true).finally(() => {
      this.snapshotUnderWay = null
    })
    return this.snapshotUnderWay
  }

  private async buildAside(upTo: number): Promise<BuiltSnapshot> {
    return await buildInThread(await this.snapshots.plan(upTo), this.closing.signal)
  }

  /** `checked`: the builder also runs SQLite's check. */
  private async takeSnapshot(
    build: (upTo: number) => BuiltSnapshot | Promise<BuiltSnapshot>,
    checked: boolean
  ): Promise<void> {
    const upTo = await this.journal.rotate()
    const included = this.charsWaiting
    if (upTo === this.snapshots.seq) return
    await this.snapshots.install(await build(upTo), upTo, checked)
    this.isSnapshotOutdated = false
    this.charsWaiting = Math.max(0, this.charsWaiting - included)
  }

  private async end(): Promise<void> {
    this.stopLooking()
    this.closing.abort()
    // Finish the journal first: a snapshot in progress may wait for it to start its next file.
    const lost = await this.journal.finish()
    await this.snapshotUnderWay?.catch(() => undefined)
    try {
      if (lost === null && this.database.damage === null) await this.lastSnapshot()
      this.noteDamage()
      await this.notingDamage
      await this.journal.close()
    } finally {
      this.database.close()
      await this.lock.release()
    }
    if (lost !== null) throw lost
  }

  /**
   * Written from memory: all applied transactions are on disk by now, and no more commits follow. A large
   * ledger is written only when replaying its journal would noticeably slow the next start.
   */
  private async lastSnapshot(): Promise<void> {
    if (this.snapshots.bytes > this.sizes.largeBytes) {
      if (!isWorthOnClosing(this.waiting, this.sizes.littleBytes)) return
      if (!this.database.isOnDisk && !this.hasMemoryFor('onClosing')) return
    }
    try {
      await this.takeSnapshot((upTo) => snapshotOf(this.database, upTo), false)
    } catch (error) {
      this.host.log.warn('The last snapshot failed; the journals hold everything.', {
        cause: messageOf(error)
      })
    }
  }
}
