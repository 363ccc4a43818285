/**
 * Is an address one that may be handed to the system's browser? Only http and https, and none that
 * carries a name and a password: the system would open anything else with whatever claims it.
 */
import { fail } from '../../contract/errors'

/** The address as it is opened; BAD_URL says what is wrong with it. */
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
