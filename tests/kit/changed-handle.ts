import type { FileHandle } from '../../src/main/platform/files'

/** An open file in which a test changes some operations. */
export function changedHandle(handle: FileHandle, changes: Partial<FileHandle>): FileHandle {
  return {
    write: (bytes, position) => handle.write(bytes, position),
    read: (position, length) => handle.read(position, length),
    truncate: (bytes) => handle.truncate(bytes),
    size: () => handle.size(),
    identity: async () => (await handle.identity?.()) ?? null,
    sync: () => handle.sync(),
    close: () => handle.close(),
    ...changes
  }
}
