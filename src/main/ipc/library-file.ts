/**
 * From a path that a row or a line of the library file names to a file that may be shown or handed out.
 * Invariant: nothing outside of the library folder is ever reached, neither by `..` nor by a
 * link, whatever the line says.
 */
import { join } from 'node:path'
import { fail } from '../../contract/errors'
import type { Files } from '../platform/files'
import { filesInside } from '../platform/inside-folder'
import { partsOfPath } from '../platform/recorded-path'

/** The absolute path of an ordinary file inside of `root`, or null: not there, no file, or behind a link. */
export async function fileInside(files: Files, root: string, relative: string): Promise<string | null> {
  const parts = partsOfPath(relative)
  if (parts === null) return null
  const path = join(root, ...parts)
  const stat = await filesInside(files, root).stat(path)
  return stat?.isFile === true ? path : null
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
