/**
 * Syncs folders for many callers: a caller during a running sync waits for the next one, which covers all
 * callers until then. Eight papers finished together cost two syncs instead of eight.
 */
import type { Files } from '../platform/files'

export type SyncFolder = (path: string) => Promise<void>

export function makeFolderSync(files: Pick<Files, 'syncFolder'>): SyncFolder {
  const running = new Map<string, Promise<void>>()
  const next = new Map<string, Promise<void>>()

  async function start(path: string): Promise<void> {
    const sync = files.syncFolder(path)
    running.set(path, sync)
    try {
      await sync
    } finally {
      running.delete(path)
    }
  }

  return (path) => {
    const current = running.get(path)
    if (current === undefined) return start(path)
    const coming = next.get(path)
    if (coming !== undefined) return coming
    const after = current
      .catch(() => undefined)
      .then(() => {
        next.delete(path)
        return start(path)
      })
    next.set(path, after)
    return after
  }
}
