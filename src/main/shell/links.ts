/**
 * Which addresses may leave Sheaf for the system's browser: whole http(s) addresses without a name and
 * password in them. Everything else could start a program. Pure.
 */
import { fail } from '../../contract/errors'

const LONGEST = 10_000

/** The address as the browser gets it; throws BAD_URL. */
export function checkedLink(text: string): string {
  const url = text.length <= LONGEST && URL.canParse(text) ? new URL(text) : null
  if (url === null) fail('BAD_URL', 'This is not a web address.')
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    fail('BAD_URL', `Only http and https addresses are opened in the browser, not ${url.protocol}`)
  if (url.username !== '' || url.password !== '')
    fail('BAD_URL', 'An address with a name and password in it is not opened.')
  return url.href
}
