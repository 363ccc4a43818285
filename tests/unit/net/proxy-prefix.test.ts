import { expect, test } from 'vitest'
import { SETTINGS } from '../../../src/contract/settings'
import { withProxyPrefix } from '../../../src/main/net/proxy'

const PAGE = 'https://www.example.org/doi/10.5555/a?x=1&y=2'
const ENCODED = 'https%3A%2F%2Fwww.example.org%2Fdoi%2F10.5555%2Fa%3Fx%3D1%26y%3D2'

test.each([
  ['https://login.lib.edu/login?url=', `https://login.lib.edu/login?url=${PAGE}`],
  ['https://login.lib.edu/login?qurl=', `https://login.lib.edu/login?qurl=${ENCODED}`],
  ['https://login.lib.edu/login?url=%u', `https://login.lib.edu/login?url=${ENCODED}`],
  [
    'https://go.openathens.net/redirector/lib.edu?url=',
    `https://go.openathens.net/redirector/lib.edu?url=${ENCODED}`
  ],
  ['https://sso.lib.edu/Login?entityID=x&target=', `https://sso.lib.edu/Login?entityID=x&target=${ENCODED}`],
  ['https://%h.proxy.lib.edu/%p', 'https://www-example-org.proxy.lib.edu/doi/10.5555/a?x=1&y=2'],
  ['http://%H.proxy.lib.edu:2048/%p', 'http://www.example.org.proxy.lib.edu:2048/doi/10.5555/a?x=1&y=2']
])('through %s', (setting, opened) => {
  expect(SETTINGS['network.proxyPrefix'].schema.safeParse(setting).success).toBe(true)
  expect(withProxyPrefix(PAGE, setting)).toBe(opened)
  expect(withProxyPrefix(opened, setting), 'what is behind it stays').toBe(opened)
})

test.each([
  'javascript:alert(1)//%u',
  'ftp://%h.lib.edu/%p',
  'https://%h.lib.edu/',
  'login.lib.edu',
  'https://%x.lib/%p'
])('%s is no proxy', (setting) => {
  expect(SETTINGS['network.proxyPrefix'].schema.safeParse(setting).success).toBe(false)
})
