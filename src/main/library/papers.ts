/**
 * Papers: readable names of objects. A name is a hard link, else a copy; a user's file is never overwritten,
 * and an existing name of the same file is used again.
 */
import { dirname, join, posix } from 'node:path'
import { systemCode } from '../platform/files'
import type { Host } from '../platform/host'
import { onDisk } from './disk-trouble'
import { FolderNames, folderOf } from './folder-names'
import type { SyncFolder } from './folder-sync'
import { linkOrCopy, type ObjectStore } from './object-store'
import { isNamedBy, nameKey, numbered, paperName, type Naming } from './paper-name'

const FOLDER = 'papers'
/** More papers of one name indicate a bug, not a collision. */
const MOST_NUMBERS = 10_000

interface PapersParts {
  readonly template: string
  readonly objects: Pick<ObjectStore, 'hash'>
  readonly syncFolder: SyncFolder
}

/** Claims a name by its key; `keep` adds it to the names of its folder. False: it is taken. */
type Claim = (key: string, keep: () => void) => boolean

const keepFree: Claim = (_, keep) => {
  keep()
  return true
}

export class Papers {
  readonly #host: Host
  readonly #root: string
  readonly #parts: PapersParts
  readonly #names: FolderNames

  constructor(host: Host, root: string, parts: PapersParts) {
    this.#host = host
    this.#root = root
    this.#parts = parts
    this.#names = new FolderNames((folder) => host.files.list(this.#absolute(folder)))
  }

  /** Names the object; returns `papers/….pdf`, durable once `sync` has resolved. */
  async name(object: string, naming: Naming): Promise<string> {
    const name = await onDisk(this.#absolute(''), () => this.#take(object, naming))
    this.#host.probe('FINALIZE: paper linked')
    return `${FOLDER}/${name}`
  }

  /** Whether this name (`papers/…`) has the form that the template gives. */
  isNamed(paperPath: string, naming: Naming): boolean {
    return isNamedBy(this.#parts.template, naming, nameIn(paperPath))
  }

  /**
   * The name (`papers/…`) that the object would get. It is reserved for the caller; with `taken`, to which
   * the name is added, nothing is reserved and nothing on disk changes.
   */
  async choose(object: string, naming: Naming, taken?: Set<string>): Promise<string> {
    const claim: Claim = (key) => taken?.has(key) === false
    const { name } = await this.#free(object, naming, taken === undefined ? keepFree : claim)
    taken?.add(nameKey(name))
    return `${FOLDER}/${name}`
  }

  /** Links the object under a name from `choose`. Throws EEXIST when another file has it by now. Durable. */
  async link(object: string, paperPath: string): Promise<void> {
    const name = nameIn(paperPath)
    await onDisk(this.#absolute(name), async () => {
      if (await this.#isObject(name, object)) return
      await this.#place(object, name)
    })
    this.#host.probe('RENAME: new name linked')
    await this.sync(paperPath)
  }

  /** Releases the name for other papers. */
  forget(paperPath: string): void {
    this.#names.forget(nameIn(paperPath))
  }

  /** Makes the folder of a name and those above it durable. */
  async sync(paperPath: string): Promise<void> {
    const folder = folderOf(nameIn(paperPath))
    const folders = folder === '' ? [] : folder.split('/')
    const all = [FOLDER, ...folders.map((_, at) => posix.join(FOLDER, ...folders.slice(0, at + 1)))]
    await onDisk(this.#root, () =>
      Promise.all(all.map((one) => this.#parts.syncFolder(join(this.#root, one))))
    )
  }

  async #take(object: string, naming: Naming): Promise<string> {
    for (let n = 1; n < MOST_NUMBERS; n += 1) {
      const { name, isThere } = await this.#free(object, naming, keepFree)
      if (isThere) return name
      try {
        await this.#place(object, name)
        return name
      } catch (error) {
        if (systemCode(error) !== 'EEXIST') throw error
        if (await this.#isObject(name, object)) return name
      }
    }
    throw new Error(`No name is left for ${object}.`)
  }

  /** A name that no other file has, or that is already a name of this object. */
  async #free(
    object: string,
    naming: Naming,
    claim: Claim
  ): Promise<{ readonly name: string; readonly isThere: boolean }> {
    const wanted = paperName(this.#parts.template, naming).split('/')
    const own = wanted.pop() ?? ''
    const folder = await this.#names.folderFor(wanted)
    const entries = await this.#names.of(folder)
    for (let n = 1; n < MOST_NUMBERS; n += 1) {
      const base = numbered(own, n)
      const name = posix.join(folder, base)
      const key = nameKey(base)
      const holder = entries.get(key)
      if (holder !== undefined) {
        const held = posix.join(folder, holder.name)
        if (await this.#isObject(held, object)) return { name: held, isThere: true }
        if ((await this.#host.files.stat(this.#absolute(held))) !== null || holder.name !== base) continue
      }
      // Claimed before the next await, so that two jobs never use one name.
      const isMine = claim(nameKey(name), () => entries.set(key, { name: base, isFolder: false }))
      if (isMine) return { name, isThere: false }
    }
    throw new Error(`No name is left for ${object}.`)
  }

  async #place(object: string, name: string): Promise<void> {
    const path = this.#absolute(name)
    if (folderOf(name) !== '') await this.#host.files.makeFolder(dirname(path))
    try {
      await linkOrCopy(this.#host, join(this.#root, object), path)
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') this.#names.forget(name)
      throw error
    }
  }

  /** Whether the file of this name is the object itself, as a link or as a copy. */
  async #isObject(name: string, object: string): Promise<boolean> {
    const { files } = this.#host
    const [path, stored] = [this.#absolute(name), join(this.#root, object)]
    const [paper, whole] = await Promise.all([files.stat(path), files.stat(stored)])
    if (paper?.isFile !== true || whole?.isFile !== true || paper.bytes !== whole.bytes) return false
    if (paper.identity !== null && paper.identity === whole.identity) return true
    const { objects } = this.#parts
    return (await objects.hash(path)).sha256 === (await objects.hash(stored)).sha256
  }

  #absolute(name: string): string {
    return join(this.#root, FOLDER, name)
  }
}

/** The name inside the folder of papers. */
const nameIn = (paperPath: string): string => paperPath.slice(FOLDER.length + 1)
