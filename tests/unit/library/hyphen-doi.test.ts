/**
 * A regression: a DOI with a hyphen made every good PDF of it unreadable, since `\-` is no escape under the
 * `u` flag.
 */
import { expect, test } from 'vitest'
import { hasDoi } from '../../../src/main/library/names-in-text'

test.each([
  ['10.1007/s00027-011-0183-x', 'https://doi.org/10.1007/s00027-011-0183-x', true],
  ['10.1016/0009-2614(97)04014-1', 'doi:10.1016/0009-2614(97)04014-1', true],
  [
    '10.1641/0006-3568(2005)055[0851:potapf]2.0.co;2',
    '10.1641/0006-3568(2005)055[0851:POTAPF]2.0.CO;2',
    true
  ],
  ['10.5555/a+b.c*d?e', 'see 10.5555/a+b.c*d?e.', true],
  ['10.5555/12-3', '10.5555/12-34', false]
])('%s in “%s”: %s', (doi, text, found) => {
  expect(hasDoi(text, doi)).toBe(found)
})
