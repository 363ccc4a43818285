/**
 * Papers: readable names of objects. A name is a hard link, else a copy; a file of the user's is
 * never overwritten, and a name that is this very file already is used again.
 */
import { join } from 'node:path'
import { systemCode } from '../platform/files'
import type { Host } from '../platform/host'
import { onDisk } from './disk-trouble'
import { linkOrCopy, type ObjectStore } from './object-store'
import { nameKey, numbered, paperName, type Naming } from './paper-name'

const FOLDER = 'papers'
/** More papers of one name than this are no collision but a mistake. */
const MOST_NUMBERS = 10_000

export interface Papers {
  /** Names the object; returns `papers/….pdf`. The folder is not synced. */
  name(object: string, naming: Naming): Promise<string>
}

export function makePapers(host: Host, root: string, template: string, objects: ObjectStore): Papers {
  const { files } = host
  const folder = join(root, FOLDER)
  /** names as other systems would see them, so that none differs from another only in its case */
  let taken: Map<string, string> | null = null

  async function known(): Promise<Map<string, string>> {
    if (taken !== null) return taken
    const names = (await files.list(folder)).filter((entry) => !entry.isFolder)
    taken = new Map(names.map(({ name }) => [nameKey(name), name]))
    return taken
  }

  /** Is the file of this name the object itself, as a link or as a copy? */
  async function isObject(name: string, object: string): Promise<boolean> {
    const [paper, stored] = await Promise.all([
      files.stat(join(folder, name)),
      files.stat(join(root, object))
    ])
    if (paper?.isFile !== true || stored?.isFile !== true || paper.bytes !== stored.bytes) return false
    if (paper.identity !== null && paper.identity === stored.identity) return true
    return (await objects.hash(join(folder, name))).sha256 === (await objects.hash(join(root, object))).sha256
  }

  async function take(object: string, naming: Naming): Promise<string> {
    const names = await known()
    for (let n = 1; n < MOST_NUMBERS; n += 1) {
      const name = numbered(paperName(template, naming), n)
      const fold = nameKey(name)
      const holder = names.get(fold)
      if (holder !== undefined) {
        if (await isObject(holder, object)) return holder
        if ((await files.stat(join(folder, holder))) !== null || holder !== name) continue
      }
      // Taken before the wait, so that two jobs never want one name.
      names.set(fold, name)
      try {
        await linkOrCopy(host, join(root, object), join(folder, name))
        return name
      } catch (error) {
        if (systemCode(error) !== 'EEXIST') {
          names.delete(fold)
          throw error
        }
        if (await isObject(name, object)) return name
      }
    }
    throw new Error(`No name is left for ${object}.`)
  }

  return {
    async name(object, naming) {
      const name = await onDisk(folder, () => take(object, naming))
      host.probe('FINALIZE: paper linked')
      return `${FOLDER}/${name}`
    }
  }
}
