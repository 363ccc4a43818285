/**
 * A part being written: bytes from the network to disk, with a running hash. Invariant: the file is always a
 * prefix of the received bytes. The hash never reads the disk again.
 *
 * Chunks are collected and written in blocks, since every write costs a task of the thread pool (a paper of
 * 300 kB is one or two writes). Collected bytes are written at the latest at the next `flushAged`, so that a
 * crash loses milliseconds of work and not a block.
 */
import { createHash, type Hash } from 'node:crypto'
import type { FileHandle } from '../platform/files'
import { diskTrouble } from './disk-trouble'
import type { Part } from './library'

const BLOCK_BYTES = 262_144
/** Of a file that is already larger than `LARGE_BYTES`. */
const LARGE_BLOCK_BYTES = 1_048_576
const LARGE_BYTES = 8_388_608
/**
 * A power cut costs this much or a sixteenth of what had arrived: each sync stops the disk and rewrites the sidecar,
 * a thousand times for a file of 1 GiB.
 */
const SYNC_BYTES = 1_048_576
const MOST_SYNC_BYTES = 33_554_432

export interface PartNotes {
  /** a block is being written to the kernel */
  readonly written: () => void
  /** `bytes` from the start will survive a power cut */
  readonly synced: (bytes: number) => Promise<void>
  /** all bytes are written and synced */
  readonly complete: () => void
  /** a sync failed: pages may be lost although a later sync succeeds */
  readonly distrusted: () => Promise<void>
  readonly closed: () => void
}

/** The existing part: its hash so far, its bytes, and how many of those are known to be synced. */
export interface Begun {
  readonly hash: Hash
  readonly bytes: number
  readonly synced: number
}

export class PartFile implements Part {
  private readonly path: string
  private readonly handle: FileHandle
  private readonly notes: PartNotes
  private readonly hash: Hash
  private gathered: Uint8Array[] = []
  private gatheredBytes = 0
  private gatheredTicks = 0
  private accepted: number
  private onDisk: number
  private synced: number
  private writing: Promise<void> | null = null
  private syncing: Promise<void> | null = null
  private failure: { readonly error: unknown } | null = null
  private finished: { readonly sha256: string; readonly bytes: number } | null = null
  private closing: Promise<void> | null = null

  constructor(file: { readonly path: string; readonly handle: FileHandle }, notes: PartNotes, begun?: Begun) {
    this.path = file.path
    this.handle = file.handle
    this.notes = notes
    this.hash = begun?.hash ?? createHash('sha256')
    this.accepted = begun?.bytes ?? 0
    this.onDisk = begun?.bytes ?? 0
    // Bytes of a killed process may be in the kernel only: the next sync covers them too.
    this.synced = begun?.synced ?? 0
  }

  get bytes(): number {
    return this.accepted
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.refuseWhenDone()
    if (chunk.length === 0) return
    this.gathered.push(chunk)
    this.gatheredBytes += chunk.length
    this.accepted += chunk.length
    if (this.gatheredBytes < (this.onDisk < LARGE_BYTES ? BLOCK_BYTES : LARGE_BLOCK_BYTES)) return
    if (this.writing !== null) await this.writing
    this.refuseWhenDone()
    this.startWriting()
  }

  /** Called every few milliseconds: writes the bytes that waited since the last call. */
  flushAged(): void {
    if (this.gatheredBytes === 0 || this.writing !== null || this.failure !== null) return
    if (this.closing !== null || this.finished !== null) return
    this.gatheredTicks += 1
    if (this.gatheredTicks > 1) this.startWriting()
  }

  async finish(): Promise<{ readonly sha256: string; readonly bytes: number }> {
    if (this.finished !== null) return this.finished
    await this.settle()
    this.finished = { sha256: this.hash.digest('hex'), bytes: this.onDisk }
    this.notes.complete()
    return this.finished
  }

  close(): Promise<void> {
    this.closing ??= this.end()
    return this.closing
  }

  private async end(): Promise<void> {
    try {
      if (this.finished === null && this.failure === null) await this.settle()
    } finally {
      await this.writing?.catch(() => undefined)
      await this.syncing?.catch(() => undefined)
      this.notes.closed()
      await this.handle.close()
    }
  }

  /** Resolves when all given bytes are on disk and synced. */
  private async settle(): Promise<void> {
    await this.writing
    this.refuseWhenFailed()
    if (this.gatheredBytes > 0) {
      this.startWriting()
      await this.writing
    }
    await this.syncing
    this.refuseWhenFailed()
    if (this.synced < this.onDisk) await this.sync()
    this.refuseWhenFailed()
  }

  private startWriting(): void {
    const only = this.gathered.length === 1 ? this.gathered[0] : undefined
    const block = only ?? Buffer.concat(this.gathered, this.gatheredBytes)
    this.gathered = []
    this.gatheredBytes = 0
    this.gatheredTicks = 0
    // `writeBlock` keeps its error for the next caller and never rejects.
    this.writing = this.writeBlock(block).then(() => {
      this.writing = null
      if (this.isSyncDue() && this.syncing === null && this.failure === null) {
        this.syncing = this.sync().then(() => {
          this.syncing = null
        })
      }
    })
  }

  private isSyncDue(): boolean {
    const step = Math.min(MOST_SYNC_BYTES, Math.max(SYNC_BYTES, this.onDisk / 16))
    return this.onDisk - this.synced >= step
  }

  private async writeBlock(block: Uint8Array): Promise<void> {
    try {
      const write = this.handle.write(block, this.onDisk)
      // The hash is computed while the kernel copies.
      this.hash.update(block)
      await write
      this.onDisk += block.length
      this.notes.written()
    } catch (error) {
      this.failure ??= { error }
    }
  }

  private async sync(): Promise<void> {
    const upTo = this.onDisk
    try {
      await this.handle.sync()
      this.synced = upTo
    } catch (error) {
      this.failure ??= { error }
      await this.notes.distrusted().catch(() => undefined)
      return
    }
    if (upTo >= SYNC_BYTES) await this.notes.synced(upTo)
  }

  private refuseWhenDone(): void {
    this.refuseWhenFailed()
    if (this.finished !== null || this.closing !== null) throw new Error(`${this.path} is closed.`)
  }

  private refuseWhenFailed(): void {
    if (this.failure !== null) throw diskTrouble(this.failure.error, this.path)
  }
}
