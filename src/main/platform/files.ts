/**
 * The disk, as the engine sees it. Node's version is `node-files.ts`; tests wrap it to fill the disk
 * or to fail a sync. Every write that must survive goes through `writeWhole` or through a handle
 * whose `sync` is awaited. Paths are absolute.
 */
import { constants } from 'node:os'

export interface FileStat {
  readonly bytes: number
  /** epoch seconds */
  readonly modifiedAt: number
  /** epoch seconds: the last change of its contents, name or rights (ctime), where the system says it */
  readonly changedAt: number
  readonly isFile: boolean
  readonly isFolder: boolean
  readonly isLink: boolean
  /** equal for two names of one file (hard links); null where the system does not say */
  readonly identity: string | null
  /** names of the file; 1 where the system does not say */
  readonly links: number
}

export interface FileHandle {
  /** Writes all of `bytes` at `position`, or at the end when it is null. */
  write(bytes: Uint8Array, position: number | null): Promise<void>
  /** Reads up to `length` bytes from `position`; fewer at the end of the file. */
  read(position: number, length: number): Promise<Uint8Array>
  truncate(bytes: number): Promise<void>
  size(): Promise<number>
  /** as in `FileStat`: of the file that was opened, whatever has its name by now */
  identity?(): Promise<string | null>
  /** fdatasync: what was written survives a power cut once this resolves. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** A file that is read without waiting: for SQLite, which asks and cannot be told to come back. */
export interface FileAtOnce {
  /** its size when it was opened */
  readonly bytes: number
  /** Reads up to `length` bytes from `position`; fewer at the end of the file. Everything else stands still. */
  read(position: number, length: number): Uint8Array
  /** Fills `bytes` from `position`; how many were read, fewer at the end of the file. */
  readInto(bytes: Uint8Array, position: number): number
  close(): void
}

/** To write, a symbolic link is not followed (ELOOP), except by `into`. */
export type OpenMode =
  /** must exist */
  | 'read'
  /** must exist; read and write */
  | 'update'
  /** created or opened; positions are ignored, all writes go to the end */
  | 'append'
  /** created or emptied */
  | 'overwrite'
  /** must not exist (`EEXIST`) */
  | 'create'
  /** what is there, links followed, is written to at its end: a pipe or a device that the user named */
  | 'into'

/**
 * The name under which a file is written before it appears whole: `<its name>.<12 hex digits>.tmp`. A
 * process that was killed meanwhile leaves one behind.
 */
export const ASIDE = /\.[0-9a-f]{12}\.tmp$/

/** Permissions of new files: as the umask says, or the user only. */
export type Rights = 'shared' | 'private'

/** What a file is to hold: all of it, or its pieces in order. */
export type Content = Uint8Array | string | AsyncIterable<Uint8Array>

/** What changes nothing. */
interface FilesToRead {
  /** A file that is open may be renamed, replaced and removed meanwhile, and is read on. Not so on Windows. */
  readonly keepsOpenFiles: boolean
  /** Only to read, and only what is small: nothing else happens meanwhile. */
  openAtOnce(path: string): FileAtOnce
  /**
   * `each` is handed every piece in order as it comes, so that a checksum needs no time of its own.
   * Behind the bytes of a large file its buffer has room to grow.
   */
  readWhole(path: string, each?: (piece: Uint8Array) => void): Promise<Uint8Array>
  /** Names in a folder; empty when the folder is not there. */
  list(path: string): Promise<readonly { readonly name: string; readonly isFolder: boolean }[]>
  /** null when nothing is there */
  stat(path: string): Promise<FileStat | null>
  /**
   * The same without waiting, for a disk that `isOfThisMachine`: there a look takes less time than a thread needs
   * to be woken for it.
   */
  statAtOnce?(path: string): FileStat | null
  /** Is this path on a disk of this machine? False for a network drive, and where the system does not say. */
  isOfThisMachine?(path: string): Promise<boolean>
  /** The path with every link in it followed; null when nothing is there. */
  realPath(path: string): Promise<string | null>
  /** free bytes for this user on the file system of `path`; null when the system does not say */
  freeBytes(path: string): Promise<number | null>
}

/** What makes, changes and removes files and folders, and opens one for any of it. */
interface FilesToWrite {
  open(path: string, mode: OpenMode, rights?: Rights): Promise<FileHandle>
  /**
   * The one recipe by which a file appears whole: write aside in the same folder, fsync, rename,
   * fsync the folder. After it resolves the file is there, complete, even after a power cut. A file
   * that was there leaves its mode to it; a link or a pipe is replaced, not followed. Pieces are written as
   * they come, so that a large file is never in memory as a whole.
   */
  writeWhole(path: string, bytes: Content, rights?: Rights): Promise<void>
  /** Renames within one file system and syncs both folders. Retries EPERM/EBUSY for a bounded time. */
  rename(from: string, to: string): Promise<void>
  /** Renames like `rename` and leaves the folders to the caller's `syncFolder`. */
  move(from: string, to: string): Promise<void>
  /** Hard link like `link`, leaving the folder to the caller's `syncFolder`. */
  linkUnsynced(existing: string, path: string): Promise<void>
  /** Hard link; throws EEXIST, EXDEV, EPERM as the system does. */
  link(existing: string, path: string): Promise<void>
  /** Copies, syncs and compares sizes; appears whole under its name. */
  copyWhole(from: string, to: string): Promise<void>
  /** Removes a file; no error when it is not there. */
  remove(path: string): Promise<void>
  makeFolder(path: string, rights?: Rights): Promise<void>
  /** Removes a folder that is empty; does nothing to any other. */
  removeEmptyFolder(path: string): Promise<void>
  /**
   * Takes every right on a file or folder from other users (0600, 0700), when it is this user's. Does nothing
   * where the system keeps rights elsewhere (Windows), and to a link.
   */
  makePrivate(path: string): Promise<void>
  /** fsync of a folder, so that names in it survive; does nothing where a system has no such thing */
  syncFolder(path: string): Promise<void>
}

export type Files = FilesToRead & FilesToWrite

/**
 * `ENOSPC`, `EDQUOT`, … of a system error, or null. libuv has no names for a used up quota (EDQUOT) and
 * a stale network file (ESTALE), among others: Node then says “Unknown system error -122”, and the
 * system's own list of numbers says which it is.
 */
export function systemCode(error: unknown): string | null {
  if (error === null || typeof error !== 'object' || !('code' in error)) return null
  const { code } = error
  if (typeof code !== 'string') return null
  const unknown = /^Unknown system error -?(\d+)$/.exec(code)
  return unknown === null ? code : (nameOfNumber(Number(unknown[1])) ?? code)
}

function nameOfNumber(errno: number): string | null {
  const named = Object.entries(constants.errno).find(([, number]) => number === errno)
  return named?.[0] ?? null
}
