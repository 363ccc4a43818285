/**
 * Checksums of a file in blocks of 64 KiB, so that a part can be verified without reading the rest. As text:
 * base64 of one CRC-32 (IEEE 802.3, as zlib computes it) per block, four bytes each, little-endian; 100 kB
 * for a file of one gigabyte.
 */
import { crc32 } from 'node:zlib'

export const BLOCK_BYTES = 65_536

/** Computes the checksums of the bytes passed to `add`, in pieces of any length. */
export class BlockSummer {
  private readonly sums: number[] = []
  private sum = 0
  private filled = 0

  add(piece: Uint8Array): void {
    for (let at = 0; at < piece.length;) {
      const part = piece.subarray(at, at + BLOCK_BYTES - this.filled)
      this.sum = crc32(part, this.sum)
      this.filled += part.length
      at += part.length
      if (this.filled === BLOCK_BYTES) this.endBlock()
    }
  }

  /** The checksums of all added bytes. Nothing may be added afterwards. */
  text(): string {
    if (this.filled > 0) this.endBlock()
    const bytes = Buffer.alloc(this.sums.length * 4)
    this.sums.forEach((sum, at) => bytes.writeUInt32LE(sum, at * 4))
    return bytes.toString('base64')
  }

  private endBlock(): void {
    this.sums.push(this.sum)
    this.sum = 0
    this.filled = 0
  }
}

/** The checksum of each block; null when the text does not fit a file of that size. */
export function readBlockSums(text: string, fileBytes: number): Uint32Array | null {
  const bytes = Buffer.from(text, 'base64')
  const count = Math.ceil(fileBytes / BLOCK_BYTES)
  if (bytes.length !== count * 4 || bytes.toString('base64') !== text) return null
  return Uint32Array.from({ length: count }, (_, at) => bytes.readUInt32LE(at * 4))
}
