/**
 * Opens PDFs with pdf.js in a child process (`reader-child.ts`): a hostile or huge file may be slow or exhaust
 * memory, and only this file's result is lost. It reads files, writes none, executes no scripts of a document
 * and uses no network. It decides on every file that `quick-read.ts` leaves to it.
 */
import { restorePush } from './pdf-globals'
import 'pdfjs-dist/legacy/build/pdf.worker.mjs'
import { getDocument, OPS, PDFDataRangeTransport } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { READING_OPTIONS } from './pdf-resources'
import { isSettled, lastPageSought, startFirstPages, TEXT_PAGES } from './first-pages'
import type { PdfFacts, PdfQuestion } from './pdf-facts'
import { withOpenPages } from './pdf-attachments'
import { bytesChanged } from './pdf-bytes'
import { withPdfFile } from './pdf-file'
import { structureOf, type Reader, type Structure } from './pdf-structure'
import type { WantedPaper } from './right-paper'
import type { RightPaper } from './right-paper-verdict'
import { messageOf } from '../../contract/errors'
import type { UnknownFields } from '../../contract/unknown-values'

const CHUNK_BYTES = 262_144

restorePush()

/** The facts that the library finds in a file, and the comparison with the wanted paper. */
export async function readPdf(question: PdfQuestion): Promise<PdfFacts> {
  try {
    return await lookAt(question)
  } catch (error) {
    const because = messageOf(error)
    return { kind: 'unreadable', because, xrefFound: false, linearizedBytes: null }
  }
}

async function lookAt({ path, wanted }: PdfQuestion): Promise<PdfFacts> {
  return withPdfFile(path, async ({ size, whole, read }) => {
    const { hasEnd, ...structure } = await structureOf(read, size)
    // The library would search the whole file for objects; the fact that it was truncated is sufficient.
    if (!hasEnd && !structure.xrefFound) {
      return { kind: 'unreadable', because: 'its end is missing', ...structure }
    }
    const changed = whole === null ? null : bytesChanged(whole)
    if (changed !== null) {
      return { kind: 'unreadable', because: `its bytes were ${changed} on the way`, ...structure }
    }
    return readDocument(
      whole === null ? { range: await rangesOf(read, size) } : { data: withOpenPages(whole) ?? plain(whole) },
      structure,
      wanted
    )
  })
}

/** The library takes ownership of the bytes and refuses Node's Buffer. */
function plain(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

async function rangesOf(read: Reader, size: number): Promise<PDFDataRangeTransport> {
  const first = await read(0, CHUNK_BYTES)
  const transport = new PDFDataRangeTransport(size, new Uint8Array(first), true)
  transport.requestDataRange = (begin: number, end: number) => {
    read(begin, end - begin).then(
      (bytes) => {
        transport.onDataRange(begin, new Uint8Array(bytes))
      },
      () => {
        transport.abort()
      }
    )
  }
  return transport
}

async function readDocument(
  source: { readonly data: Uint8Array } | { readonly range: PDFDataRangeTransport },
  structure: Omit<Structure, 'hasEnd'>,
  wanted: WantedPaper
): Promise<PdfFacts> {
  const task = getDocument({
    ...source,
    ...READING_OPTIONS,
    disableAutoFetch: true,
    disableStream: true,
    rangeChunkSize: CHUNK_BYTES
  })
  try {
    const document = await task.promise
    const metadata = await document.getMetadata().catch(() => null)
    const info: UnknownFields = Object.fromEntries(Object.entries(metadata?.info ?? {}))
    const pageCount = document.numPages
    let missingPages = 0
    let looked = 0
    const pages = startFirstPages(wanted, { title: info['Title'], pageCount })
    let paper: RightPaper | null = null
    for (let number = 1; number <= Math.min(pageCount, TEXT_PAGES); number += 1) {
      looked = number
      try {
        const page = await document.getPage(number)
        pages.add((await page.getTextContent()).items)
        page.cleanup()
      } catch {
        missingPages += 1
      }
      // Reading a page takes milliseconds; most papers are identified on the first.
      paper = pages.compare()
      if (isSettled(paper, { wanted, pageCount })) break
    }
    missingPages += await countMissing(document, {
      pageCount,
      looked,
      upTo: lastPageSought(paper, looked),
      all: !structure.xrefFound
    })
    return {
      kind: 'opened',
      pageCount,
      blank: pages.isEmpty() && (await isBlank(document)),
      encrypted: typeof info['EncryptFilterName'] === 'string',
      missingPages,
      ...structure,
      text: pages.text(),
      paper: paper ?? pages.compare()
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') return { kind: 'password' }
    return {
      kind: 'unreadable',
      because: messageOf(error),
      ...structure
    }
  } finally {
    await task.destroy()
  }
}

const PAINTS: ReadonlySet<number> = new Set([
  OPS.paintImageXObject,
  OPS.paintInlineImageXObject,
  OPS.paintImageMaskXObject,
  OPS.paintSolidColorImageMask,
  OPS.showText,
  OPS.constructPath,
  OPS.shadingFill
])

/**
 * Whether nothing is painted on the first pages. When that is unknown, a page counts as painted: a scanned
 * paper has no text but is valid.
 */
async function isBlank(document: Awaited<ReturnType<typeof getDocument>['promise']>): Promise<boolean> {
  for (let number = 1; number <= Math.min(document.numPages, TEXT_PAGES); number += 1) {
    try {
      const page = await document.getPage(number)
      const { fnArray } = await page.getOperatorList()
      page.cleanup()
      if (fnArray.some((op) => PAINTS.has(op))) return false
    } catch {
      return false
    }
  }
  return true
}

/**
 * Of the pages that were not read, checks those up to `upTo` and the last page, which represents the rest; when the
 * table was guessed, every page. Checks that a page is there, not that its text can be read.
 */
async function countMissing(
  document: Awaited<ReturnType<typeof getDocument>['promise']>,
  file: {
    readonly pageCount: number
    readonly looked: number
    readonly upTo: number
    readonly all: boolean
  }
): Promise<number> {
  let missing = 0
  for (let number = file.looked + 1; number <= file.pageCount; number += 1) {
    if (!file.all && number > file.upTo && number < file.pageCount) continue
    try {
      const page = await document.getPage(number)
      page.cleanup()
    } catch {
      missing += 1
    }
  }
  return missing
}
