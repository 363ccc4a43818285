/**
 * The disk as used by the engine. `node-files.ts` implements it for Node; tests wrap it to simulate a full
 * disk or a failing sync. Every write that must survive goes through `writeWhole` or through a handle whose
 * `sync` is awaited. Paths are absolute.
 */
import { constants } from 'node:os'
import { messageOf } from '../../contract/errors'

export interface FileStat {
  readonly bytes: number
  /** epoch seconds */
  readonly modifiedAt: number
  /** epoch seconds: the last change of contents, name or permissions (ctime), where the system provides it */
  readonly changedAt: number
  readonly isFile: boolean
  readonly isFolder: boolean
  readonly isLink: boolean
  /** equal for two names of one file (hard links); null where the system does not provide it */
  readonly identity: string | null
  /** number of names of the file; 1 where the system does not provide it */
  readonly links: number
}

export interface FileHandle {
  /** Writes all of `bytes` at `position`, or at the end when it is null. */
  write(bytes: Uint8Array, position: number | null): Promise<void>
  /** Reads up to `length` bytes from `position`; fewer at the end of the file. */
  read(position: number, length: number): Promise<Uint8Array>
  truncate(bytes: number): Promise<void>
  size(): Promise<number>
  /** as in `FileStat`, of the opened file, even if its name now belongs to another */
  identity?(): Promise<string | null>
  /** fdatasync: written data survives a power cut once this resolves. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** A file that is read synchronously, for SQLite, which cannot wait for a promise. */
export interface FileAtOnce {
  /** its size when it was opened */
  readonly bytes: number
  /** Reads up to `length` bytes from `position`; fewer at the end of the file. Blocks the process. */
  read(position: number, length: number): Uint8Array
  /** Fills `bytes` from `position`; returns the number of bytes read, fewer at the end of the file. */
  readInto(bytes: Uint8Array, position: number): number
  close(): void
}

/** When opened for writing, a symbolic link is not followed (ELOOP), except by `into`. */
export type OpenMode =
  /** must exist */
  | 'read'
  /** must exist; read and write */
  | 'update'
  /** created or opened; positions are ignored, all writes go to the end */
  | 'append'
  /** like `append`; where the system can (O_DSYNC), a write resolves when it is on disk, and `sync` has nothing left to do */
  | 'journal'
  /** created or emptied */
  | 'overwrite'
  /** must not exist (`EEXIST`) */
  | 'create'
  /** an existing target, links followed, is appended to: a pipe or device named by the user */
  | 'into'

/**
 * The name of a file being written, before its rename: `<its name>.<12 hex digits>.tmp`. A process killed
 * meanwhile leaves one behind.
 */
export const ASIDE = /\.[0-9a-f]{12}\.tmp$/

/** Permissions of new files: by the umask, or for the user only. */
export type Rights = 'shared' | 'private'

/** The content of a file: all of it, or its pieces in order. */
export type Content = Uint8Array | string | AsyncIterable<Uint8Array>

/** Read-only operations. */
interface FilesToRead {
  /** An open file may be renamed, replaced or removed and stays readable. Not so on Windows. */
  readonly keepsOpenFiles: boolean
  /** Read-only, for small reads: it blocks the process. */
  openAtOnce(path: string): FileAtOnce
  /**
   * `each` gets every piece in order as it arrives, so that a checksum takes no extra time. The buffer of a
   * large file has room to grow after its bytes.
   */
  readWhole(path: string, each?: (piece: Uint8Array) => void): Promise<Uint8Array>
  /** Names in a folder; empty when there is no such folder. */
  list(path: string): Promise<readonly { readonly name: string; readonly isFolder: boolean }[]>
  /** null when it does not exist */
  stat(path: string): Promise<FileStat | null>
  /**
   * The same without waiting, for a disk that `isOfThisMachine`: there a look takes less time than a thread needs
   * to be woken for it.
   */
  statAtOnce?(path: string): FileStat | null
  /** Is this path on a disk of this machine? False for a network drive, and where the system does not say. */
  isOfThisMachine?(path: string): Promise<boolean>
  /** The path with all links resolved; null when it does not exist. */
  realPath(path: string): Promise<string | null>
  /** free bytes for this user on the file system of `path`; null when unknown */
  freeBytes(path: string): Promise<number | null>
}

/** Operations that create, change and remove files and folders, or open files for writing. */
interface FilesToWrite {
  /**
   * `isLocal`: the path was found to be on a disk of this machine (`isOfThisMachine`). What needs no disk
   * there does not wait for a thread.
   */
  open(path: string, mode: OpenMode, rights?: Rights, isLocal?: boolean): Promise<FileHandle>
  /**
   * The only way to write a whole file from memory or a stream (`copyWhole` copies one): write a temporary file in the same folder, fsync, rename, fsync the
   * folder. After it resolves the file exists, complete, even after a power cut. It keeps the mode of a
   * replaced file; a link or a pipe is replaced, not followed. Pieces are written as they come, so that a
   * large file is never in memory as a whole.
   */
  writeWhole(path: string, bytes: Content, rights?: Rights): Promise<void>
  /** Renames within one file system and syncs both folders. Retries EPERM/EBUSY for a bounded time. */
  rename(from: string, to: string): Promise<void>
  /** Like `rename`, but leaves the folders to the caller's `syncFolder`. */
  move(from: string, to: string): Promise<void>
  /** Like `link`, but leaves the folder to the caller's `syncFolder`. */
  linkUnsynced(existing: string, path: string): Promise<void>
  /** Hard link; throws EEXIST, EXDEV, EPERM as the system does. */
  link(existing: string, path: string): Promise<void>
  /** Copies, syncs and compares sizes; appears atomically under its name. */
  copyWhole(from: string, to: string): Promise<void>
  /** Removes a file; no error when it does not exist. */
  remove(path: string): Promise<void>
  makeFolder(path: string, rights?: Rights): Promise<void>
  /** Removes an empty folder; does nothing to any other. */
  removeEmptyFolder(path: string): Promise<void>
  /**
   * Removes all permissions of other users from a file or folder (0600, 0700), if it belongs to this user.
   * Does nothing where permissions work otherwise (Windows), and to a link.
   */
  makePrivate(path: string): Promise<void>
  /** fsync of a folder, so that its names survive a crash; does nothing on systems without it. `isLocal` as in `open`. */
  syncFolder(path: string, isLocal?: boolean): Promise<void>
}

export type Files = FilesToRead & FilesToWrite

/**
 * `ENOSPC`, `EDQUOT`, … of a system error, or null. libuv has no names for an exceeded quota (EDQUOT) and a
 * stale network file (ESTALE), among others: Node then says “Unknown system error -122”, and the system's own
 * table of numbers gives the name.
 */
export function systemCode(error: unknown): string | null {
  if (error === null || typeof error !== 'object' || !('code' in error)) return null
  const { code } = error
  if (typeof code !== 'string') return null
  const unknown = /^Unknown system error -?(\d+)$/.exec(code)
  return unknown === null ? code : (nameOfNumber(Number(unknown[1])) ?? code)
}

/** Nothing is under the path: it is missing, or a file stands where one of its folders would be. */
export function isNoSuchFile(error: unknown): boolean {
  const code = systemCode(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}

/** For a sentence about a file: the system's code of the error, else its message. */
export function codeOrMessage(error: unknown): string {
  return systemCode(error) ?? messageOf(error)
}

function nameOfNumber(errno: number): string | null {
  const named = Object.entries(constants.errno).find(([, number]) => number === errno)
  return named?.[0] ?? null
}

/** What a path leads to, links followed; null when that does not exist. */
export async function statOfTarget(
  files: Pick<Files, 'stat' | 'realPath'>,
  path: string
): Promise<FileStat | null> {
  const own = await files.stat(path)
  if (own?.isLink !== true) return own
  const real = await files.realPath(path)
  return real === null ? null : files.stat(real)
}
