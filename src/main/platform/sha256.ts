/** The SHA-256 of a text or of bytes at once; a file is hashed by `library/hash-file.ts`. */
import { hash } from 'node:crypto'

/** Lower-case hex; a text is taken as UTF-8. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data)
}
