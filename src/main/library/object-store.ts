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
import { isObjectPath, objectPath, partsOfPath } from '../platform/recorded-path'
import { onDisk } from './disk-trouble'
import { hashOfFile } from './hash-file'
import type { LibraryObjects } from './library'
import { ObjectFiles, type ObjectFilesParts } from './object-files'

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

interface ObjectStoreParts extends ObjectFilesParts {
  /** the disk without the guard around this library */
  readonly outside: Files
}

export function makeObjectStore(host: Host, root: string, parts: ObjectStoreParts): ObjectStore {
  const { syncFolder, outside } = parts
  const objects = new ObjectFiles(host.files, root, parts)

  return {
    check: (path, expected, options) => objects.check(path, expected, options),
    hash: (path) => hashOfFile(host.files, path),
    verify: (path, sha256) => objects.verify(path, sha256),
    bring(folder, place, { sha256, format }) {
      const to = objectPath(sha256, format)
      return onDisk(objects.absolute(to), async () => {
        if ((await objects.verify(to, sha256)).kind === 'ok') return 'brought'
        // The other library is read through its own guard: no name in it leads out of it.
        const there = filesInside(outside, folder)
        const from = join(folder, place)
        const stat = await there.stat(from)
        if (stat?.isFile !== true) return 'missing'
        if ((await hashOfFile(there, from)).sha256 !== sha256) return 'damaged'
        await objects.makeShard(to)
        await objects.clear(to, { sha256 })
        await linkOrCopy({ ...host, files: outside }, from, objects.absolute(to))
        await syncFolder(dirname(objects.absolute(to)))
        return (await objects.verify(to, sha256)).kind === 'ok' ? 'brought' : 'damaged'
      })
    },
    place(part, object) {
      const path = objectPath(object.sha256, object.format)
      return onDisk(objects.absolute(path), async () => {
        // Name and length are no proof: the file is hashed.
        const there = await objects.check(path, object, { hash: true })
        if (there === 'ok') {
          await host.files.remove(part)
          return { path, adopted: true }
        }
        await objects.assertPart(part, object.sha256)
        if (there === 'damaged') await objects.clear(path, object)
        await objects.moveIn(part, path, object.sha256)
        host.probe('FINALIZE: object renamed')
        return { path, adopted: false }
      })
    },
    restore(from, to) {
      if (partsOfPath(from) === null || !isObjectPath(to)) {
        return fail('BROKEN_INVARIANT', `${to} is not the path of an object.`)
      }
      return onDisk(objects.absolute(to), async () => {
        await objects.makeShard(to)
        await objects.clear(to, { sha256: basename(to).replace(/\.\w+$/, '') })
        await linkOrCopy(host, objects.absolute(from), objects.absolute(to))
        await syncFolder(dirname(objects.absolute(to)))
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
