/**
 * The data folder belongs to one user: its ledger, journals, settings, logs and search index reveal what they
 * read, and settings may contain a proxy's password. Its files are created for that user alone (0700, 0600),
 * and those that an older Sheaf made world-readable are restricted at the start. The library folder is meant
 * to be shared and follows the user's umask.
 */
import { join, relative } from 'node:path'
import type { Files } from './files'
import { isInside } from './is-inside'

/** The same disk; everything created below `folder` is for its user alone. */
export function withPrivateFolder(files: Files, folder: string): Files {
  const rightsAt = (path: string): 'private' | undefined => (isInside(folder, path) ? 'private' : undefined)
  return {
    ...files,
    open: (path, mode, rights, isLocal) => files.open(path, mode, rights ?? rightsAt(path), isLocal),
    writeWhole: (path, bytes, rights) => files.writeWhole(path, bytes, rights ?? rightsAt(path)),
    makeFolder: (path, rights) => files.makeFolder(path, rights ?? rightsAt(path))
  }
}

/** Only Sheaf's own entries of a data folder: the folder itself may be shared by the user. */
const OURS =
  /^(?:ledger|journal-|lock$|lock-claim|settings|ui\.json$|queue-seen|keys|vault|secrets|window|search|backup|reading$)/

/**
 * Restricts the folder and its files to this user. Errors are ignored: Sheaf also starts on a disk without
 * permissions (FAT, a network drive).
 */
export async function closeDataFolder(files: Files, folder: string, home: string): Promise<void> {
  const close = (path: string): Promise<void> => files.makePrivate(path).catch(() => undefined)
  const entries = await files.list(folder).catch(() => [])
  const ours = entries.filter((entry) => !entry.isFolder && OURS.test(entry.name))
  for (const { name } of ours) await close(join(folder, name))
  const logs = join(folder, 'logs')
  if (entries.some((entry) => entry.isFolder && entry.name === 'logs')) {
    for (const { name, isFolder } of await files.list(logs).catch(() => [])) {
      if (!isFolder && name.startsWith('sheaf.log')) await close(join(logs, name))
    }
    await close(logs)
  }
  // A home folder used as the data folder is not restricted.
  if (relative(folder, home) !== '' && !isInside(folder, home)) await close(folder)
}
