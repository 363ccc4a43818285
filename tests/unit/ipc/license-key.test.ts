import { expect, test } from 'vitest'
import { licenseKey, licenseLabel } from '../../../src/main/ipc/library-words'

test.each([
  ['cc-by', 'CC BY'],
  ['CC BY', 'CC BY'],
  ['CC BY 4.0', 'CC BY'],
  ['cc_by_nc', 'CC BY-NC'],
  ['https://creativecommons.org/licenses/by-nc-nd/4.0/', 'CC BY-NC-ND'],
  ['CC0', 'Public domain'],
  ['public-domain', 'Public domain'],
  ['publisher-specific', 'publisher-specific']
])('%s is listed as %s', (license, label) => {
  expect(licenseLabel(licenseKey(license))).toBe(label)
})
