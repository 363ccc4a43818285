/**
 * Reads the whole text of a PDF, page by page, for the search, in a child process (`reader-child.ts`): a
 * hostile file may be slow or large, and only its own text is lost. It reads files, writes none, executes no
 * scripts of a document and uses no network.
 */
import { restorePush } from './pdf-globals'
import 'pdfjs-dist/legacy/build/pdf.worker.mjs'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { READING_OPTIONS } from './pdf-resources'
import { openToRead } from '../platform/open-to-read'
import { MOST_PAGE_CHARS, readLayout, type TypeRun } from './pdf-layout'
import type { PdfFront, PdfTextReading, TextQuestion } from './text-messages'
import { messageOf } from '../../contract/errors'

restorePush()

/** `step` is called after each page: the time limit applies to one page, not to a whole book. */
export async function readText(question: TextQuestion, step: () => void): Promise<PdfTextReading> {
  const { mostPages, mostChars } = question
  try {
    const task = getDocument({
      data: await bytesOf(question.path),
      ...READING_OPTIONS
    })
    try {
      const document = await task.promise
      const pages: string[] = []
      let prominent: readonly string[] = []
      let runs: readonly TypeRun[] = []
      let chars = 0
      while (pages.length < Math.min(document.numPages, mostPages) && chars < mostChars) {
        const text = await document
          .getPage(pages.length + 1)
          .then(async (page) => {
            const layout = readLayout((await page.getTextContent()).items)
            if (prominent.length === 0) prominent = layout.prominent
            if (runs.length === 0) runs = layout.runs
            page.cleanup()
            return layout.text.slice(0, MOST_PAGE_CHARS)
          })
          .catch(() => '')
        pages.push(text)
        chars += text.length
        step()
      }
      return {
        kind: 'text',
        pages,
        whole: pages.length === document.numPages,
        ...(question.front === true ? { front: await frontOf(document, { pages, prominent, runs }) } : {})
      }
    } finally {
      await task.destroy()
    }
  } catch (error) {
    return { kind: 'unreadable', because: messageOf(error) }
  }
}

/** Larger files are not read: a paper with all its figures is far smaller. */
const MOST_BYTES = 512 * 1_048_576
const MOST_XMP_CHARS = 200_000
const MOST_INFO_CHARS = 2_000

async function bytesOf(path: string): Promise<Uint8Array> {
  const handle = await openToRead(path)
  try {
    const { size } = await handle.stat()
    if (size > MOST_BYTES) throw new Error(`it has ${String(size)} bytes, which is more than is read`)
    return new Uint8Array(await handle.readFile())
  } finally {
    await handle.close()
  }
}

async function frontOf(
  document: Awaited<ReturnType<typeof getDocument>['promise']>,
  read: Pick<PdfFront, 'pages' | 'prominent' | 'runs'>
): Promise<PdfFront> {
  const metadata = await document.getMetadata().catch(() => null)
  const info: Record<string, string> = {}
  const take = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return
    for (const [key, one] of Object.entries(value)) {
      if (typeof one === 'string') info[key] = one.slice(0, MOST_INFO_CHARS)
      else if (key === 'Custom') take(one)
    }
  }
  take(metadata?.info)
  const packet = metadata?.metadata ?? null
  const raw: unknown = packet?.getRaw()
  const title: unknown = packet?.get('dc:title')
  const own = info['Title']?.trim() ?? ''
  return {
    ...read,
    metadataTitle: own === '' ? null : own,
    pageCount: document.numPages,
    info,
    xmp: typeof raw === 'string' ? raw.slice(0, MOST_XMP_CHARS) : '',
    xmpTitle: typeof title === 'string' && title.trim() !== '' ? title.trim().slice(0, MOST_INFO_CHARS) : null
  }
}
