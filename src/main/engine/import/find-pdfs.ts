/**
 * Yields the PDFs of the files and folders named by the user, one by one, so that a tree of any size costs no
 * memory. A link to a folder is not followed, to avoid loops; a link to a file is. Non-regular files (a pipe,
 * a device) are never opened.
 */
import { basename, join } from 'node:path'
import { isHidden, kindOfFile } from '../../../contract/file-kinds'
import { MOST_FOLDER_DEPTH } from '../../../contract/limits'
import { codeOrMessage, statOfTarget, type Files } from '../../platform/files'
import { isInside } from '../../platform/is-inside'

export type FoundFile =
  | { readonly kind: 'file'; readonly path: string; readonly name: string; readonly bytes: number }
  | {
      readonly kind: 'problem'
      readonly path: string
      readonly reason: 'FILE_NOT_FOUND' | 'FILE_UNREADABLE' | 'BAD_FILE'
      readonly because: string
    }

/** Folders of a Sheaf library: their files are already in the library, or were kept out of it. */
const OWN_FOLDERS = ['objects', 'quarantine', '.sheaf']

/** `paths` are absolute. Throws only the signal's reason. */
export async function* findPdfs(
  files: Files,
  paths: Iterable<string> | AsyncIterable<string>,
  options: { readonly libraryRoot: string; readonly signal: AbortSignal }
): AsyncIterable<FoundFile> {
  const ownFolders = OWN_FOLDERS.map((folder) => join(options.libraryRoot, folder))
  for await (const path of paths) {
    options.signal.throwIfAborted()
    const stat = await statOfTarget(files, path)
    if (stat === null) {
      yield { kind: 'problem', path, reason: 'FILE_NOT_FOUND', because: `${path} is not there.` }
    } else if (stat.isFolder) {
      yield* inFolder(files, path, { ...options, ownFolders, depth: 0 })
    } else if (stat.isFile) {
      yield { kind: 'file', path, name: basename(path), bytes: stat.bytes }
    } else {
      yield { kind: 'problem', path, reason: 'BAD_FILE', because: `${path} is not a file.` }
    }
  }
}

async function* inFolder(
  files: Files,
  folder: string,
  how: { readonly ownFolders: readonly string[]; readonly depth: number; readonly signal: AbortSignal }
): AsyncIterable<FoundFile> {
  how.signal.throwIfAborted()
  let entries: Awaited<ReturnType<Files['list']>>
  try {
    entries = await files.list(folder)
  } catch (error) {
    const because = `The folder ${folder} cannot be read: ${codeOrMessage(error)}.`
    yield { kind: 'problem', path: folder, reason: 'FILE_UNREADABLE', because }
    return
  }
  const sorted = [...entries].sort((one, other) => (one.name < other.name ? -1 : 1))
  for (const { name, isFolder } of sorted) {
    const path = join(folder, name)
    if (isHidden(name)) continue
    if (isFolder) {
      if (how.depth >= MOST_FOLDER_DEPTH || how.ownFolders.some((own) => isInside(own, path))) continue
      yield* inFolder(files, path, { ...how, depth: how.depth + 1 })
    } else if (kindOfFile(name) === 'pdf') {
      yield* oneFile(files, path, name)
    }
  }
}

async function* oneFile(files: Files, path: string, name: string): AsyncIterable<FoundFile> {
  const own = await files.stat(path)
  const stat = own?.isLink === true ? await statOfTarget(files, path) : own
  if (stat?.isFile === true) yield { kind: 'file', path, name, bytes: stat.bytes }
  // A link to a folder, or a broken link, is skipped; any other unreadable entry named like a PDF is
  // reported.
  else if (own?.isLink !== true)
    yield { kind: 'problem', path, reason: 'BAD_FILE', because: `${path} is not a file.` }
}
