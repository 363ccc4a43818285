/**
 * Staging: the folder of parts. A part and its sidecar are together in `.sheaf/staging`, on the file system
 * of the objects, so that finishing is a rename. Two versions of a file are never mixed in a part: old files
 * are removed durably, sidecar first, before a new part begins.
 *
 * A new sidecar is not synced: until the first sync of the part no byte survives a power cut anyway, and a
 * lost sidecar only means starting again.
 */
import type { Hash } from 'node:crypto'
import { join } from 'node:path'
import { fail, isSheafError } from '../../contract/errors'
import type { PartFacts } from '../../contract/work'
import { systemCode, type FileHandle, type Files } from '../platform/files'
import type { Host } from '../platform/host'
import { onDisk } from './disk-trouble'
import type { Part, Staging } from './library'
import { PartFile, type Begun } from './part-file'
import { readSidecar, stagingName, trustedBytes, type Sidecar } from './sidecar'
import { hashOfOpen } from './hash-file'
import { HOUR_SECONDS } from '../../contract/durations'

const FLUSH_EVERY_MS = 20
const READ_BYTES = 1_048_576
/** Short compared with the time in which a user reconnects a library's disk. */
const ABSENT_MS = 3_000
const MOST_ABSENT = 1_000
const STRAY_SECONDS = HOUR_SECONDS
/** An address, a validator and some numbers; Node accepts headers of at most 16 kB. */
const MOST_NOTE_BYTES = 262_144

/** The library's own operations on staging, in addition to the engine's. */
export interface OwnStaging extends Staging {
  /** Copies the whole file `from` in as a finished part named by its hash: `manual:<sha256>`. */
  takeIn(
    jobId: string,
    file: string,
    from: Pick<Files, 'open'>
  ): Promise<{ readonly sha256: string; readonly bytes: number }>
  /**
   * Removes the sidecar after the part has become an object. Not synced, since the sidecar no longer matters.
   */
  forget(jobId: string): Promise<void>
}

/** Size: its inner functions share the open parts and their sidecars; each is short by itself. */
export function makeStaging(host: Host, folder: string): OwnStaging {
  const { files } = host
  const partPath = (jobId: string): string => join(folder, `${stagingName(jobId)}.part`)
  const sidecarPath = (jobId: string): string => join(folder, `${stagingName(jobId)}.json`)

  /** Sidecars as this process wrote them: the facts of a job are requested several times. */
  const written = new Map<string, Sidecar>()
  /**
   * Jobs that recently had no part, by the monotonic time of that check: a job asks several times before its
   * file begins, and each check is three disk operations. Only this process creates parts.
   */
  const absent = new Map<string, number>()
  const open = new Set<PartFile>()
  let stopTicking: (() => void) | null = null

  /** Null when there is none, and when the file of that name is not a sidecar: a link, or far too long. */
  async function readNote(path: string): Promise<Sidecar | null> {
    try {
      if (((await files.stat(path))?.bytes ?? 0) > MOST_NOTE_BYTES) return null
      return readSidecar(new TextDecoder().decode(await files.readWhole(path)))
    } catch (error) {
      if (systemCode(error) === 'ENOENT' || isSheafError(error, 'FILE_UNWRITABLE')) return null
      throw error
    }
  }

  /**
   * Replaces the sidecar by a rename: a reader sees the old one or the new one. It is not synced; one that a power
   * cut left unreadable counts as missing.
   */
  async function writeNote(sidecar: Sidecar): Promise<void> {
    const path = sidecarPath(sidecar.jobId)
    await writeNew(`${path}.new`, sidecar, 'overwrite')
    await files.move(`${path}.new`, path)
    written.set(sidecar.jobId, sidecar)
  }

  async function writeNew(path: string, sidecar: Sidecar, mode: 'create' | 'overwrite'): Promise<void> {
    const handle = await files.open(path, mode)
    try {
      await handle.write(Buffer.from(JSON.stringify(sidecar)), 0)
    } finally {
      await handle.close()
    }
  }

  function wrap(handle: FileHandle, first: Sidecar, begun?: Begun): Part {
    const path = partPath(first.jobId)
    let sidecar = first
    const part: PartFile = new PartFile(
      { path, handle },
      {
        written: () => {
          host.probe('STREAM: part written')
        },
        complete: () => {
          host.probe('STREAM: part complete')
        },
        synced: async (bytes) => {
          // The sidecar may be late or missing: it then only understates the durable bytes.
          sidecar = { ...sidecar, syncedBytes: bytes }
          await writeNote(sidecar).catch((error: unknown) => {
            host.log.debug('A sidecar could not be brought up to date', { path, because: String(error) })
          })
        },
        distrusted: async () => {
          sidecar = { ...sidecar, bootId: '' }
          await writeNote(sidecar)
        },
        closed: () => {
          open.delete(part)
          if (open.size > 0) return
          stopTicking?.()
          stopTicking = null
        }
      },
      begun
    )
    open.add(part)
    stopTicking ??= host.clock.every(FLUSH_EVERY_MS, () => {
      for (const one of open) one.flushAged()
    })
    return part
  }

  /** The hash of the existing bytes; this process wrote them, and they are read once, from the cache. */
  async function hashOf(handle: FileHandle, most: number): Promise<Hash> {
    const { hash, bytes } = await hashOfOpen(handle, most)
    return bytes < most ? fail('DISK_ERROR', 'A part is shorter than the disk said.') : hash
  }

  async function factsOf(jobId: string): Promise<PartFacts | null> {
    const now = host.clock.monotonicMs()
    const wasAbsent = now - (absent.get(jobId) ?? Number.NEGATIVE_INFINITY) < ABSENT_MS
    // A part may have begun during the check of the disk.
    if (wasAbsent && !written.has(jobId)) return null
    const stat = await files.stat(partPath(jobId))
    if (stat === null) {
      if (absent.size > MOST_ABSENT) absent.clear()
      absent.set(jobId, now)
    }
    // Bytes under a second name may belong to another file, or to a backup: they are not extended.
    if (stat?.isFile !== true || stat.links > 1) return null
    const sidecar = written.get(jobId) ?? (await readNote(sidecarPath(jobId)))
    if (sidecar?.jobId !== jobId) return null
    return {
      url: sidecar.url,
      validator: {
        ...(sidecar.etag === null ? {} : { etag: sidecar.etag }),
        ...(sidecar.lastModified === null ? {} : { lastModified: sidecar.lastModified })
      },
      totalBytes: sidecar.totalBytes,
      bytes: trustedBytes(sidecar, stat.bytes, host.identity.bootId)
    }
  }

  /** Both files are new. Old files of the same name are removed first; usually there are none. */
  async function openBoth(sidecar: Sidecar): Promise<FileHandle> {
    const { jobId } = sidecar
    absent.delete(jobId)
    for (let tries = 0; ; tries += 1) {
      try {
        await writeNew(sidecarPath(jobId), sidecar, 'create')
        written.set(jobId, sidecar)
        host.probe('STREAM: sidecar written')
        return await files.open(partPath(jobId), 'create')
      } catch (error) {
        if (systemCode(error) !== 'EEXIST' || tries > 0) throw error
        await staging.discard(jobId)
      }
    }
  }

  const staging: OwnStaging = {
    path: partPath,
    facts: (jobId) => onDisk(partPath(jobId), () => factsOf(jobId)),
    begin(jobId, source) {
      const path = partPath(jobId)
      return onDisk(path, async () => {
        const sidecar: Sidecar = {
          v: 1,
          jobId,
          url: source.url,
          etag: source.validator.etag ?? null,
          lastModified: source.validator.lastModified ?? null,
          totalBytes: source.totalBytes,
          bootId: host.identity.bootId,
          syncedBytes: 0
        }
        const handle = await openBoth(sidecar)
        return wrap(handle, sidecar)
      })
    },
    resume(jobId) {
      const path = partPath(jobId)
      absent.delete(jobId)
      return onDisk(path, async () => {
        const sidecar = written.get(jobId) ?? (await readNote(sidecarPath(jobId)))
        if (sidecar?.jobId !== jobId) {
          return fail('BROKEN_INVARIANT', `The part of job ${jobId} has no sidecar and cannot be continued.`)
        }
        const handle = await files.open(path, 'update')
        try {
          const size = await handle.size()
          const bytes = trustedBytes(sidecar, size, host.identity.bootId)
          if (bytes < size) await handle.truncate(bytes)
          const hash = await hashOf(handle, bytes)
          const now = {
            ...sidecar,
            bootId: host.identity.bootId,
            syncedBytes: Math.min(sidecar.syncedBytes, bytes)
          }
          if (now.bootId !== sidecar.bootId) await writeNote(now)
          return wrap(handle, now, { hash, bytes, synced: now.syncedBytes })
        } catch (error) {
          await handle.close()
          throw error
        }
      })
    },
    readdress(jobId, url) {
      return onDisk(sidecarPath(jobId), async () => {
        const sidecar = written.get(jobId) ?? (await readNote(sidecarPath(jobId)))
        if (sidecar?.jobId !== jobId) {
          return fail(
            'BROKEN_INVARIANT',
            `The part of job ${jobId} has no sidecar and cannot be readdressed.`
          )
        }
        await writeNote({ ...sidecar, url })
      })
    },
    async discard(jobId) {
      const part = partPath(jobId)
      const sidecar = sidecarPath(jobId)
      written.delete(jobId)
      const there = await Promise.all([files.stat(part), files.stat(sidecar)])
      if (there.every((stat) => stat === null)) return
      await onDisk(part, async () => {
        await files.remove(sidecar)
        await files.remove(part)
        // A removed sidecar restored by a power cut would describe the bytes of the next part.
        await files.syncFolder(folder)
      })
    },
    async takeIn(jobId, file, from) {
      const source = await from.open(file, 'read')
      try {
        const bytes = await source.size()
        const sha256 = (await hashOf(source, bytes)).digest('hex')
        const part = await staging.begin(jobId, { url: `manual:${sha256}`, validator: {}, totalBytes: bytes })
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
    },
    forget(jobId) {
      written.delete(jobId)
      return files.remove(sidecarPath(jobId))
    },
    async list() {
      const names = (await files.list(folder)).filter((entry) => !entry.isFolder).map((entry) => entry.name)
      const parts: { jobId: string; bytes: number; modifiedAt: number }[] = []
      for (const name of names) {
        const stat = await files.stat(join(folder, name))
        if (stat === null) continue
        if (name.endsWith('.part')) {
          const base = name.slice(0, -'.part'.length)
          const noted = (await readNote(join(folder, `${base}.json`)))?.jobId
          // A sidecar is valid only for the part beside it.
          const jobId = noted !== undefined && stagingName(noted) === base ? noted : base
          if (stagingName(jobId) === base) {
            parts.push({ jobId, bytes: stat.bytes, modifiedAt: stat.modifiedAt })
          } else if (host.clock.now() - stat.modifiedAt > STRAY_SECONDS) {
            await files.remove(join(folder, name))
          }
          continue
        }
        // A sidecar without its part (a rename happened first), or a sidecar that was being written.
        const orphan = name.endsWith('.json') && !names.includes(name.replace(/\.json$/, '.part'))
        const passing = name.endsWith('.new') || name.endsWith('.tmp')
        const old = host.clock.now() - stat.modifiedAt > STRAY_SECONDS
        if ((orphan || passing) && old) await files.remove(join(folder, name))
      }
      return parts
    }
  }
  return staging
}
