/**
 * Opens a PDF in PDFium where nothing about the file is in doubt: small enough to be read as a whole, its table of
 * objects where the file says, and not encrypted. In every other case the answer is null, and pdf.js reads the file.
 */
import { withPdfFile } from './pdf-file'
import { structureOf } from './pdf-structure'
import { isEncrypted, withOpenFile, type OpenFile } from './pdfium'

interface SoundFileUse<T> {
  /** Called with all bytes before PDFium opens them. */
  readonly accepts?: (bytes: Uint8Array) => boolean
  readonly read: (file: OpenFile, linearizedBytes: number | null) => T | null
}

export async function withSoundFile<T>(path: string, use: SoundFileUse<T>): Promise<T | null> {
  return withPdfFile(path, async ({ size, whole, read }) => {
    if (whole === null) return null
    const { xrefFound, linearizedBytes } = await structureOf(read, size)
    if (!xrefFound || use.accepts?.(whole) === false) return null
    return withOpenFile(whole, (file) => {
      if (isEncrypted(file)) return null
      return use.read(file, linearizedBytes)
    })
  })
}
