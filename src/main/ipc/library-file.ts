/**
 * From a path that a row or a line of the library file names to a file that may be shown. What must
 * stay true: nothing outside of the library folder is ever reached, neither by `..` nor by a link,
 * whoever wrote the line.
 */
import { isAbsolute, join, sep } from 'node:path'
import { fail } from '../../contract/errors'
import type { Files } from '../platform/files'

/** The real path of a file inside of `root`, or null: not there, no file, or somewhere else. */
export async function fileInside(files: Files, root: string, relative: string): Promise<string | null> {
  if (relative === '' || relative.includes('\0') || isAbsolute(relative)) return null
  const [realRoot, real] = await Promise.all([files.realPath(root), files.realPath(join(root, relative))])
  if (realRoot === null || real === null || !real.startsWith(withSep(realRoot))) return null
  const stat = await files.stat(real)
  return stat?.isFile === true ? real : null
}

function withSep(folder: string): string {
  return folder.endsWith(sep) ? folder : `${folder}${sep}`
}

/**
 * The file of a paper as a person knows it, under its readable name when that is there, else the
 * stored object; FILE_NOT_FOUND when neither is.
 */
export async function paperFile(
  files: Files,
  root: string,
  paper: { readonly path: string; readonly paperPath: string | null }
): Promise<string> {
  for (const relative of [paper.paperPath, paper.path]) {
    if (relative !== null && (await fileInside(files, root, relative)) !== null) return join(root, relative)
  }
  return fail('FILE_NOT_FOUND', 'The file of this paper is not there.', {
    hint: 'Let Sheaf check the library: what is missing is fetched again.'
  })
}
