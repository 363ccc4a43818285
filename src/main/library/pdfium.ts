/**
 * The one instance of PDFium (compiled to WebAssembly) of a reading process, and its memory. It has no access
 * to files or to the network. Invariant: what was allocated for a file is freed after it, and an instance that
 * has thrown is never called again: its memory may be damaged. Used only in a process that may die
 * (`reader-child.ts`).
 */
import { readFile } from 'node:fs/promises'
import { init } from '@embedpdf/pdfium'
import wasmPath from '@embedpdf/pdfium/pdfium.wasm?asset'

/** A function of the module itself: addresses, counts and truth values are all numbers. */
type Call = (...numbers: number[]) => number

/** The functions of PDFium that are used, and its memory. Size: a member for each of them. */
export interface Pdfium {
  /** Its memory grows: the view is asked for each time. */
  bytes(): Uint8Array
  readonly malloc: Call
  readonly free: Call
  readonly openDocument: Call
  readonly closeDocument: Call
  readonly pageCount: Call
  readonly securityRevision: Call
  readonly infoText: Call
  readonly pageSize: Call
  readonly openPage: Call
  readonly closePage: Call
  readonly openText: Call
  readonly closeText: Call
  readonly charCount: Call
  readonly unicode: Call
  readonly textObject: Call
  readonly matrix: Call
  readonly fontSize: Call
  readonly font: Call
}

/** An open document. It is valid until the function that got it returns. */
export interface OpenFile {
  readonly pdfium: Pdfium
  readonly document: number
  /** the address of a few kB for results of PDFium */
  readonly scratch: number
}

const SCRATCH_BYTES = 16_384
const KEY_BYTES = 64

let instance: Promise<Pdfium> | null = null

/** Compiles PDFium with the first call (0.2 s of CPU time). */
export function loadPdfium(): Promise<Pdfium> {
  instance ??= start()
  return instance
}

/** The result of `read`, or null when PDFium cannot open the bytes. Rejects when PDFium failed. */
export async function withOpenFile<T>(bytes: Uint8Array, read: (file: OpenFile) => T): Promise<T | null> {
  const pdfium = await loadPdfium()
  try {
    const scratch = allocate(pdfium, SCRATCH_BYTES)
    const data = allocate(pdfium, bytes.length)
    pdfium.bytes().set(bytes, data)
    const document = pdfium.openDocument(data, bytes.length, 0)
    const result = document === 0 ? null : read({ pdfium, document, scratch })
    if (document !== 0) pdfium.closeDocument(document)
    pdfium.free(data)
    pdfium.free(scratch)
    return result
  } catch (error) {
    // Nothing is freed: the memory goes with the instance.
    instance = null
    throw error
  }
}

const PLAIN = -1

export function isEncrypted({ pdfium, document }: OpenFile): boolean {
  return pdfium.securityRevision(document) !== PLAIN
}

/** An entry of the information dictionary; '' where there is none. A longer one is ''. */
export function textOfInfo({ pdfium, document, scratch }: OpenFile, key: string): string {
  const place = scratch + KEY_BYTES
  const room = SCRATCH_BYTES - KEY_BYTES
  pdfium.bytes().set(Buffer.from(`${key}\0`, 'latin1').subarray(0, KEY_BYTES), scratch)
  const length = pdfium.infoText(document, scratch, place, room)
  if (length <= 2 || length > room) return ''
  // It ends in a NUL of two bytes.
  return Buffer.from(pdfium.bytes().buffer, place, length - 2).toString('utf16le')
}

function allocate(pdfium: Pdfium, bytes: number): number {
  const pointer = pdfium.malloc(bytes)
  if (pointer === 0) throw new Error('PDFium has no memory left')
  return pointer
}

async function start(): Promise<Pdfium> {
  const wasm = await readFile(wasmPath)
  const wasmBinary = new ArrayBuffer(wasm.length)
  new Uint8Array(wasmBinary).set(wasm)
  const silent = (): void => undefined
  const module = await init({ wasmBinary, locateFile: (name) => name, print: silent, printErr: silent })
  module.PDFiumExt_Init()
  return functionsOf(module.pdfium)
}

/** The package's own wrappers check and convert each argument: of 6,000 calls a page they take most of the time. */
function functionsOf(module: { readonly HEAPU8: Uint8Array; readonly wasmExports: object }): Pdfium {
  const call = (name: string): Call => {
    const found: unknown = Reflect.get(module.wasmExports, name)
    if (!isCall(found)) throw new Error(`PDFium has no ${name}`)
    return found
  }
  return {
    bytes: () => module.HEAPU8,
    malloc: call('malloc'),
    free: call('free'),
    openDocument: call('FPDF_LoadMemDocument64'),
    closeDocument: call('FPDF_CloseDocument'),
    pageCount: call('FPDF_GetPageCount'),
    securityRevision: call('FPDF_GetSecurityHandlerRevision'),
    infoText: call('FPDF_GetMetaText'),
    pageSize: call('FPDF_GetPageSizeByIndexF'),
    openPage: call('FPDF_LoadPage'),
    closePage: call('FPDF_ClosePage'),
    openText: call('FPDFText_LoadPage'),
    closeText: call('FPDFText_ClosePage'),
    charCount: call('FPDFText_CountChars'),
    unicode: call('FPDFText_GetUnicode'),
    textObject: call('FPDFText_GetTextObject'),
    matrix: call('FPDFText_GetMatrix'),
    fontSize: call('FPDFText_GetFontSize'),
    font: call('FPDFTextObj_GetFont')
  }
}

const isCall = (value: unknown): value is Call => typeof value === 'function'
