/** A path compared with a folder, as text. */
import { isAbsolute, relative, sep } from 'node:path'

/** Whether a path is the folder or below it. Links are not followed. */
export function isInside(folder: string, path: string): boolean {
  const below = relative(folder, path)
  return below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below)
}
