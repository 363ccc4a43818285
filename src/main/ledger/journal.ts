/**
 * The journal being written. One thing must stay true: `append`'s promise resolves only when its line
 * is on disk. One write and one sync cover all that queued meanwhile (group commit).
 *
 * When a write or a sync fails, nothing of that batch is acknowledged and the file is never written
 * again: after a failed sync the system may forget that pages were dirty, so that a second sync
 * would report success for bytes that are lost. Every two seconds a *new* journal is tried. It begins
 * at the first number that is not durable and appears whole with everything pending in it (written
 * aside, synced, renamed), so it either counts or is not there. The old file may hold, behind its
 * last durable line, a torn line or even whole lines of what was pending: a reader lets the file
 * that begins at F supersede all lines from F on in older files, and these are the same
 * transactions anyway, for what was applied in memory stays applied and in order.
 */
import { SheafError } from '../../contract/errors'
import type { FileHandle } from '../platform/files'
import type { Host } from '../platform/host'
import type { Statement } from './database'
import { troubleOf, type DiskTrouble } from './disk-trouble'
import { journalName } from './journal-file'
import { LineEncoder } from './journal-line'
import { deferred } from '../platform/deferred'

interface Pending {
  readonly statements: readonly Statement[]
  readonly durable: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

interface OpenFile {
  readonly handle: FileHandle
  readonly encoder: LineEncoder
  readonly first: number
}

const RETRY_MS = 2000
/** A bound for the memory of one write, far above what queues during one sync. */
const MOST_PER_WRITE = 8192

export interface JournalOptions {
  readonly host: Host
  readonly folder: string
  readonly ledgerId: string
  /** the last transaction that is on disk already */
  readonly durableSeq: number
  /** see `LedgerSizes` */
  readonly writeChars: number
  /** called after each sync with how many characters it covered, before they were packed */
  readonly onWritten: (chars: number) => void
  readonly onTrouble: () => void
}

export class Journal {
  private readonly pending: Pending[] = []
  private file: OpenFile | null = null
  private durable: number
  private busy = false
  private stuck: DiskTrouble | null = null
  private rotation: { resolve: (seq: number) => void; reject: (error: unknown) => void } | null = null
  private lost: SheafError | null = null
  private readonly closing = new AbortController()

  private constructor(private readonly options: JournalOptions) {
    this.durable = options.durableSeq
  }

  /** Starts a new file; nothing is appended behind a tail that may be torn. */
  static async begin(options: JournalOptions): Promise<Journal> {
    const journal = new Journal(options)
    journal.file = await journal.beginFile([])
    return journal
  }

  /** The last transaction that is on disk. */
  get durableSeq(): number {
    return this.durable
  }

  get trouble(): DiskTrouble | null {
    return this.stuck
  }

  /** Queues a transaction that was applied; resolves when it is durable. */
  append(statements: readonly Statement[]): Promise<void> {
    const { promise, resolve, reject } = deferred<undefined>()
    // Handled here too: a caller that does not await it must not crash the process when the ledger is closed.
    promise.catch(() => undefined)
    this.pending.push({
      statements,
      durable: promise,
      resolve: () => {
        resolve(undefined)
      },
      reject
    })
    this.wake()
    return promise
  }

  /** Resolves when all that was appended until now is durable. */
  flush(): Promise<void> {
    return this.pending.at(-1)?.durable ?? Promise.resolve()
  }

  /**
   * Ends the current file at a durable transaction and begins the next. Resolves to that transaction's
   * number. When the next file cannot be begun it rejects; the next commit tries again.
   */
  rotate(): Promise<number> {
    const { promise, resolve, reject } = deferred<number>()
    this.rotation = { resolve, reject }
    this.wake()
    return promise
  }

  /**
   * Writes what is pending, with one more try when the disk is in trouble, instead of waiting for
   * better times. Resolves to the error with which the rest was given up, or null.
   */
  async finish(): Promise<SheafError | null> {
    this.closing.abort()
    this.wake()
    await this.flush().catch(() => undefined)
    return this.lost
  }

  /** After `finish`. */
  async close(): Promise<void> {
    const handle = this.file?.handle
    this.file = null
    await handle?.close()
  }

  private wake(): void {
    if (this.busy) return
    this.busy = true
    void this.work()
  }

  /** The one loop that touches the file; it never throws. */
  private async work(): Promise<void> {
    // All who commit in the same breath share the first write.
    await Promise.resolve()
    let failures = 0
    while (this.pending.length > 0 || this.rotation !== null) {
      try {
        if (this.file === null) await this.beginAnew()
        else if (this.rotation === null) await this.writeBatch(this.file)
        else await this.beginNext(this.file, this.rotation)
        failures = 0
      } catch (error) {
        await this.distrust(error)
        failures += 1
        if (this.closing.signal.aborted && failures > 1) this.giveUp()
        else await this.waitForBetter()
      }
    }
    this.busy = false
  }

  private async writeBatch(file: OpenFile): Promise<void> {
    const { host } = this.options
    const lines: Buffer[] = []
    let size = 0
    const before = file.encoder.unpackedChars
    for (const { statements } of this.pending) {
      if (lines.length >= MOST_PER_WRITE || size >= this.options.writeChars) break
      const line = file.encoder.transaction(statements)
      lines.push(line)
      size += line.length
    }
    const [only] = lines
    const bytes = lines.length === 1 && only !== undefined ? only : Buffer.concat(lines, size)
    host.probe('JOURNAL: before write')
    await file.handle.write(bytes, null)
    host.probe('JOURNAL: written, not synced')
    await file.handle.sync()
    host.probe('JOURNAL: synced')
    this.acknowledge(lines.length, file.encoder.unpackedChars - before)
    // Let those who were waiting queue their next transaction, so that it joins the next write.
    await Promise.resolve()
    await Promise.resolve()
  }

  /** After trouble: a journal of its own for everything that is not durable yet. */
  private async beginAnew(): Promise<void> {
    const batch = this.pending.slice()
    this.file = await this.beginFile(batch)
    this.acknowledge(batch.length, this.file.encoder.unpackedChars)
  }

  private async beginNext(
    file: OpenFile,
    rotation: { resolve: (seq: number) => void; reject: (error: unknown) => void }
  ): Promise<void> {
    this.rotation = null
    if (file.first > this.durable) {
      // Nothing in it yet: it is the next file already.
      rotation.resolve(this.durable)
      return
    }
    // From here on the file at hand gets no more lines, come what may: a next file that appeared and
    // then failed would supersede them. If it fails, the next write begins it anew.
    this.file = null
    await file.handle.close().catch(() => undefined)
    try {
      this.file = await this.beginFile([])
      this.options.host.probe('SNAPSHOT: journal begun')
      rotation.resolve(this.durable)
    } catch (error) {
      rotation.reject(error)
    }
  }

  /** Makes a journal appear whole, with a header and `batch` in it. */
  private async beginFile(batch: readonly Pending[]): Promise<OpenFile> {
    const { host, folder, ledgerId } = this.options
    const first = this.durable + 1
    const encoder = new LineEncoder({ journal: 1, ledger: ledgerId, first, nonce: host.random.hex(8) })
    const lines = [encoder.header(), ...batch.map(({ statements }) => encoder.transaction(statements))]
    const path = `${folder}/${journalName(first)}`
    await host.files.writeWhole(path, Buffer.concat(lines))
    return { handle: await host.files.open(path, 'append'), encoder, first }
  }

  private acknowledge(count: number, chars: number): void {
    const done = this.pending.splice(0, count)
    this.durable += count
    // Before listeners are called: a listener that continues at once must not be refused.
    this.endTrouble()
    for (const { resolve } of done) resolve()
    this.options.onWritten(chars)
  }

  private async distrust(error: unknown): Promise<void> {
    const { host, folder, onTrouble } = this.options
    const handle = this.file?.handle
    this.file = null
    await handle?.close().catch(() => undefined)
    const trouble = troubleOf(error, folder)
    const before = this.stuck
    this.stuck = trouble
    if (before?.sentence === trouble.sentence) return
    host.log.error(trouble.sentence, { pending: this.pending.length, cause: String(error) })
    onTrouble()
  }

  private endTrouble(): void {
    if (this.stuck === null) return
    this.stuck = null
    this.options.host.log.info('The ledger can be written again.', { durable: this.durable })
    this.options.onTrouble()
  }

  private async waitForBetter(): Promise<void> {
    await this.options.host.clock.sleep(RETRY_MS, this.closing.signal).catch(() => undefined)
  }

  /** Closing, and the disk does not take it: say so to everyone who still waits. */
  private giveUp(): void {
    const { code, sentence } = this.stuck ?? troubleOf(null, this.options.folder)
    const error = new SheafError(code, `${sentence} The ledger was closed before this was on disk.`)
    if (this.pending.length > 0) this.lost = error
    for (const { reject } of this.pending.splice(0)) reject(error)
    this.rotation?.reject(error)
    this.rotation = null
  }
}
