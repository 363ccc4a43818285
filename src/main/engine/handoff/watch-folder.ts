/**
 * A folder that a browser saves to, looked at once a second: which PDFs are new and have stopped growing.
 * Looking is our own work rather than chokidar's: that a file has stopped growing and that a drive is back are no
 * events anyway, and network drives send none. Files are only read; what is decided about one is kept by its size
 * and time, so that a file that goes on growing, or is replaced, is looked at again.
 */
import { join } from 'node:path'
import type { Files } from '../../platform/files'

export interface NewFile {
  readonly name: string
  readonly path: string
  readonly bytes: number
  readonly modifiedAt: number
}

type Stamp = Pick<NewFile, 'bytes' | 'modifiedAt'>

export interface FolderParts {
  readonly files: Files
  /** absolute */
  readonly folder: string
  /** epoch seconds */
  readonly now: () => number
  /** files that appeared before are left alone; epoch seconds */
  readonly since: number
  /** seconds without a change after which a file counts as whole */
  readonly quietSeconds: number
}

/** What browsers append to the name of a file on its way: Chrome, Firefox, Safari, Opera, Edge, and others. */
const PARTIAL = ['.crdownload', '.part', '.partial', '.download', '.opdownload', '.tmp', '.!ut', '.aria2']
/** seconds after which everything is looked at although the folder seems unchanged: files that were overwritten */
const FULL_LOOK_EVERY = 60
/** seconds within which some file systems give the same time to two changes */
const COARSE_CLOCK = 3
/** A file that was not touched for so long is not on its way any more. */
const OLD_SECONDS = 30

export class WatchedFolder {
  readonly #parts: FolderParts
  readonly #decided: Map<string, Stamp>
  /** seen, not decided: what they were like, and since when */
  readonly #pending = new Map<string, Stamp & { readonly sameSince: number }>()
  readonly #before = new Set<string>()
  #listedAt = -Infinity
  #folderTime = -1

  /** `decided`: what an earlier process decided about. */
  constructor(parts: FolderParts, decided: ReadonlyMap<string, Stamp>) {
    this.#parts = parts
    this.#decided = new Map(decided)
  }

  /** Files are on their way, or wait to be decided about. */
  get hasPending(): boolean {
    return this.#pending.size > 0
  }

  /** The names that are there before anything was awaited: whatever their times say, they are not new. */
  async takeStock(): Promise<void> {
    for (const { name, isFolder } of await this.#parts.files.list(this.#parts.folder))
      if (!isFolder && mayBePdf(name)) this.#before.add(name)
  }

  decided(file: NewFile): void {
    this.#pending.delete(file.name)
    this.#decided.set(file.name, file)
  }

  /** Whole new files, by name; null: the folder is not there. Throws when it cannot be read. */
  async look(): Promise<readonly NewFile[] | null> {
    const { files, folder, now } = this.#parts
    const stat = await files.stat(folder)
    const real = stat?.isLink === true ? await files.realPath(folder) : folder
    const there = real === null ? null : stat?.isLink === true ? await files.stat(real) : stat
    if (there?.isFolder !== true) {
      this.#folderTime = -1
      return null
    }
    const isSame = there.modifiedAt === this.#folderTime && there.modifiedAt < this.#listedAt - COARSE_CLOCK
    if (isSame && this.#pending.size === 0 && now() - this.#listedAt < FULL_LOOK_EVERY) return []
    this.#folderTime = there.modifiedAt
    this.#listedAt = now()
    const names = (await files.list(folder)).filter(({ isFolder }) => !isFolder).map(({ name }) => name)
    const all = new Set(names)
    for (const name of this.#pending.keys()) if (!all.has(name)) this.#pending.delete(name)
    const whole: NewFile[] = []
    for (const name of names.filter(mayBePdf).sort()) {
      const file = await this.#consider(name, all)
      if (file !== null) whole.push(file)
    }
    return whole
  }

  async #consider(name: string, all: ReadonlySet<string>): Promise<NewFile | null> {
    const { files, folder, now, since, quietSeconds } = this.#parts
    const path = join(folder, name)
    const stat = await files.stat(path)
    if (stat?.isFile !== true) return null
    const known = this.#decided.get(name)
    if (known !== undefined && isSameStamp(known, stat)) return null
    const isOld = this.#before.has(name) || Math.max(stat.modifiedAt, stat.changedAt) < since
    if (known === undefined && isOld && !this.#pending.has(name)) return null
    const before = this.#pending.get(name)
    const sameSince = before !== undefined && isSameStamp(before, stat) ? before.sameSince : now()
    this.#pending.set(name, { bytes: stat.bytes, modifiedAt: stat.modifiedAt, sameSince })
    // Firefox reserves the name with an empty file while the bytes go elsewhere.
    const isOnItsWay = stat.bytes === 0 || PARTIAL.some((ending) => all.has(`${name}${ending}`))
    const isQuiet = now() - sameSince >= quietSeconds || now() - stat.changedAt > OLD_SECONDS
    if (isOnItsWay || !isQuiet) return null
    return { name, path, bytes: stat.bytes, modifiedAt: stat.modifiedAt }
  }
}

/** Some servers name a PDF without an ending; what it is is seen when it is read. */
function mayBePdf(name: string): boolean {
  return !name.startsWith('.') && (/\.pdf$/i.test(name) || !name.includes('.'))
}

function isSameStamp(one: Stamp, other: Stamp): boolean {
  return one.bytes === other.bytes && Math.abs(one.modifiedAt - other.modifiedAt) < 0.001
}
