/**
 * Checks whether an address may be opened in the system's browser: only http and https, without user name and
 * password. The system would open any other scheme with an arbitrary program.
 */
import { fail } from '../../contract/errors'

/** The address to open; BAD_URL contains the error. */
export function webLink(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.hostname === '') {
    return fail('BAD_URL', 'Only web addresses (http, https) are opened.')
  }
  if (url.username !== '' || url.password !== '') {
    return fail('BAD_URL', 'An address with a name and a password in it is not opened.')
  }
  return url.href
}
