/**
 * pdf.js, loaded when the first PDF is opened and never before. It runs without scripting, without
 * eval and without forms; its files stand beside the page under `pdfjs/`. A worker belongs to whoever
 * made it and ends with `end`.
 */
import type { PDFDocumentProxy, PDFWorker } from 'pdfjs-dist'
import workerAddress from 'pdfjs-dist/build/pdf.worker.min.mjs?url'
import { readBytes, type Bytes } from './byte-source'

export type PdfJs = typeof import('pdfjs-dist')
export type PdfViewerJs = typeof import('pdfjs-dist/web/pdf_viewer.mjs')

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

/** The file asks for a password, and there is nobody to be asked. */
export class LockedError extends Error {
  constructor() {
    super('The file is encrypted.')
    this.name = 'LockedError'
  }
}

export interface PdfWorkshop {
  readonly js: PdfJs
  readonly worker: PDFWorker
  end(): void
}

export async function openWorkshop(): Promise<PdfWorkshop> {
  const js = await loadPdfJs()
  const port = new Worker(new URL(workerAddress, document.baseURI), { type: 'module' })
  const worker = js.PDFWorker.create({ port: port as never, verbosity: js.VerbosityLevel.ERRORS })
  return {
    js,
    worker,
    end: () => {
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

/** Opens a PDF; rejects with pdf.js's exceptions, a `BytesError`, or an AbortError. */
export async function openPdf(workshop: PdfWorkshop, options: OpenOptions): Promise<OpenPdf> {
  const { js, worker } = workshop
  const { readAt, signal, whole, onpassword } = options
  const address = (folder: string): string => new URL(`./pdfjs/${folder}/`, document.baseURI).href
  let fail: (error: unknown) => void = () => undefined
  const failed = new Promise<never>((_, reject) => {
    fail = reject
  })
  // Nobody may be waiting any more when a late range fails.
  failed.catch(() => undefined)
  const bytes: Bytes = await readBytes(js, readAt, signal, fail)
  const task = js.getDocument({
    ...bytes,
    worker,
    verbosity: js.VerbosityLevel.ERRORS,
    isEvalSupported: false,
    enableXfa: false,
    disableStream: true,
    disableAutoFetch: !whole,
    useWorkerFetch: true,
    cMapUrl: address('cmaps'),
    cMapPacked: true,
    standardFontDataUrl: address('standard_fonts'),
    iccUrl: address('iccs'),
    wasmUrl: address('wasm')
  })
  const stop = (): void => {
    void task.destroy().catch(() => undefined)
    fail(new DOMException('The file was closed.', 'AbortError'))
  }
  signal.addEventListener('abort', stop, { once: true })
  task.onPassword = (give: (password: string) => void, why: number) => {
    if (onpassword === undefined) {
      fail(new LockedError())
      return
    }
    onpassword(why === js.PasswordResponses.INCORRECT_PASSWORD).then(give, fail)
  }
  try {
    const document = await Promise.race([task.promise, failed])
    return { document, close: () => task.destroy() }
  } catch (error) {
    await task.destroy().catch(() => undefined)
    throw error
  }
}
