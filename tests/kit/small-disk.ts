/**
 * A disk that a test can fill: writes to the paths it names fail as the system fails them, with
 * ENOSPC, until there is room again. What was written before stays, and reading goes on.
 */
import type { FileHandle, Files } from '../../src/main/platform/files'
import type { Host } from '../../src/main/platform/host'

export interface SmallDisk {
  /** from now on nothing can be written to paths like these */
  fill(paths: RegExp): void
  free(): void
  /** how many writes were refused */
  readonly refused: number
  /** for `openWorld`'s option `host` */
  readonly wear: (host: Host) => Host
}

export function smallDisk(): SmallDisk {
  let full: RegExp | null = null
  let refused = 0
  const needRoom = (path: string): void => {
    if (full?.test(path) !== true) return
    refused += 1
    throw Object.assign(new Error(`ENOSPC: no space left on device, write '${path}'`), { code: 'ENOSPC' })
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
    open: async (path, mode) => smallHandle(await files.open(path, mode), path),
    async writeWhole(path, bytes) {
      needRoom(path)
      await files.writeWhole(path, bytes)
    },
    async copyWhole(from, to) {
      needRoom(to)
      await files.copyWhole(from, to)
    },
    freeBytes: async (path) => (full === null ? files.freeBytes(path) : 0)
  })
  return {
    fill(paths) {
      full = paths
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
