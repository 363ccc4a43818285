/** An open PDF file on disk: read as a whole where that is cheap, otherwise in ranges. It is never written. */
import { openToRead } from '../platform/open-to-read'
import type { Reader } from './pdf-structure'

/** Larger files are read in ranges instead of as a whole. */
const WHOLE_BYTES = 32 * 1_048_576

export interface PdfFile {
  readonly size: number
  /** null: the file is larger */
  readonly whole: Buffer | null
  /** a part of the file: of `whole` where there is one */
  readonly read: Reader
}

export async function withPdfFile<T>(path: string, use: (file: PdfFile) => Promise<T>): Promise<T> {
  const handle = await openToRead(path)
  try {
    const { size } = await handle.stat()
    const read: Reader = async (position, length) => {
      const buffer = Buffer.allocUnsafeSlow(Math.max(0, Math.min(length, size - position)))
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position)
      return buffer.subarray(0, bytesRead)
    }
    const whole = size <= WHOLE_BYTES ? await read(0, size) : null
    return await use({
      size,
      whole,
      read:
        whole === null
          ? read
          : (position, length) => Promise.resolve(whole.subarray(position, position + length))
    })
  } finally {
    await handle.close()
  }
}
