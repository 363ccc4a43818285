/**
 * Looks at many files of a library in one pass. Like `filesInside`, no link below the library's folder is
 * followed; unlike it, each folder is looked at once for the whole pass, which saves three of five looks a
 * paper. A folder that becomes a link meanwhile can make a file of another place count as there, until the
 * next pass: nothing is opened or changed here, and whatever opens or changes a file looks for itself.
 */
import { join } from 'node:path'
import type { Files } from '../platform/files'
import { partsOfPath } from '../platform/recorded-path'
import { diskTrouble } from './disk-trouble'
import type { FileCondition } from './library'

/** `files`: the disk without the guard around this library. */
export function lookingAtFiles(
  files: Files,
  root: string
): (path: string, bytes: number) => Promise<FileCondition> {
  const folders = new Map<string, Promise<boolean>>()

  /** Is it reached without a link? A folder that is not there is. */
  function isPlain(folder: string): Promise<boolean> {
    const known = folders.get(folder)
    if (known !== undefined) return known
    const looking = lookAtFolder(folder)
    folders.set(folder, looking)
    return looking
  }

  async function lookAtFolder(folder: string): Promise<boolean> {
    const above = folderOf(folder)
    if (above !== null && !(await isPlain(above))) return false
    return (await files.stat(join(root, folder)))?.isLink !== true
  }

  return async (path, bytes) => {
    if (partsOfPath(path) === null) return 'missing'
    try {
      const folder = folderOf(path)
      if (folder !== null && !(await isPlain(folder))) return 'missing'
      const stat = await files.stat(join(root, path))
      if (stat === null) return 'missing'
      return stat.isFile && stat.bytes === bytes ? 'ok' : 'damaged'
    } catch (error) {
      throw diskTrouble(error, join(root, path))
    }
  }
}

/** null for what lies in the library's folder itself */
function folderOf(path: string): string | null {
  const end = path.lastIndexOf('/')
  return end === -1 ? null : path.slice(0, end)
}
