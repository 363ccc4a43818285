/**
 * Open files by their number (file descriptor) and Node's callbacks: half the processor time of Node's own
 * `FileHandle`, which a paper opens nine times. Invariants: a number is never used after its file is closed, since the
 * system gives it to the next file; closing waits for what is still being read or written.
 *
 * On a disk of this machine, calls that wait for no disk (fstat, close) take less time than a thread needs to be
 * woken for them, and are made at once.
 */
import {
  close,
  closeSync,
  constants,
  fdatasync,
  fstat,
  fstatSync,
  fsync,
  ftruncate,
  open,
  openSync,
  read,
  write,
  type Stats
} from 'node:fs'
import { deferred } from './deferred'
import type { FileHandle } from './files'

export interface OpenedFile {
  readonly descriptor: number
  /** on a disk of this machine */
  readonly isLocal: boolean
  /** opened with O_DSYNC: what `write` has written is on disk */
  readonly syncsWrites: boolean
}

type Done<T> = (error: NodeJS.ErrnoException | null, value: T) => void

export function openDescriptor(path: string, flags: number, mode: number): Promise<number> {
  return called((done) => {
    open(path, flags, mode, done)
  })
}

/** Opens a folder, syncs it and closes it. */
export async function syncOf(path: string, isLocal: boolean): Promise<void> {
  const descriptor = isLocal ? openSync(path, 'r') : await openDescriptor(path, constants.O_RDONLY, 0)
  try {
    await called<undefined>((done) => {
      fsync(descriptor, ended(done))
    })
  } finally {
    await closeFile({ descriptor, isLocal })
  }
}

/** The caller closes it. */
export class DescriptorHandle implements FileHandle {
  private running = 0
  private closing: Promise<void> | null = null
  private readonly idle = deferred<undefined>()

  constructor(private readonly file: OpenedFile) {}

  async write(bytes: Uint8Array, position: number | null): Promise<void> {
    let written = 0
    while (written < bytes.length) {
      const from = written
      const at = position === null ? null : position + from
      written += await this.use<number>((done) => {
        write(this.file.descriptor, bytes, from, bytes.length - from, at, done)
      })
    }
  }

  async read(position: number, length: number): Promise<Uint8Array> {
    const buffer = Buffer.allocUnsafe(length)
    let got = 0
    while (got < length) {
      const from = got
      const count = await this.use<number>((done) => {
        read(this.file.descriptor, buffer, from, length - from, position + from, done)
      })
      // Fewer bytes only at the end of the file.
      if (count === 0) break
      got += count
    }
    return buffer.subarray(0, got)
  }

  async truncate(bytes: number): Promise<void> {
    await this.use<undefined>((done) => {
      ftruncate(this.file.descriptor, bytes, ended(done))
    })
  }

  async size(): Promise<number> {
    return (await this.facts()).size
  }

  async identity(): Promise<string | null> {
    return identityOf(await this.facts())
  }

  async sync(): Promise<void> {
    if (this.file.syncsWrites) return
    await this.use<undefined>((done) => {
      fdatasync(this.file.descriptor, ended(done))
    })
  }

  close(): Promise<void> {
    this.closing ??= this.end()
    return this.closing
  }

  private async facts(): Promise<Stats> {
    this.assertOpen()
    if (this.file.isLocal) return fstatSync(this.file.descriptor)
    return this.use<Stats>((done) => {
      fstat(this.file.descriptor, done)
    })
  }

  /** Counts what is running, so that closing can wait for it. */
  private async use<T>(call: (done: Done<T>) => void): Promise<T> {
    this.assertOpen()
    this.running += 1
    try {
      return await called(call)
    } finally {
      this.running -= 1
      if (this.running === 0 && this.closing !== null) this.idle.resolve(undefined)
    }
  }

  private assertOpen(): void {
    if (this.closing !== null) throw Object.assign(new Error('EBADF: the file is closed'), { code: 'EBADF' })
  }

  private async end(): Promise<void> {
    if (this.running > 0) await this.idle.promise
    await closeFile(this.file)
  }
}

/** Equal for two names of one file; null where the system has no such numbers. */
export function identityOf(facts: { readonly dev: number; readonly ino: number }): string | null {
  return facts.ino === 0 ? null : `${String(facts.dev)}:${String(facts.ino)}`
}

async function closeFile({ descriptor, isLocal }: Pick<OpenedFile, 'descriptor' | 'isLocal'>): Promise<void> {
  if (isLocal) {
    closeSync(descriptor)
    return
  }
  await called<undefined>((done) => {
    close(descriptor, ended(done))
  })
}

function called<T>(call: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, value) => {
      if (error === null) resolve(value)
      else reject(error)
    })
  })
}

/** For calls of the system that answer nothing but an error. */
function ended(done: Done<undefined>): (error: NodeJS.ErrnoException | null) => void {
  return (error) => {
    done(error, undefined)
  }
}
