/**
 * Reads pasted, dropped or chosen input into a stored preview. Plans nothing, writes nothing. An unreadable
 * file costs only itself: one row contains the reason.
 */
import { basename } from 'node:path'
import type { PreviewView } from '../../contract/add-views'
import { MOST_FILES_AT_ONCE } from '../../contract/limits'
import { systemCode } from '../platform/files'
import { previewRows } from './preview-rows'
import { previewsOf } from './previews'
import type { HandlerDeps } from './handler-deps'
import { readList, unreadableList, type ReadList } from './read-references'
import { sayBytes } from '../../contract/counted'

/** No reference list is this large; a film dropped by mistake is. */
const MOST_FILE_BYTES = 100_000_000

export interface Given {
  readonly name: string
  readonly bytes: Uint8Array
}

export async function readIntoPreview(parts: HandlerDeps, given: readonly Given[]): Promise<PreviewView> {
  const lists: ReadList[] = []
  for (const { name, bytes } of given) lists.push(await readList({ name, bytes }, parts.signal))
  return keepPreview(parts, lists)
}

/** Reads reference files by path: from the system’s dialog, a second start, or the system’s “open with”. */
export async function readFilesIntoPreview(
  parts: HandlerDeps,
  paths: readonly string[]
): Promise<PreviewView> {
  const lists: ReadList[] = []
  for (const path of paths.slice(0, MOST_FILES_AT_ONCE)) lists.push(await readFile(parts, path))
  for (const path of paths.slice(MOST_FILES_AT_ONCE)) {
    lists.push(
      unreadableList(
        basename(path),
        `Only the first ${String(MOST_FILES_AT_ONCE)} files were read; read this one by itself.`
      )
    )
  }
  return keepPreview(parts, lists)
}

async function readFile(parts: HandlerDeps, path: string): Promise<ReadList> {
  const { files } = parts.host
  const name = basename(path)
  try {
    const stat = await files.stat(path)
    if (stat === null) return unreadableList(name, 'The file is not there.')
    if (!stat.isFile) return unreadableList(name, 'It is not a file.')
    if (stat.bytes > MOST_FILE_BYTES) {
      return unreadableList(
        name,
        `It has ${sayBytes(stat.bytes)}; a reference list has at most ${sayBytes(MOST_FILE_BYTES)}.`
      )
    }
    return await readList({ name, bytes: await files.readWhole(path) }, parts.signal)
  } catch (error) {
    const code = systemCode(error)
    if (code === null) throw error
    return unreadableList(name, `The file cannot be read (${code}).`)
  }
}

export async function keepPreview(parts: HandlerDeps, lists: readonly ReadList[]): Promise<PreviewView> {
  const { session, host, signal } = parts
  const previewed = await previewRows(session.sheaf, { lists, nameless: false, signal })
  return previewsOf(session).keep({ previewId: host.random.hex(12), ...previewed, available: null })
}
