/**
 * The disk for Node. Invariant: when `writeWhole`, `rename` or `copyWhole` has resolved, the file survives a
 * power cut (as far as the system keeps its promises).
 */
import { constants as bufferLimits } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import { closeSync, constants, fstatSync, lstat, lstatSync, openSync, readSync, type Stats } from 'node:fs'
import * as fs from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { isNoSuchFile, systemCode, type Files, type FileStat, type OpenMode, type Rights } from './files'
import { DescriptorHandle, identityOf, openDescriptor, syncOf } from './descriptors'
import { withReadFlags } from './open-to-read'

const { O_APPEND, O_CREAT, O_EXCL, O_RDWR, O_TRUNC, O_WRONLY } = constants
/** Windows has no such flag: there `filesInside` checks before and after. */
const O_NOFOLLOW = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW

/** Linux only: macOS would write to the drive's cache without emptying it (fcntl(2), F_FULLFSYNC). */
const O_DSYNC = process.platform === 'linux' ? constants.O_DSYNC : 0

const FLAGS: Readonly<Record<Exclude<OpenMode, 'read'>, number>> = {
  update: O_RDWR | O_NOFOLLOW,
  append: O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW,
  journal: O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_DSYNC,
  overwrite: O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW,
  create: O_RDWR | O_CREAT | O_EXCL,
  into: O_WRONLY | O_APPEND | O_CREAT
}

/**
 * ext2 to ext4, XFS, Btrfs, F2FS, tmpfs, ZFS, overlayfs, bcachefs. FUSE is not among them: what is behind it is
 * not known. Source: statfs(2), linux/magic.h.
 */
const LOCAL_FILE_SYSTEMS: ReadonlySet<number> = new Set([
  0xef53, 0x5846_5342, 0x9123_683e, 0xf2f5_2010, 0x0102_1994, 0x2fc1_2fc1, 0x794c_7630, 0xca45_1a4e
])

export const nodeFiles: Files = {
  keepsOpenFiles: process.platform !== 'win32',
  async open(path, mode, rights, isLocal = false) {
    const isThere = mode === 'read' || mode === 'update'
    // O_NONBLOCK: a pipe that took the file's place must not hold the process; it changes nothing for a file.
    const opening = (flags: number): number | Promise<number> =>
      isLocal && isThere
        ? openSync(path, flags | constants.O_NONBLOCK)
        : openDescriptor(path, flags, fileMode(rights))
    const descriptor = mode === 'read' ? await withReadFlags(opening) : await opening(FLAGS[mode])
    return new DescriptorHandle({ descriptor, isLocal, syncsWrites: mode === 'journal' && O_DSYNC !== 0 })
  },
  openAtOnce(path) {
    const descriptor = openSync(path, 'r')
    try {
      const { size } = fstatSync(descriptor)
      return {
        bytes: size,
        read(position, length) {
          const buffer = Buffer.allocUnsafe(length)
          return buffer.subarray(0, readSync(descriptor, buffer, 0, length, position))
        },
        readInto: (bytes, position) => readSync(descriptor, bytes, 0, bytes.length, position),
        close() {
          closeSync(descriptor)
        }
      }
    } catch (error) {
      closeSync(descriptor)
      throw error
    }
  },
  async readWhole(path, each) {
    const handle = await fs.open(path, 'r')
    try {
      return await readInPieces(handle, each ?? (() => undefined))
    } finally {
      await handle.close()
    }
  },
  async writeWhole(path, content, rights) {
    const mode = rights === 'private' ? null : await modeOf(path)
    await appearWhole(path, async (aside) => {
      const handle = await fs.open(aside, 'wx', fileMode(rights))
      try {
        if (typeof content === 'string' || content instanceof Uint8Array) await handle.writeFile(content)
        else for await (const piece of content) await handle.writeFile(piece)
        if (mode !== null) await handle.chmod(mode)
        await handle.sync()
      } finally {
        await handle.close()
      }
    })
  },
  async rename(from, to) {
    await renameStubbornly(from, to)
    await syncFolder(dirname(to))
    if (dirname(from) !== dirname(to)) await syncFolder(dirname(from))
  },
  move: renameStubbornly,
  linkUnsynced: (existing, path) => fs.link(existing, path),
  async link(existing, path) {
    await fs.link(existing, path)
    await syncFolder(dirname(path))
  },
  async copyWhole(from, to) {
    await appearWhole(to, async (aside) => {
      await fs.copyFile(from, aside)
      const handle = await fs.open(aside, 'r+')
      try {
        await handle.sync()
        const [source, copy] = await Promise.all([fs.stat(from), handle.stat()])
        if (source.size !== copy.size) {
          throw new Error(`copied ${String(copy.size)} of ${String(source.size)} bytes of ${from}`)
        }
      } finally {
        await handle.close()
      }
    })
  },
  async remove(path) {
    try {
      // `rm` checks before it removes and costs three times as much.
      await fs.unlink(path)
    } catch (error) {
      if (!isNoSuchFile(error)) throw error
    }
  },
  makeFolder,
  async removeEmptyFolder(path) {
    try {
      await fs.rmdir(path)
    } catch (error) {
      // AIX, and Windows for some file systems, use other codes for a folder that is not empty.
      const code = systemCode(error) ?? ''
      if (!['ENOTEMPTY', 'EEXIST', 'EPERM', 'EBUSY', 'EACCES', 'ENOENT', 'ENOTDIR'].includes(code))
        throw error
    }
  },
  makePrivate,
  async list(path) {
    try {
      const entries = await fs.readdir(path, { withFileTypes: true })
      return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return []
      throw error
    }
  },
  async realPath(path) {
    try {
      return await fs.realpath(path)
    } catch (error) {
      if (isNoSuchFile(error) || systemCode(error) === 'ELOOP') return null
      throw error
    }
  },
  async stat(path) {
    try {
      return statOf(await lookAt(path))
    } catch (error) {
      if (isNoSuchFile(error)) return null
      throw error
    }
  },
  statAtOnce(path) {
    try {
      const facts = lstatSync(path, { throwIfNoEntry: false })
      return facts === undefined ? null : statOf(facts)
    } catch (error) {
      if (isNoSuchFile(error)) return null
      throw error
    }
  },
  async isOfThisMachine(path) {
    if (process.platform !== 'linux') return false
    try {
      return LOCAL_FILE_SYSTEMS.has((await fs.statfs(path)).type)
    } catch {
      return false
    }
  },
  syncFolder,
  async freeBytes(path) {
    try {
      const facts = await fs.statfs(path)
      return facts.bavail * facts.bsize
    } catch {
      return null
    }
  }
}

/** Half the processor time of the one that `fs/promises` has; a check of a large library asks 200,000 times. */
function lookAt(path: string): Promise<Stats> {
  return new Promise((resolve, reject) => {
    lstat(path, (error, facts) => {
      if (error === null) resolve(facts)
      else reject(error)
    })
  })
}

/**
 * Step by step, because Node's `recursive` never ends where the system reports ENOENT for a folder inside an
 * existing one (in `/proc`, and on some network drives).
 */
async function makeFolder(path: string, rights?: Rights): Promise<void> {
  if (await takesFolder(path, rights)) return
  const parent = dirname(path)
  if (parent !== path) await makeFolder(parent, rights)
  if (!(await takesFolder(path, rights))) {
    throw Object.assign(new Error(`ENOENT: no such file or directory, mkdir '${path}'`), { code: 'ENOENT' })
  }
}

/** False when its parent does not exist; other errors are the system's own. */
async function takesFolder(path: string, rights?: Rights): Promise<boolean> {
  try {
    await fs.mkdir(path, rights === 'private' ? 0o700 : 0o777)
    return true
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false
    const there = await fs.stat(path).catch(() => null)
    if (there?.isDirectory() !== true) throw error
    return true
  }
}

const fileMode = (rights?: Rights): number => (rights === 'private' ? 0o600 : 0o666)

async function makePrivate(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const facts = await fs.lstat(path)
  const isOurs = facts.uid === process.getuid?.()
  // A folder with the sticky bit is shared by all users (/tmp).
  const isOpen = (facts.mode & 0o077) !== 0 && (facts.mode & 0o1000) === 0
  if (!isOurs || !isOpen || !(facts.isFile() || facts.isDirectory())) return
  await fs.chmod(path, facts.mode & 0o700)
}

function statOf(facts: Stats): FileStat {
  return {
    bytes: facts.size,
    modifiedAt: facts.mtimeMs / 1000,
    changedAt: facts.ctimeMs / 1000,
    isFile: facts.isFile(),
    isFolder: facts.isDirectory(),
    isLink: facts.isSymbolicLink(),
    identity: identityOf(facts),
    links: Math.max(1, facts.nlink)
  }
}

/** The mode of the existing file, which is kept when the file is replaced. */
async function modeOf(path: string): Promise<number | null> {
  // On Windows, permissions are stored elsewhere; the mode only says whether the file is read-only.
  if (process.platform === 'win32') return null
  const facts = await fs.lstat(path).catch(() => null)
  return facts?.isFile() === true ? facts.mode & 0o7777 : null
}

/** Writes a temporary file, fsync, rename, fsync of the folder. Nothing is left behind on failure. */
async function appearWhole(path: string, fill: (aside: string) => Promise<void>): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    await fill(aside)
    await renameStubbornly(aside, path)
  } catch (error) {
    await fs.rm(aside, { force: true }).catch(() => undefined)
    throw error
  }
  await syncFolder(dirname(path))
}

/**
 * Antivirus programs and indexers on Windows hold a fresh file open for a moment, so that a rename
 * fails with EPERM, EACCES or EBUSY. A bounded retry is the usual remedy on Windows.
 */
async function renameStubbornly(from: string, to: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await fs.rename(from, to)
      return
    } catch (error) {
      const code = systemCode(error) ?? ''
      const passing = process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(code)
      if (!passing || tries >= 20) throw error
      await wait(Math.min(500, 20 * (tries + 1)))
    }
  }
}

async function syncFolder(path: string, isLocal = false): Promise<void> {
  // Windows cannot open a folder; NTFS journals names by itself.
  if (process.platform !== 'win32') await syncOf(path, isLocal)
}

/** Large enough that a file of hundreds of megabytes takes few turns, small enough to be hashed meanwhile. */
const PIECE_BYTES = 8 * 1024 * 1024
/** Pieces read concurrently: most of the time is spent on allocating memory, which two cores do faster. */
const PIECES_AT_ONCE = 3

/** Untouched memory is free: a large file can grow in memory without a copy. */
const ROOM_TO_GROW = 1.125

/** The next pieces are read while a piece is processed. */
async function readInPieces(handle: fs.FileHandle, each: (piece: Uint8Array) => void): Promise<Uint8Array> {
  const { size } = await handle.stat()
  if (size <= PIECE_BYTES) {
    // Devices and pipes have no length; small files are read at once.
    const bytes = await handle.readFile()
    each(bytes)
    return bytes
  }
  // A file that barely fits has less room to grow, and is read all the same.
  const room = Math.max(size, Math.min(Math.ceil(size * ROOM_TO_GROW), bufferLimits.MAX_LENGTH))
  const bytes = Buffer.allocUnsafeSlow(room)
  const coming: { readonly length: number; readonly got: Promise<number> }[] = []
  let next = 0
  let at = 0
  try {
    for (;;) {
      while (next < size && coming.length < PIECES_AT_ONCE) {
        const length = Math.min(PIECE_BYTES, size - next)
        coming.push({ length, got: readFully(handle, bytes, next, length) })
        next += length
      }
      const first = coming[0]
      if (first === undefined) break
      const got = await first.got
      coming.shift()
      each(bytes.subarray(at, at + got))
      at += got
      // The file was truncated meanwhile: later pieces do not belong to it any more.
      if (got < first.length) break
    }
  } finally {
    // Even after an error, the buffer is not written to after it was returned.
    await Promise.allSettled(coming.map((one) => one.got))
  }
  return bytes.subarray(0, at)
}

/** From `position` of the file to the same place of the buffer. Fewer bytes only at the end of the file. */
async function readFully(
  handle: fs.FileHandle,
  into: Buffer,
  position: number,
  length: number
): Promise<number> {
  let got = 0
  while (got < length) {
    const { bytesRead } = await handle.read(into, position + got, length - got, position + got)
    if (bytesRead === 0) break
    got += bytesRead
  }
  return got
}
