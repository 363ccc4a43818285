/**
 * `Files` restricted to one folder, for code that uses names which were recorded, sent or copied from
 * elsewhere. Invariants, whatever the folder contains: no path leads out of it, no symbolic link or junction
 * below it is followed, and non-regular files (a pipe, a device) are never opened. The folder itself may be
 * reached through links: the user chose it.
 *
 * Node has no `openat`, so a link may be swapped in between check and use. Files are therefore opened without
 * following a last link where the system can (O_NOFOLLOW), and a file opened for writing is compared with the
 * one at its path before a byte is written.
 */
import { join, relative, sep, dirname } from 'node:path'
import { SheafError } from '../../contract/errors'
import type { FileHandle, Files, FileStat, OpenMode, Rights } from './files'
import { isInside } from './is-inside'

interface Look {
  (path: string): FileStat | null | Promise<FileStat | null>
  /** the root is on a disk of this machine, as far as is known */
  readonly isLocal: () => boolean
}

/** A file system may be mounted elsewhere, or over the root: whether it is local is asked again after so many looks. */
const LOOKS_OF_ONE_ANSWER = 1_000

/** Looks without waiting while the root is on a disk of this machine. Until that is known, it waits. */
function lookIn(root: string, disk: Files): Look {
  let isLocal = false
  let looks = 0
  const ask = async (): Promise<void> => {
    isLocal = (await disk.isOfThisMachine?.(root)) ?? false
  }
  const look = (path: string): FileStat | null | Promise<FileStat | null> => {
    if (looks % LOOKS_OF_ONE_ANSWER === 0) void ask()
    looks += 1
    return isLocal && disk.statAtOnce !== undefined ? disk.statAtOnce(path) : disk.stat(path)
  }
  return Object.assign(look, { isLocal: () => isLocal })
}

/**
 * Throws FILE_UNWRITABLE for a path outside of the folder, or with a link on the way.
 * Size: one short function for each of the disk’s.
 */
export function filesInside(disk: Files, root: string): Files {
  const look = lookIn(root, disk)
  // A look at once is not handed on: it would have no guard.
  const files = { ...disk }
  delete files.statAtOnce
  delete files.isOfThisMachine

  const refuse = (path: string, because: string): never => {
    throw new SheafError('FILE_UNWRITABLE', `${path} is not used: ${because}.`, { facts: { path } })
  }

  /** The folders between the root and the path, without the root. */
  function foldersTo(path: string): readonly string[] {
    if (path.includes('\0') || !isInside(root, path)) return refuse(path, `it is not inside ${root}`)
    const below = relative(root, path)
    const parts = below === '' ? [] : below.split(sep)
    return parts.slice(0, -1).map((_, at) => join(root, ...parts.slice(0, at + 1)))
  }

  /** The error of the path's parents, or null. A missing folder is no error. */
  async function linkOnTheWay(path: string): Promise<string | null> {
    const folders = foldersTo(path)
    const stats = await Promise.all(folders.map(async (folder) => look(folder)))
    const at = stats.findIndex((stat) => stat?.isLink === true)
    return at === -1 ? null : (folders[at] ?? null)
  }

  async function wayTo(path: string): Promise<void> {
    const link = await linkOnTheWay(path)
    if (link !== null) refuse(path, `${link} is a link, and Sheaf follows none inside its folders`)
  }

  function assertPlain(path: string, stat: FileStat | null): void {
    if (stat?.isLink === true) refuse(path, 'it is a link, and Sheaf follows none inside its folders')
    if (stat !== null && !stat.isFile && !stat.isFolder) refuse(path, 'it is not an ordinary file')
  }

  async function plainFile(path: string): Promise<void> {
    await wayTo(path)
    assertPlain(path, await look(path))
  }

  /** Checks that the opened file is the one at its path, and that no link appeared on the way. */
  async function stillThere(path: string, handle: FileHandle): Promise<void> {
    const [opened, there] = await Promise.all([handle.identity?.() ?? null, look(path)])
    await wayTo(path)
    if (opened !== null && there?.identity !== opened) refuse(path, 'it was replaced while it was opened')
  }

  async function openInside(path: string, mode: OpenMode, rights?: Rights): Promise<FileHandle> {
    if (mode === 'overwrite') {
      // Emptying a file cannot be undone: the existing entry is removed, and a new file is created.
      await wayTo(path)
      await files.remove(path)
      return openInside(path, 'create', rights)
    }
    if (mode === 'create') await wayTo(path)
    else await plainFile(path)
    const handle = await files.open(path, mode, rights, look.isLocal())
    try {
      if (mode !== 'read') await stillThere(path, handle)
      return handle
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  return {
    ...files,
    open: openInside,
    openAtOnce(path) {
      foldersTo(path)
      return files.openAtOnce(path)
    },
    async readWhole(path, each) {
      await plainFile(path)
      return files.readWhole(path, each)
    },
    async writeWhole(path, bytes, rights) {
      await wayTo(path)
      await files.writeWhole(path, bytes, rights)
    },
    async rename(from, to) {
      await Promise.all([plainFile(from), wayTo(to)])
      await files.rename(from, to)
    },
    async move(from, to) {
      await Promise.all([plainFile(from), wayTo(to)])
      await files.move(from, to)
    },
    async link(existing, path) {
      await Promise.all([plainFile(existing), wayTo(path)])
      await files.link(existing, path)
    },
    async linkUnsynced(existing, path) {
      await Promise.all([plainFile(existing), wayTo(path)])
      await files.linkUnsynced(existing, path)
    },
    async copyWhole(from, to) {
      await Promise.all([plainFile(from), wayTo(to)])
      await files.copyWhole(from, to)
    },
    async remove(path) {
      // A link with that name is removed; its target stays.
      await wayTo(path)
      await files.remove(path)
    },
    async makeFolder(path, rights) {
      for (const folder of [...foldersTo(path), path]) {
        const stat = folder === root ? null : await look(folder)
        if (stat?.isLink === true) refuse(folder, 'it is a link, and Sheaf follows none inside its folders')
      }
      await files.makeFolder(path, rights)
      await wayTo(path)
    },
    async removeEmptyFolder(path) {
      await plainFile(path)
      await files.removeEmptyFolder(path)
    },
    async list(path) {
      if (path !== root) await plainFile(path)
      return files.list(path)
    },
    /** Whatever is behind a link does not exist. */
    async stat(path) {
      return (await linkOnTheWay(path)) === null ? look(path) : null
    },
    async realPath(path) {
      await wayTo(path)
      return files.realPath(path)
    },
    async syncFolder(path) {
      if (path !== root && dirname(path) !== root) await wayTo(path)
      await files.syncFolder(path, look.isLocal())
    }
  }
}
