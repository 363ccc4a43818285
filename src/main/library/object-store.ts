/**
 * Objects: finished files under their hash, immutable, stored once. Placing one first checks what exists, so
 * it can be repeated after a crash at any instant.
 */
import { basename, dirname, join } from 'node:path'
import { fail } from '../../contract/errors'
import type { Format } from '../../contract/words'
import { meansCopyInstead } from '../platform/copy-instead'
import { systemCode, type Files } from '../platform/files'
import type { Host } from '../platform/host'
import { filesInside } from '../platform/inside-folder'
import { isObjectPath, partsOfPath } from '../platform/recorded-path'
import { onDisk } from './disk-trouble'
import type { SyncFolder } from './folder-sync'
import { hashOfFile } from './hash-file'
import type { LibraryObjects } from './library'

export function objectPath(sha256: string, format: Format): string {
  return `objects/${sha256.slice(0, 2)}/${sha256}.${format}`
}

export interface ObjectStore extends Pick<LibraryObjects, 'check' | 'restore' | 'verify' | 'bring'> {
  /**
   * Moves a part under its hash. `adopted`: an object with the right bytes existed. The shard is not synced.
   */
  place(
    part: string,
    object: { readonly sha256: string; readonly bytes: number; readonly format: Format }
  ): Promise<{ readonly path: string; readonly adopted: boolean }>
  hash(path: string): Promise<{ readonly sha256: string; readonly bytes: number }>
}

interface ObjectStoreParts {
  /** the disk without the guard around this library */
  readonly outside: Files
  readonly syncFolder: SyncFolder
  /** Keeps a file that does not match its name, as evidence. */
  readonly setAside: (path: string, object: { readonly sha256: string }) => Promise<unknown>
}

/** Size: its inner functions share the folder and the record of which caller uses which object. */
export function makeObjectStore(host: Host, root: string, parts: ObjectStoreParts): ObjectStore {
  const { files } = host
  const { syncFolder, setAside, outside } = parts
  const absolute = (path: string): string => join(root, path)

  const hash = (path: string): ReturnType<ObjectStore['hash']> => hashOfFile(files, path)

  const check: ObjectStore['check'] = async (path, expected, options) => {
    if (partsOfPath(path) === null) return 'missing'
    const stat = await files.stat(absolute(path))
    if (stat === null) return 'missing'
    if (!stat.isFile || stat.bytes !== expected.bytes) return 'damaged'
    if (!options.hash) return 'ok'
    try {
      return (await hash(absolute(path))).sha256 === expected.sha256 ? 'ok' : 'damaged'
    } catch (error) {
      return systemCode(error) === 'ENOENT' ? 'missing' : 'damaged'
    }
  }

  /** The shard's folder; a new one is made durable in its parent before anything is placed in it. */
  async function makeShard(path: string): Promise<void> {
    const folder = dirname(absolute(path))
    if ((await files.stat(folder)) !== null) return
    await files.makeFolder(folder)
    await syncFolder(dirname(folder))
  }

  async function moveIn(part: string, path: string, sha256: string): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        await files.move(part, absolute(path))
        return
      } catch (error) {
        const code = systemCode(error)
        if (code === 'EXDEV') {
          // Staging and objects are on different file systems: make a verified copy.
          await makeShard(path)
          await files.copyWhole(part, absolute(path))
          await files.remove(part)
          return
        }
        if (code !== 'ENOENT' || tries > 0) throw error
      }
      if ((await files.stat(part)) === null) {
        fail('BROKEN_INVARIANT', `Neither the part nor the object of ${sha256} is there.`)
      }
      await makeShard(path)
    }
  }

  /**
   * A damaged file is kept as evidence, a symbolic link is removed; a folder of that name must be moved by
   * the user.
   */
  async function clear(path: string, object: { readonly sha256: string }): Promise<void> {
    const stat = await files.stat(absolute(path))
    if (stat?.isLink === true) await files.remove(absolute(path))
    else if (stat?.isFile === true) await setAside(path, object)
  }

  async function verify(
    path: string,
    sha256: string
  ): Promise<{ kind: 'ok'; bytes: number } | { kind: 'missing' | 'damaged' }> {
    const stat = await files.stat(absolute(path))
    if (stat === null) return { kind: 'missing' }
    if (!stat.isFile) return { kind: 'damaged' }
    const found = await hash(absolute(path)).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return null
      throw error
    })
    if (found === null) return { kind: 'missing' }
    return found.sha256 === sha256 ? { kind: 'ok', bytes: found.bytes } : { kind: 'damaged' }
  }

  return {
    check,
    hash,
    verify,
    bring(folder, place, { sha256, format }) {
      const to = objectPath(sha256, format)
      return onDisk(absolute(to), async () => {
        if ((await verify(to, sha256)).kind === 'ok') return 'brought'
        // The other library is read through its own guard: no name in it leads out of it.
        const there = filesInside(outside, folder)
        const from = join(folder, place)
        const stat = await there.stat(from)
        if (stat?.isFile !== true) return 'missing'
        if ((await hashOfFile(there, from)).sha256 !== sha256) return 'damaged'
        await makeShard(to)
        await clear(to, { sha256 })
        await linkOrCopy({ ...host, files: outside }, from, absolute(to))
        await syncFolder(dirname(absolute(to)))
        return (await verify(to, sha256)).kind === 'ok' ? 'brought' : 'damaged'
      })
    },
    place(part, object) {
      const path = objectPath(object.sha256, object.format)
      return onDisk(absolute(path), async () => {
        // Name and length are no proof: the file is hashed.
        const there = await check(path, object, { hash: true })
        if (there === 'ok') {
          await files.remove(part)
          return { path, adopted: true }
        }
        if ((await files.stat(part)) === null) {
          fail('BROKEN_INVARIANT', `Neither the part nor the object of ${object.sha256} is there.`)
        }
        if (there === 'damaged') await clear(path, object)
        await moveIn(part, path, object.sha256)
        host.probe('FINALIZE: object renamed')
        return { path, adopted: false }
      })
    },
    restore(from, to) {
      if (partsOfPath(from) === null || !isObjectPath(to)) {
        return fail('BROKEN_INVARIANT', `${to} is not the path of an object.`)
      }
      return onDisk(absolute(to), async () => {
        await makeShard(to)
        await clear(to, { sha256: basename(to).replace(/\.\w+$/, '') })
        await linkOrCopy(host, absolute(from), absolute(to))
        await syncFolder(dirname(absolute(to)))
      })
    }
  }
}

/** A hard link where the system supports it, else a copy. The caller handles EEXIST. */
export async function linkOrCopy(host: Host, from: string, to: string): Promise<void> {
  try {
    await host.files.linkUnsynced(from, to)
  } catch (error) {
    if (!meansCopyInstead(systemCode(error))) throw error
    // A copy would replace an existing file; a link fails instead.
    if ((await host.files.stat(to)) !== null) {
      throw Object.assign(new Error(`${to} is there already`), { code: 'EEXIST' })
    }
    await host.files.copyWhole(from, to)
  }
}
