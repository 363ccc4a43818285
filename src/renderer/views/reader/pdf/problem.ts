/** Maps an error of pdf.js, or of reading its bytes, to a problem for the user. Pure. */
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
  // pdf.js reports an unknown encryption as an error with only a message.
  if (/encryption|unsupported handler|unknown crypto/i.test(message)) return 'locked'
  return name === 'UnknownErrorException' || name === 'MissingPDFException' ? 'damaged' : 'unreadable'
}
