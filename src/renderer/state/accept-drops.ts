/**
 * Files, folders, links and text dropped anywhere on the window: references go to Add papers, PDFs to the
 * import. A screen that handles a drop itself (a PDF on the row of its paper) calls `preventDefault` first.
 * Dropped content is never opened as a page.
 */
import { kindOfFile, type FileKind } from '../../contract/file-kinds'
import { dropped } from './dropped.svelte'
import { givenPdfs } from './given-pdfs.svelte'
import { ownStyles } from './own-styles.svelte'
import { route } from './route.svelte'
import { toasts } from './toasts.svelte'
import { DROPS } from '../text/drops'

export function acceptDrops(): () => void {
  const ondragover = (event: DragEvent): void => {
    const taken = event.defaultPrevented
    event.preventDefault()
    dropped.hold(!taken && holdsAnything(event.dataTransfer))
    if (!taken && event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy'
  }
  const ondragleave = (event: DragEvent): void => {
    if (event.relatedTarget === null) dropped.hold(false)
  }
  const ondrop = (event: DragEvent): void => {
    dropped.hold(false)
    const taken = event.defaultPrevented
    event.preventDefault()
    if (!taken && event.dataTransfer !== null) take(event.dataTransfer)
  }
  window.addEventListener('dragover', ondragover)
  window.addEventListener('dragleave', ondragleave)
  window.addEventListener('drop', ondrop)
  return () => {
    window.removeEventListener('dragover', ondragover)
    window.removeEventListener('dragleave', ondragleave)
    window.removeEventListener('drop', ondrop)
  }
}

function holdsAnything(data: DataTransfer | null): boolean {
  return data !== null && ['Files', 'text/uri-list', 'text/plain'].some((type) => data.types.includes(type))
}

function take(data: DataTransfer): void {
  // The transfer is emptied when this function has returned.
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  const folders = entries.filter((entry): entry is FileSystemDirectoryEntry => entry.isDirectory)
  const folderNames = new Set(folders.map(({ name }) => name))
  const given = [...data.files].filter((file) => !folderNames.has(file.name))
  const ofKind = (kind: FileKind): File[] => given.filter(({ name }) => kindOfFile(name) === kind)
  for (const file of ofKind('style')) void ownStyles.give(file)
  const pdfs = ofKind('pdf')
  if (pdfs.length > 0 || folders.length > 0) {
    route.go('imports')
    void givenPdfs.give(pdfs, folders)
  }
  const references = ofKind('references')
  const text = data.files.length > 0 ? '' : textOf(data)
  if (text !== '') references.push(new File([text], DROPS.textName, { type: 'text/plain' }))
  if (references.length > 0) {
    dropped.give(references)
    route.openAdd()
  } else if (ofKind('other').length > 0 && folders.length === 0) {
    toasts.warn(DROPS.unknown, DROPS.unknownHint)
  }
}

/** Links of a `text/uri-list` without its comments (RFC 2483 §5), else plain text. */
function textOf(data: DataTransfer): string {
  const links = data
    .getData('text/uri-list')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  return links.length > 0 ? links.join('\n') : data.getData('text/plain').trim()
}
