/**
 * A disk that a test can fill: writes to the named paths fail with ENOSPC, or another error of the test,
 * until the test frees space. Earlier writes stay, and reads work.
 */
import type { FileHandle, Files } from '../../src/main/platform/files'
import type { Host } from '../../src/main/platform/host'

export interface SmallDisk {
  /** from now on writes to matching paths fail */
  fill(paths: RegExp): void
  /** from now on writes fail with this error, and no file can be created either */
  refuse(paths: RegExp, error: { readonly code: string; readonly errno?: number }): void
  free(): void
  /** how many writes were refused */
  readonly refused: number
  /** for `openWorld`'s option `host` */
  readonly wear: (host: Host) => Host
}

const NO_SPACE = { code: 'ENOSPC' }
/** the error for creating a file, not only for writing bytes */
const NAMES = ['EACCES', 'EPERM', 'EROFS']

export function smallDisk(): SmallDisk {
  let full: RegExp | null = null
  let answer: { readonly code: string; readonly errno?: number } = NO_SPACE
  let refused = 0
  const needRoom = (path: string): void => {
    if (full?.test(path) !== true) return
    refused += 1
    throw Object.assign(new Error(`${answer.code}: the test says so, write '${path}'`), answer)
  }
  /** A full disk still allows new file names. */
  const needLeave = (path: string): void => {
    if (answer !== NO_SPACE && NAMES.includes(answer.code)) needRoom(path)
  }
  const smallHandle = (handle: FileHandle, path: string): FileHandle => ({
    read: (position, length) => handle.read(position, length),
    truncate: (bytes) => handle.truncate(bytes),
    size: () => handle.size(),
    sync: () => handle.sync(),
    close: () => handle.close(),
    async write(bytes, position) {
      needRoom(path)
      await handle.write(bytes, position)
    }
  })
  const smallFiles = (files: Files): Files => ({
    ...files,
    open: async (path, mode) => {
      if (mode !== 'read') needLeave(path)
      return smallHandle(await files.open(path, mode), path)
    },
    async makeFolder(path) {
      needLeave(path)
      await files.makeFolder(path)
    },
    async linkUnsynced(existing, path) {
      needLeave(path)
      await files.linkUnsynced(existing, path)
    },
    async move(from, to) {
      needLeave(to)
      await files.move(from, to)
    },
    async writeWhole(path, bytes) {
      needRoom(path)
      await files.writeWhole(path, bytes)
    },
    async copyWhole(from, to) {
      needRoom(to)
      await files.copyWhole(from, to)
    },
    freeBytes: async (path) => (full === null || answer !== NO_SPACE ? files.freeBytes(path) : 0)
  })
  return {
    fill(paths) {
      full = paths
      answer = NO_SPACE
    },
    refuse(paths, error) {
      full = paths
      answer = error
    },
    free() {
      full = null
    },
    get refused() {
      return refused
    },
    wear: (host) => ({ ...host, files: smallFiles(host.files) })
  }
}
