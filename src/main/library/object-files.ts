/**
 * The files of the object store, one by one: whether a file is the object of its name, and how a file gets
 * its place. The order of these steps, and what they mean, is in `object-store.ts`.
 */
import { dirname, join } from 'node:path'
import { fail } from '../../contract/errors'
import { systemCode, type Files } from '../platform/files'
import { partsOfPath } from '../platform/recorded-path'
import type { SyncFolder } from './folder-sync'
import { hashOfFile } from './hash-file'
import type { FileCondition, LibraryObjects } from './library'

export interface ObjectFilesParts {
  readonly syncFolder: SyncFolder
  /** Keeps a file that does not match its name, as evidence. */
  readonly setAside: (path: string, object: { readonly sha256: string }) => Promise<unknown>
}

export class ObjectFiles {
  readonly #files: Files
  readonly #root: string
  readonly #parts: ObjectFilesParts

  constructor(files: Files, root: string, parts: ObjectFilesParts) {
    this.#files = files
    this.#root = root
    this.#parts = parts
  }

  absolute(path: string): string {
    return join(this.#root, path)
  }

  /** Compares the length, and the hash when `hash` is set. */
  async check(
    path: string,
    expected: { readonly sha256: string; readonly bytes: number },
    options: { readonly hash: boolean }
  ): Promise<FileCondition> {
    if (partsOfPath(path) === null) return 'missing'
    const stat = await this.#files.stat(this.absolute(path))
    if (stat === null) return 'missing'
    if (!stat.isFile || stat.bytes !== expected.bytes) return 'damaged'
    if (!options.hash) return 'ok'
    try {
      return (await hashOfFile(this.#files, this.absolute(path))).sha256 === expected.sha256
        ? 'ok'
        : 'damaged'
    } catch (error) {
      return systemCode(error) === 'ENOENT' ? 'missing' : 'damaged'
    }
  }

  /** Reads the whole file, whatever its length. */
  async verify(path: string, sha256: string): ReturnType<LibraryObjects['verify']> {
    const stat = await this.#files.stat(this.absolute(path))
    if (stat === null) return { kind: 'missing' }
    if (!stat.isFile) return { kind: 'damaged' }
    const found = await hashOfFile(this.#files, this.absolute(path)).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return null
      throw error
    })
    if (found === null) return { kind: 'missing' }
    return found.sha256 === sha256 ? { kind: 'ok', bytes: found.bytes } : { kind: 'damaged' }
  }

  /** The shard's folder; a new one is made durable in its parent before anything is placed in it. */
  async makeShard(path: string): Promise<void> {
    const folder = dirname(this.absolute(path))
    if ((await this.#files.stat(folder)) !== null) return
    await this.#files.makeFolder(folder)
    await this.#parts.syncFolder(dirname(folder))
  }

  /** Throws when the part of an object that is not there is gone, too. */
  async assertPart(part: string, sha256: string): Promise<void> {
    if ((await this.#files.stat(part)) === null)
      fail('BROKEN_INVARIANT', `Neither the part nor the object of ${sha256} is there.`)
  }

  /** Moves a part to its place; a copy between file systems. */
  async moveIn(part: string, path: string, sha256: string): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        await this.#files.move(part, this.absolute(path))
        return
      } catch (error) {
        const code = systemCode(error)
        if (code === 'EXDEV') {
          // Staging and objects are on different file systems: make a verified copy.
          await this.makeShard(path)
          await this.#files.copyWhole(part, this.absolute(path))
          await this.#files.remove(part)
          return
        }
        if (code !== 'ENOENT' || tries > 0) throw error
      }
      await this.assertPart(part, sha256)
      await this.makeShard(path)
    }
  }

  /**
   * A damaged file is kept as evidence, a symbolic link is removed; a folder of that name must be moved by
   * the user.
   */
  async clear(path: string, object: { readonly sha256: string }): Promise<void> {
    const stat = await this.#files.stat(this.absolute(path))
    if (stat?.isLink === true) await this.#files.remove(this.absolute(path))
    else if (stat?.isFile === true) await this.#parts.setAside(path, object)
  }
}
