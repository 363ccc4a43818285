import { expect, test } from 'vitest'
import { isVault } from '../../../src/main/shell/is-vault'

test.each([
  [true, null, true],
  [true, 'gnome_libsecret', true],
  [true, 'kwallet5', true],
  [true, 'basic_text', false],
  [true, 'unknown', false],
  [false, null, false],
  [false, 'gnome_libsecret', false]
])('encryption there: %s, backend %s: encrypted by a key ring: %s', (isAvailable, backend, is) => {
  expect(isVault({ isAvailable, backend })).toBe(is)
})
