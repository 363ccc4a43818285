/**
 * Loads pdf.js when the first PDF is opened. It runs without scripting, without eval and without forms; its
 * files are beside the page under `pdfjs/`. A worker belongs to its caller and is ended with `end`.
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

/** The viewer expects pdf.js in a global variable, so pdf.js is loaded first. */
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
  /** aborted when the workshop ends, together with everything still running in it */
  readonly signal: AbortSignal
  end(): void
}

/* pdf.js 5.4 keeps one page count for all documents of the page (its `PagesMapper`): opening a second
   document beside a reader makes pages of the first unreachable. So readers have priority: background work
   stops at once when a reader is open, and waits until none is. */
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
  /** read completely in the background, for a reader; else only what is drawn */
  readonly whole: boolean
  /** called when the file is encrypted; rejects when the user cancels */
  readonly onpassword?: (again: boolean) => Promise<string>
}

/**
 * A3 at 600 dpi has 70 million. A larger image is omitted from its page: unpacked it would take gigabytes.
 */
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
  // A range may fail when nothing waits for it any more.
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
  // Closing a file that is still being opened makes the worker report an error: wait until it is open.
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
      // An exited worker does not answer a request to close.
      close: () => (workshop.signal.aborted ? Promise.resolve() : task.destroy())
    }
  } catch (error) {
    void letGo()
    throw error
  }
}
