/**
 * The data folder belongs to one user: its ledger, journals, settings, logs and search index name what they
 * read, and settings may hold a proxy's password. What is made in it is made for that user alone (0700,
 * 0600), and what an older Sheaf made world-readable is closed at the start. The library folder is made to be
 * shared and keeps the user's umask.
 */
import { join, relative, sep, isAbsolute } from 'node:path'
import type { Files } from './files'

/** The same disk; what is made below `folder` is made for its user alone. */
export function withPrivateFolder(files: Files, folder: string): Files {
  const rightsAt = (path: string): 'private' | undefined => {
    const below = relative(folder, path)
    const isBelow = below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below)
    return isBelow ? 'private' : undefined
  }
  return {
    ...files,
    open: (path, mode, rights) => files.open(path, mode, rights ?? rightsAt(path)),
    writeWhole: (path, bytes, rights) => files.writeWhole(path, bytes, rights ?? rightsAt(path)),
    makeFolder: (path, rights) => files.makeFolder(path, rights ?? rightsAt(path))
  }
}

/** What Sheaf itself keeps in a data folder, and nothing else: the folder may be one that the user shares. */
const OURS =
  /^(?:ledger|journal-|lock$|lock-claim|settings|ui\.json$|queue-seen|keys|vault|secrets|window|search|backup|reading$)/

/**
 * Closes the folder and the files in it to other users. Quiet: a disk without rights (FAT, a network
 * drive) is no reason not to begin.
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
  // A home folder that was named as the data folder is not Sheaf's to close.
  if (relative(folder, home) !== '' && !isAbove(folder, home)) await close(folder)
}

function isAbove(folder: string, path: string): boolean {
  const below = relative(folder, path)
  return below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below)
}
