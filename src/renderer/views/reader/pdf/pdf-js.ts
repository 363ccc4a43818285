/**
 * pdf.js, loaded when the first PDF is opened and never before. It runs without scripting, without
 * eval and without forms; its files are beside the page under `pdfjs/`. A worker belongs to its
 * caller and ends with `end`.
 */
import type * as Pdf from 'pdfjs-dist'
import type * as PdfViewer from 'pdfjs-dist/web/pdf_viewer.mjs'
import type { PDFDocumentProxy, PDFWorker } from 'pdfjs-dist'
import workerAddress from 'pdfjs-dist/build/pdf.worker.min.mjs?url'
import { readBytes, type Bytes } from './byte-source'

export type PdfJs = typeof Pdf
export type PdfViewerJs = typeof PdfViewer

let library: Promise<PdfJs> | undefined
let viewer: Promise<PdfViewerJs> | undefined

export function loadPdfJs(): Promise<PdfJs> {
  library ??= import('pdfjs-dist')
  return library
}

/** The viewer's parts find pdf.js where it put itself, so it comes first. */
export function loadPdfViewer(): Promise<PdfViewerJs> {
  viewer ??= loadPdfJs().then(async () => {
    await import('./pdf-pages.css')
    return import('pdfjs-dist/web/pdf_viewer.mjs')
  })
  return viewer
}

/** The file needs a password, and there is no prompt for one here. */
export class LockedError extends Error {
  constructor() {
    super('The file is encrypted.')
    this.name = 'LockedError'
  }
}

export interface PdfWorkshop {
  readonly js: PdfJs
  readonly worker: PDFWorker
  /** aborted when the workshop ends; what still goes on in it ends too */
  readonly signal: AbortSignal
  end(): void
}

/*
 * pdf.js 5.4 keeps one count of pages for all documents of the page (its `PagesMapper`): a second one
 * that is opened beside a reader makes pages of the first unreachable. So readers come first: the
 * background stops at once when a reader is open, and waits until none is.
 */
let readers = 0
let background: PdfWorkshop | null = null
let waiting: readonly (() => void)[] = []

/** For the reader. */
export async function openWorkshop(): Promise<PdfWorkshop> {
  readers += 1
  background?.end()
  background = null
  const leave = (): void => {
    readers -= 1
    if (readers > 0) return
    for (const resolve of waiting) resolve()
    waiting = []
  }
  try {
    const workshop = makeWorkshop(await loadPdfJs())
    workshop.signal.addEventListener('abort', leave, { once: true })
    return workshop
  } catch (error) {
    leave()
    throw error
  }
}

/** For background thumbnails: available only while no reader is open. */
export async function openBackgroundWorkshop(): Promise<PdfWorkshop> {
  const js = await loadPdfJs()
  while (readers > 0) {
    await new Promise<void>((resolve) => {
      waiting = [...waiting, resolve]
    })
  }
  background = makeWorkshop(js)
  return background
}

function makeWorkshop(js: PdfJs): PdfWorkshop {
  const over = new AbortController()
  const port = new Worker(new URL(workerAddress, document.baseURI), { type: 'module' })
  const worker = js.PDFWorker.create({ port, verbosity: js.VerbosityLevel.ERRORS })
  return {
    js,
    worker,
    signal: over.signal,
    end: () => {
      over.abort()
      worker.destroy()
      port.terminate()
    }
  }
}

export interface OpenPdf {
  readonly document: PDFDocumentProxy
  close(): Promise<void>
}

export interface OpenOptions {
  /** the address of the bytes within the page's own origin */
  readonly readAt: string
  readonly signal: AbortSignal
  /** read to the end in the background, for a reader; else only what is drawn */
  readonly whole: boolean
  /** asked when the file is encrypted; rejects when the person gives up */
  readonly onpassword?: (again: boolean) => Promise<string>
}

/** A3 at 600 dpi has 70 million. A larger image is left out of its page: unpacked it would take gigabytes. */
const MOST_IMAGE_PIXELS = 80_000_000

/** Opens a PDF; rejects with pdf.js's exceptions, a `BytesError`, or an AbortError. */
export async function openPdf(workshop: PdfWorkshop, options: OpenOptions): Promise<OpenPdf> {
  const { js, worker } = workshop
  const { readAt, whole, onpassword } = options
  const signal = AbortSignal.any([options.signal, workshop.signal])
  const address = (folder: string): string => new URL(`./pdfjs/${folder}/`, document.baseURI).href
  let fail: (error: unknown) => void = () => undefined
  const failed = new Promise<never>((_, reject) => {
    fail = reject
  })
  // A range may fail when no caller waits for it any more.
  failed.catch(() => undefined)
  const bytes: Bytes = await readBytes(js, readAt, signal, fail)
  const task = js.getDocument({
    ...bytes,
    worker,
    verbosity: js.VerbosityLevel.ERRORS,
    isEvalSupported: false,
    enableXfa: false,
    maxImageSize: MOST_IMAGE_PIXELS,
    canvasMaxAreaInBytes: 4 * MOST_IMAGE_PIXELS,
    disableStream: true,
    disableAutoFetch: !whole,
    useWorkerFetch: true,
    cMapUrl: address('cmaps'),
    cMapPacked: true,
    standardFontDataUrl: address('standard_fonts'),
    iccUrl: address('iccs'),
    wasmUrl: address('wasm')
  })
  // A file that is let go while it is still being opened makes the worker complain: first it is opened.
  const letGo = async (): Promise<void> => {
    await task.promise.catch(() => undefined)
    if (!workshop.signal.aborted) await task.destroy().catch(() => undefined)
  }
  const stop = (): void => {
    fail(new DOMException('The file was closed.', 'AbortError'))
  }
  signal.addEventListener('abort', stop, { once: true })
  task.onPassword = (give: (password: string | Error) => void, why: number) => {
    if (onpassword === undefined) {
      give(new LockedError())
      return
    }
    onpassword(why === js.PasswordResponses.INCORRECT_PASSWORD).then(give, fail)
  }
  try {
    const document = await Promise.race([task.promise, failed])
    return {
      document,
      // A worker that has exited does not answer a request to close either.
      close: () => (workshop.signal.aborted ? Promise.resolve() : task.destroy())
    }
  } catch (error) {
    void letGo()
    throw error
  }
}
