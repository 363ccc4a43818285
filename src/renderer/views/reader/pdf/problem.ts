/** What an error of pdf.js, or of reading its bytes, means for a person. Pure. */
import type { Problem } from '../../../text/reader'
import { BytesError } from './byte-source'

export function problemOf(error: unknown): Problem {
  if (error instanceof BytesError) {
    return error.status === 404 || error.status === 410 ? 'missing' : 'unreadable'
  }
  const { name = '', message = '' } = error instanceof Error ? error : {}
  if (name === 'InvalidPDFException' || name === 'FormatError') {
    return /\bempty\b|zero bytes/i.test(message) ? 'empty' : 'damaged'
  }
  if (name === 'PasswordException') return 'locked'
  // A lock of a kind pdf.js does not know comes as an error in words.
  if (/encryption|unsupported handler|unknown crypto/i.test(message)) return 'locked'
  return name === 'UnknownErrorException' || name === 'MissingPDFException' ? 'damaged' : 'unreadable'
}
