/**
 * Resolves a path from a row or a line of the library file to a file that may be shown or served. Invariant:
 * nothing outside of the library folder is reachable, neither by `..` nor by a link, whatever the line
 * contains.
 */
import { join } from 'node:path'
import { fail } from '../../contract/errors'
import type { Files } from '../platform/files'
import { filesInside } from '../platform/inside-folder'
import { partsOfPath } from '../platform/recorded-path'

/**
 * The absolute path of a regular file inside of `root`, or null: missing, not a regular file, or behind a
 * link.
 */
export async function fileInside(files: Files, root: string, relative: string): Promise<string | null> {
  const parts = partsOfPath(relative)
  if (parts === null) return null
  const path = join(root, ...parts)
  const stat = await filesInside(files, root).stat(path)
  return stat?.isFile === true ? path : null
}

/**
 * The file of a paper for the user: under its readable name when that exists, else the stored object;
 * FILE_NOT_FOUND when neither does.
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
