import { expect, test } from 'vitest'
import { landingAddress } from '../../../src/main/engine/ops/wire-url'

const PREFIX = 'https://login.example.edu/login?url='

test.each([
  ['https://doi.org/10.5555/alpha', PREFIX, `${PREFIX}https://doi.org/10.5555/alpha`],
  ['https://doi.org/10.5555/alpha', '', 'https://doi.org/10.5555/alpha'],
  // Open repositories need no proxy.
  ['https://arxiv.org/abs/2401.00001', PREFIX, 'https://arxiv.org/abs/2401.00001'],
  ['https://notarxiv.org/x', PREFIX, `${PREFIX}https://notarxiv.org/x`]
])('%s behind “%s” is opened as %s', (url, prefix, opened) => {
  expect(landingAddress(url, prefix)).toBe(opened)
})
