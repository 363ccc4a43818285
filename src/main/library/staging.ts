/**
 * Staging: the folder of parts. A part and its sidecar are together in `.sheaf/staging`, on the file system
 * of the objects, so that finishing is a rename. Two versions of a file are never mixed in a part: old files
 * are removed durably, sidecar first, before a new part begins.
 */
import type { Hash } from 'node:crypto'
import { join } from 'node:path'
import { HOUR_SECONDS } from '../../contract/durations'
import { fail } from '../../contract/errors'
import type { PartFacts } from '../../contract/work'
import { manualAddress } from '../../contract/words'
import { systemCode, type FileHandle, type Files } from '../platform/files'
import type { Host } from '../platform/host'
import { onDisk } from './disk-trouble'
import { hashOfOpen } from './hash-file'
import type { Part, Staging } from './library'
import { OpenParts } from './open-parts'
import { stagingName, trustedBytes, type Sidecar } from './sidecar'
import { Sidecars } from './sidecars'

/** In the library's folder. */
export const STAGING = '.sheaf/staging'

const READ_BYTES = 1_048_576
/** Short compared with the time in which a user reconnects a library's disk. */
const ABSENT_MS = 3_000
const MOST_ABSENT = 1_000
const STRAY_SECONDS = HOUR_SECONDS

type PartSource = Omit<PartFacts, 'bytes'>
type ListedPart = Awaited<ReturnType<Staging['list']>>[number]

/** The engine's operations on staging, and the library's own. */
export class StagingFolder implements Staging {
  readonly #host: Host
  readonly #files: Files
  readonly #folder: string
  readonly #sidecars: Sidecars
  readonly #open: OpenParts
  /**
   * Jobs that recently had no part, by the monotonic time of that check: a job asks several times before its
   * file begins, and each check is three disk operations. Only this process creates parts.
   */
  readonly #absent = new Map<string, number>()

  constructor(host: Host, folder: string) {
    this.#host = host
    this.#files = host.files
    this.#folder = folder
    this.#sidecars = new Sidecars(host.files, folder)
    this.#open = new OpenParts(host, this.#sidecars)
  }

  path(jobId: string): string {
    return join(this.#folder, `${stagingName(jobId)}.part`)
  }

  facts(jobId: string): Promise<PartFacts | null> {
    return onDisk(this.path(jobId), () => this.#factsOf(jobId))
  }

  begin(jobId: string, { url, validator, totalBytes }: PartSource): Promise<Part> {
    const path = this.path(jobId)
    return onDisk(path, async () => {
      const sidecar: Sidecar = {
        v: 1,
        jobId,
        url,
        etag: validator.etag ?? null,
        lastModified: validator.lastModified ?? null,
        totalBytes,
        bootId: this.#host.identity.bootId,
        syncedBytes: 0
      }
      const handle = await this.#createBoth(sidecar)
      return this.#open.add({ path, handle }, sidecar)
    })
  }

  resume(jobId: string): Promise<Part> {
    const path = this.path(jobId)
    this.#absent.delete(jobId)
    return onDisk(path, async () => {
      const sidecar = await this.#sidecars.of(jobId)
      if (sidecar === null)
        return fail('BROKEN_INVARIANT', `The part of job ${jobId} has no sidecar and cannot be continued.`)
      const handle = await this.#files.open(path, 'update')
      try {
        return await this.#continue({ path, handle }, sidecar)
      } catch (error) {
        await handle.close()
        throw error
      }
    })
  }

  readdress(jobId: string, url: string): Promise<void> {
    return onDisk(this.#sidecars.path(jobId), async () => {
      const sidecar = await this.#sidecars.of(jobId)
      if (sidecar === null)
        return fail('BROKEN_INVARIANT', `The part of job ${jobId} has no sidecar and cannot be readdressed.`)
      await this.#sidecars.replace({ ...sidecar, url })
    })
  }

  async discard(jobId: string): Promise<void> {
    const part = this.path(jobId)
    const sidecar = this.#sidecars.path(jobId)
    this.#sidecars.forget(jobId)
    const there = await Promise.all([this.#files.stat(part), this.#files.stat(sidecar)])
    if (there.every((stat) => stat === null)) return
    await onDisk(part, async () => {
      await this.#files.remove(sidecar)
      await this.#files.remove(part)
      // A removed sidecar restored by a power cut would describe the bytes of the next part.
      await this.#files.syncFolder(this.#folder)
    })
  }

  /** Copies the whole file `from` in as a finished part named by its hash: `manual:<sha256>`. */
  async takeIn(
    jobId: string,
    file: string,
    from: Pick<Files, 'open'>
  ): Promise<{ readonly sha256: string; readonly bytes: number }> {
    const source = await from.open(file, 'read')
    try {
      const bytes = await source.size()
      const sha256 = (await hashOfExactly(source, bytes)).digest('hex')
      const part = await this.begin(jobId, { url: manualAddress(sha256), validator: {}, totalBytes: bytes })
      try {
        for (let at = 0; at < bytes; at += READ_BYTES) {
          await part.write(await source.read(at, Math.min(READ_BYTES, bytes - at)))
        }
        const whole = await part.finish()
        if (whole.sha256 === sha256) return whole
      } finally {
        await part.close()
      }
      return fail('BAD_FILE', `${file} changed while it was read.`)
    } finally {
      await source.close()
    }
  }

  /**
   * Removes the sidecar after the part has become an object. Not synced, since the sidecar no longer matters.
   */
  forget(jobId: string): Promise<void> {
    this.#sidecars.forget(jobId)
    return this.#files.remove(this.#sidecars.path(jobId))
  }

  async list(): Promise<readonly ListedPart[]> {
    const entries = await this.#files.list(this.#folder)
    const names = new Set(entries.filter((entry) => !entry.isFolder).map((entry) => entry.name))
    const parts: ListedPart[] = []
    for (const name of names) {
      const stat = await this.#files.stat(join(this.#folder, name))
      if (stat === null) continue
      const jobId = name.endsWith('.part') ? await this.#jobOf(name) : null
      if (jobId !== null) parts.push({ jobId, bytes: stat.bytes, modifiedAt: stat.modifiedAt })
      else if (isStray(name, names) && this.#host.clock.now() - stat.modifiedAt > STRAY_SECONDS)
        await this.#files.remove(join(this.#folder, name))
    }
    return parts
  }

  async #factsOf(jobId: string): Promise<PartFacts | null> {
    const now = this.#host.clock.monotonicMs()
    const wasAbsent = now - (this.#absent.get(jobId) ?? Number.NEGATIVE_INFINITY) < ABSENT_MS
    // A part may have begun during the check of the disk.
    if (wasAbsent && !this.#sidecars.wrote(jobId)) return null
    const stat = await this.#files.stat(this.path(jobId))
    if (stat === null) {
      if (this.#absent.size > MOST_ABSENT) this.#absent.clear()
      this.#absent.set(jobId, now)
    }
    // Bytes under a second name may belong to another file, or to a backup: they are not extended.
    if (stat?.isFile !== true || stat.links > 1) return null
    const sidecar = await this.#sidecars.of(jobId)
    if (sidecar === null) return null
    return {
      url: sidecar.url,
      validator: {
        ...(sidecar.etag === null ? {} : { etag: sidecar.etag }),
        ...(sidecar.lastModified === null ? {} : { lastModified: sidecar.lastModified })
      },
      totalBytes: sidecar.totalBytes,
      bytes: trustedBytes(sidecar, stat.bytes, this.#host.identity.bootId)
    }
  }

  /** Both files are new. Old files of the same name are removed first; usually there are none. */
  async #createBoth(sidecar: Sidecar): Promise<FileHandle> {
    const { jobId } = sidecar
    this.#absent.delete(jobId)
    for (let tries = 0; ; tries += 1) {
      try {
        await this.#sidecars.create(sidecar)
        this.#host.probe('STREAM: sidecar written')
        return await this.#files.open(this.path(jobId), 'create')
      } catch (error) {
        if (systemCode(error) !== 'EEXIST' || tries > 0) throw error
        await this.discard(jobId)
      }
    }
  }

  /** Cuts off what may not be trusted; the hash of the rest is computed again. */
  async #continue(
    file: { readonly path: string; readonly handle: FileHandle },
    sidecar: Sidecar
  ): Promise<Part> {
    const { handle } = file
    const { bootId } = this.#host.identity
    const size = await handle.size()
    const bytes = trustedBytes(sidecar, size, bootId)
    if (bytes < size) await handle.truncate(bytes)
    const hash = await hashOfExactly(handle, bytes)
    const now = { ...sidecar, bootId, syncedBytes: Math.min(sidecar.syncedBytes, bytes) }
    if (now.bootId !== sidecar.bootId) await this.#sidecars.replace(now)
    return this.#open.add(file, now, { hash, bytes, synced: now.syncedBytes })
  }

  /** The job of a part; null when its name is no job's. */
  async #jobOf(name: string): Promise<string | null> {
    const base = name.slice(0, -'.part'.length)
    const noted = (await this.#sidecars.read(join(this.#folder, `${base}.json`)))?.jobId
    // A sidecar is valid only for the part beside it.
    const jobId = noted !== undefined && stagingName(noted) === base ? noted : base
    return stagingName(jobId) === base ? jobId : null
  }
}

/**
 * A part of no job, a sidecar without its part (a rename happened first), or a sidecar that was being written.
 */
function isStray(name: string, names: ReadonlySet<string>): boolean {
  if (name.endsWith('.part') || name.endsWith('.new') || name.endsWith('.tmp')) return true
  return name.endsWith('.json') && !names.has(name.replace(/\.json$/, '.part'))
}

/** The hash of so many bytes; they are read once, and those of a part from the cache: this process wrote them. */
async function hashOfExactly(handle: FileHandle, most: number): Promise<Hash> {
  const { hash, bytes } = await hashOfOpen(handle, { most })
  return bytes < most ? fail('DISK_ERROR', 'A part is shorter than the disk said.') : hash
}
