/**
 * The names in the folders of readable names, each folder read once. Invariant: no two names of a folder differ only in
 * case or Unicode form (`nameKey`), since some file systems take them for one.
 */
import { posix } from 'node:path'
import { nameKey } from './paper-name'

interface Entry {
  readonly name: string
  readonly isFolder: boolean
}

export class FolderNames {
  readonly #list: (folder: string) => Promise<readonly Entry[]>
  readonly #known = new Map<string, Map<string, Entry>>()

  /** `list` reads a folder; '' is the outermost. */
  constructor(list: (folder: string) => Promise<readonly Entry[]>) {
    this.#list = list
  }

  /** By `nameKey`; a name is claimed by adding it. */
  async of(folder: string): Promise<Map<string, Entry>> {
    const before = this.#known.get(folder)
    if (before !== undefined) return before
    const there = await this.#list(folder)
    const read = this.#known.get(folder) ?? new Map(there.map((entry) => [nameKey(entry.name), entry]))
    this.#known.set(folder, read)
    return read
  }

  /** The folder in the spelling that it has on disk; a file of that name is left alone. */
  async folderFor(wanted: readonly string[]): Promise<string> {
    let folder = ''
    for (const part of wanted) {
      const entries = await this.of(folder)
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

  /** Releases a claimed name. */
  forget(name: string): void {
    this.#known.get(folderOf(name))?.delete(nameKey(posix.basename(name)))
  }
}

/** '' for a name in the outermost folder. */
export function folderOf(name: string): string {
  const folder = posix.dirname(name)
  return folder === '.' ? '' : folder
}
