/**
 * The journal being written. Invariant: `append`'s promise resolves only when its line is on disk. One write
 * and one sync cover all lines queued meanwhile (group commit).
 *
 * When a write or a sync fails, nothing of that batch is acknowledged and the file is never written again:
 * after a failed sync the system may forget that pages were dirty, so that a second sync would report success
 * for lost bytes. Every two seconds a *new* journal is tried. It begins at the first number that is not
 * durable and appears whole with everything pending in it (written aside, synced, renamed), so it either
 * counts or does not exist. The old file may contain, after its last durable line, a torn line or even whole
 * pending lines. A reader lets the file that begins at F supersede all lines from F on in older files; these
 * are the same transactions anyway, since what was applied in memory stays applied and in order.
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
/** Limits the memory of one write; far above what is queued during one sync. */
const MOST_PER_WRITE = 8192

export interface JournalOptions {
  readonly host: Host
  readonly folder: string
  readonly ledgerId: string
  /** the last transaction that is already on disk */
  readonly durableSeq: number
  /** see `LedgerSizes` */
  readonly writeChars: number
  /** called after each sync with the number of characters it covered, before packing */
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

  /** Starts a new file; nothing is appended after a tail that may be torn. */
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

  /** Queues an applied transaction; resolves when it is durable. */
  append(statements: readonly Statement[]): Promise<void> {
    const { promise, resolve, reject } = deferred<undefined>()
    // Handled here, too: when a caller does not await it, closing the ledger must not crash the process.
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

  /** Resolves when everything appended so far is durable. */
  flush(): Promise<void> {
    return this.pending.at(-1)?.durable ?? Promise.resolve()
  }

  /**
   * Ends the current file at a durable transaction and starts the next. Resolves to that transaction's
   * number. Rejects when the next file cannot be started; the next commit tries again.
   */
  rotate(): Promise<number> {
    const { promise, resolve, reject } = deferred<number>()
    this.rotation = { resolve, reject }
    this.wake()
    return promise
  }

  /**
   * Writes what is pending, with one more try when the disk fails, instead of waiting. Resolves to the error
   * for which the rest was given up, or null.
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

  /** The only loop that writes the file; it never throws. */
  private async work(): Promise<void> {
    // Commits made in the same turn share the first write.
    await Promise.resolve()
    let failures = 0
    while (this.pending.length > 0 || this.rotation !== null) {
      try {
        if (this.file === null) await this.beginNextFile()
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
    // Let waiting callers queue their next transaction, so that it joins the next write.
    await Promise.resolve()
    await Promise.resolve()
  }

  /** After an error: starts a new journal for everything that is not durable yet. */
  private async beginNextFile(): Promise<void> {
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
      // The file is still empty, so it already is the next file.
      rotation.resolve(this.durable)
      return
    }
    // From here on the current file gets no more lines: a next file that appeared and then failed would
    // supersede them. If it fails, the next write starts another.
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

  /** Creates a journal atomically, with a header and `batch` in it. */
  private async beginFile(batch: readonly Pending[]): Promise<OpenFile> {
    const { host, folder, ledgerId } = this.options
    const first = this.durable + 1
    const encoder = new LineEncoder({ journal: 1, ledger: ledgerId, first, nonce: host.random.hex(8) })
    const lines = [encoder.header(), ...batch.map(({ statements }) => encoder.transaction(statements))]
    const path = `${folder}/${journalName(first)}`
    await host.files.writeWhole(path, Buffer.concat(lines))
    return { handle: await host.files.open(path, 'journal'), encoder, first }
  }

  private acknowledge(count: number, chars: number): void {
    const done = this.pending.splice(0, count)
    this.durable += count
    // Before listeners are called: a listener that commits at once must not be refused.
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

  /** Closing while the disk refuses: reject everything that is pending. */
  private giveUp(): void {
    const { code, sentence } = this.stuck ?? troubleOf(null, this.options.folder)
    const error = new SheafError(code, `${sentence} The ledger was closed before this was on disk.`)
    if (this.pending.length > 0) this.lost = error
    for (const { reject } of this.pending.splice(0)) reject(error)
    this.rotation?.reject(error)
    this.rotation = null
  }
}
