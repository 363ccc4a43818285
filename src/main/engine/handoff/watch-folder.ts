/**
 * Checks a folder that a browser saves to once a second: which PDFs are new and have stopped growing. Polling
 * is used instead of chokidar: there are no events for "has stopped growing" or "the drive is back", and
 * network drives send none. Files are only read. A decision is kept with the file's size and time, so that a
 * file that still grows, or is replaced, is checked again.
 */
import { join } from 'node:path'
import { statOfTarget, type Files } from '../../platform/files'

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
  /** ignores files that appeared before; epoch seconds */
  readonly since: number
  /** seconds without a change after which a file counts as complete */
  readonly quietSeconds: number
}

/**
 * Suffixes that browsers append to unfinished downloads: Chrome, Firefox, Safari, Opera, Edge, and others.
 */
const PARTIAL = ['.crdownload', '.part', '.partial', '.download', '.opdownload', '.tmp', '.!ut', '.aria2']
/**
 * Seconds between full checks although the folder seems unchanged: overwriting a file does not change its
 * folder's time.
 */
const FULL_LOOK_EVERY = 60
/** Seconds within which a coarse file system may give two changes the same time. */
const COARSE_CLOCK = 3
/** A file untouched for this long is no longer being written. */
const OLD_SECONDS = 30

export class WatchedFolder {
  readonly #parts: FolderParts
  readonly #decided: Map<string, Stamp>
  /** seen but not decided: their size and time, and since when these are unchanged */
  readonly #pending = new Map<string, Stamp & { readonly sameSince: number }>()
  readonly #before = new Set<string>()
  #listedAt = -Infinity
  #folderTime = -1

  /** `decided`: decisions of earlier processes. */
  constructor(parts: FolderParts, decided: ReadonlyMap<string, Stamp>) {
    this.#parts = parts
    this.#decided = new Map(decided)
  }

  /** Files are unfinished, or wait for a decision. */
  get hasPending(): boolean {
    return this.#pending.size > 0
  }

  /** Notes the names present at the start: whatever their times say, they are not new. */
  async takeStock(): Promise<void> {
    for (const { name, isFolder } of await this.#parts.files.list(this.#parts.folder))
      if (!isFolder && mayBePdf(name)) this.#before.add(name)
  }

  decided(file: NewFile): void {
    this.#pending.delete(file.name)
    this.#decided.set(file.name, file)
  }

  /** Complete new files, sorted by name; null: the folder does not exist. Throws when it cannot be read. */
  async look(): Promise<readonly NewFile[] | null> {
    const { files, folder, now } = this.#parts
    const there = await statOfTarget(files, folder)
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
    // Firefox reserves the name with an empty file while it writes the bytes to another.
    const isOnItsWay = stat.bytes === 0 || PARTIAL.some((ending) => all.has(`${name}${ending}`))
    const isQuiet = now() - sameSince >= quietSeconds || now() - stat.changedAt > OLD_SECONDS
    if (isOnItsWay || !isQuiet) return null
    return { name, path, bytes: stat.bytes, modifiedAt: stat.modifiedAt }
  }
}

/** Some servers send a PDF without an extension; its content decides. */
function mayBePdf(name: string): boolean {
  return !name.startsWith('.') && (/\.pdf$/i.test(name) || !name.includes('.'))
}

function isSameStamp(one: Stamp, other: Stamp): boolean {
  return one.bytes === other.bytes && Math.abs(one.modifiedAt - other.modifiedAt) < 0.001
}
