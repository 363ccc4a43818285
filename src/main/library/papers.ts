/**
 * Papers: readable names of objects. A name is a hard link, else a copy; a user's file is never overwritten,
 * and an existing name of the same file is used again.
 */
import { dirname, join, posix } from 'node:path'
import { systemCode } from '../platform/files'
import type { Host } from '../platform/host'
import { onDisk } from './disk-trouble'
import type { SyncFolder } from './folder-sync'
import { linkOrCopy, type ObjectStore } from './object-store'
import { isNamedBy, nameKey, numbered, paperName, type Naming } from './paper-name'

const FOLDER = 'papers'
/** More papers of one name indicate a bug, not a collision. */
const MOST_NUMBERS = 10_000

export interface Papers {
  /** Names the object; returns `papers/….pdf`, durable once `sync` has resolved. */
  name(object: string, naming: Naming): Promise<string>
  /** Whether this name (`papers/…`) has the form that the template gives. */
  isNamed(paperPath: string, naming: Naming): boolean
  /**
   * The name (`papers/…`) that the object would get. It is reserved for the caller; with `taken`, to which
   * the name is added, nothing is reserved and nothing on disk changes.
   */
  choose(object: string, naming: Naming, taken?: Set<string>): Promise<string>
  /** Links the object under a name from `choose`. Throws EEXIST when another file has it by now. Durable. */
  link(object: string, paperPath: string): Promise<void>
  /** Releases the name for other papers. */
  forget(paperPath: string): void
  /** Makes the folder of a name and those above it durable. */
  sync(paperPath: string): Promise<void>
}

interface Entry {
  readonly name: string
  readonly isFolder: boolean
}

interface PapersParts {
  readonly template: string
  readonly objects: Pick<ObjectStore, 'hash'>
  readonly syncFolder: SyncFolder
}

/** Size: its inner functions share the contents of each folder; each is short by itself. */
export function makePapers(host: Host, root: string, { template, objects, syncFolder }: PapersParts): Papers {
  const { files } = host
  /**
   * the contents of each folder by normalised names (NFC, case-folded): no two names may differ in these only
   */
  const known = new Map<string, Map<string, Entry>>()

  const absolute = (name: string): string => join(root, FOLDER, name)

  async function entriesOf(folder: string): Promise<Map<string, Entry>> {
    const before = known.get(folder)
    if (before !== undefined) return before
    const there = await files.list(absolute(folder))
    const read = known.get(folder) ?? new Map(there.map((entry) => [nameKey(entry.name), entry]))
    known.set(folder, read)
    return read
  }

  /** The folder in the spelling that it has on disk; a file of that name is left alone. */
  async function folderFor(wanted: readonly string[]): Promise<string> {
    let folder = ''
    for (const part of wanted) {
      const entries = await entriesOf(folder)
      for (let n = 1; ; n += 1) {
        const name = n === 1 ? part : `${part} (${String(n)})`
        const holder = entries.get(nameKey(name))
        if (holder?.isFolder === false) continue
        if (holder === undefined) entries.set(nameKey(name), { name, isFolder: true })
        folder = posix.join(folder, holder?.name ?? name)
        break
      }
    }
    return folder
  }

  /** Whether the file of this name is the object itself, as a link or as a copy. */
  async function isObject(name: string, object: string): Promise<boolean> {
    const [paper, stored] = await Promise.all([files.stat(absolute(name)), files.stat(join(root, object))])
    if (paper?.isFile !== true || stored?.isFile !== true || paper.bytes !== stored.bytes) return false
    if (paper.identity !== null && paper.identity === stored.identity) return true
    return (await objects.hash(absolute(name))).sha256 === (await objects.hash(join(root, object))).sha256
  }

  /** A name that no other file has, or that is already a name of this object. */
  async function free(
    object: string,
    naming: Naming,
    claim: (key: string, keep: () => void) => boolean
  ): Promise<{ readonly name: string; readonly isThere: boolean }> {
    const wanted = paperName(template, naming).split('/')
    const own = wanted.pop() ?? ''
    const folder = await folderFor(wanted)
    const entries = await entriesOf(folder)
    for (let n = 1; n < MOST_NUMBERS; n += 1) {
      const base = numbered(own, n)
      const name = posix.join(folder, base)
      const fold = nameKey(base)
      const holder = entries.get(fold)
      if (holder !== undefined) {
        const held = posix.join(folder, holder.name)
        if (await isObject(held, object)) return { name: held, isThere: true }
        if ((await files.stat(absolute(held))) !== null || holder.name !== base) continue
      }
      // Claimed before the next await, so that two jobs never use one name.
      const isMine = claim(nameKey(name), () => entries.set(fold, { name: base, isFolder: false }))
      if (isMine) return { name, isThere: false }
    }
    throw new Error(`No name is left for ${object}.`)
  }

  const keepFree = (_: string, keep: () => void): boolean => {
    keep()
    return true
  }

  async function place(object: string, name: string): Promise<void> {
    const folder = dirname(absolute(name))
    if (posix.dirname(name) !== '.') await files.makeFolder(folder)
    try {
      await linkOrCopy(host, join(root, object), absolute(name))
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') forget(name)
      throw error
    }
  }

  async function take(object: string, naming: Naming): Promise<string> {
    for (let n = 1; n < MOST_NUMBERS; n += 1) {
      const { name, isThere } = await free(object, naming, keepFree)
      if (isThere) return name
      try {
        await place(object, name)
        return name
      } catch (error) {
        if (systemCode(error) !== 'EEXIST') throw error
        if (await isObject(name, object)) return name
      }
    }
    throw new Error(`No name is left for ${object}.`)
  }

  function forget(name: string): void {
    known.get(folderOf(name))?.delete(nameKey(posix.basename(name)))
  }

  async function sync(name: string): Promise<void> {
    const folders = folderOf(name) === '' ? [] : folderOf(name).split('/')
    const all = [FOLDER, ...folders.map((_, at) => posix.join(FOLDER, ...folders.slice(0, at + 1)))]
    await onDisk(root, () => Promise.all(all.map((folder) => syncFolder(join(root, folder)))))
  }

  return {
    async name(object, naming) {
      const name = await onDisk(absolute(''), () => take(object, naming))
      host.probe('FINALIZE: paper linked')
      return `${FOLDER}/${name}`
    },
    isNamed: (paperPath, naming) => isNamedBy(template, naming, nameIn(paperPath)),
    async choose(object, naming, taken) {
      const claim = (key: string): boolean => taken?.has(key) === false
      const { name } = await free(object, naming, taken === undefined ? keepFree : claim)
      taken?.add(nameKey(name))
      return `${FOLDER}/${name}`
    },
    async link(object, paperPath) {
      const name = nameIn(paperPath)
      await onDisk(absolute(name), async () => {
        if (await isObject(name, object)) return
        await place(object, name)
      })
      host.probe('RENAME: new name linked')
      await sync(name)
    },
    forget: (paperPath) => {
      forget(nameIn(paperPath))
    },
    sync: (paperPath) => sync(nameIn(paperPath))
  }
}

const nameIn = (paperPath: string): string => paperPath.slice(FOLDER.length + 1)

/** '' for a name directly in the folder of papers. */
function folderOf(name: string): string {
  const folder = posix.dirname(name)
  return folder === '.' ? '' : folder
}
