import { describe, expect, test } from 'vitest'
import { readConnectTo } from '../../../src/main/net/connect-to'
import { failureFrom } from '../../../src/main/net/failures'
import { requestHeaders } from '../../../src/main/net/headers'
import { proxyFor, proxyOfSystem, withProxyPrefix } from '../../../src/main/net/proxy'

describe('the proxy of a request', () => {
  const env = { HTTPS_PROXY: 'http://user:pw@p.example:3128', http_proxy: 'p.example:8080' }
  test.each<[string, string, Record<string, string>, string | null]>([
    ['https://a.example/', '', env, 'http://user:pw@p.example:3128'],
    ['http://a.example/', '', env, 'http://p.example:8080'],
    ['http://a.example/', '', { ALL_PROXY: 'socks5h://p.example' }, 'socks5h://p.example'],
    ['http://a.example/', '', {}, null],
    ['http://a.example/', 'none', env, null],
    ['http://a.example/', 'https://q.example', env, 'https://q.example'],
    ['https://a.example/', '', { ...env, NO_PROXY: '*' }, null],
    ['https://www.a.example/', '', { ...env, no_proxy: 'b.example, a.example' }, null],
    ['https://www.a.example/', '', { ...env, no_proxy: '.a.example' }, null],
    ['https://www.a.example/', '', { ...env, no_proxy: '*.a.example' }, null],
    ['https://aa.example/', '', { ...env, no_proxy: 'a.example' }, 'http://user:pw@p.example:3128'],
    ['https://a.example/', '', { ...env, no_proxy: 'a.example:8443' }, 'http://user:pw@p.example:3128'],
    ['https://a.example:8443/', '', { ...env, no_proxy: 'a.example:8443' }, null],
    ['https://[2606:4700::1]/', '', { ...env, no_proxy: '2606:4700::1' }, null],
    ['https://[2606:4700::1]:1/', '', { ...env, no_proxy: '[2606:4700::1]' }, null]
  ])('of %s, setting “%s”, %o, is %s', async (url, setting, variables, expected) => {
    expect(await proxyFor(new URL(url), setting, { env: variables })).toBe(expected)
  })
  test('is read from the system for each address when the setting says so, else from the environment', async () => {
    const asked: string[] = []
    const systemProxy = (url: string): Promise<string> => {
      asked.push(url)
      return Promise.resolve(url.includes('//a.') ? 'PROXY pac.example:8080; DIRECT' : 'DIRECT')
    }
    const by = (url: string, setting: string): Promise<string | null> =>
      proxyFor(new URL(url), setting, { env, systemProxy })
    expect(await by('https://a.example/x', 'system')).toBe('http://pac.example:8080')
    expect(await by('https://b.example/', 'system')).toBeNull()
    expect(asked).toEqual(['https://a.example/x', 'https://b.example/'])
    expect(await by('https://a.example/', '')).toBe('http://user:pw@p.example:3128')
    expect(await by('https://a.example/', 'none')).toBeNull()
    expect(await proxyFor(new URL('https://a.example/'), 'system', { env })).toBe(
      'http://user:pw@p.example:3128'
    )
    expect(asked).toHaveLength(2)
  })
  test.each([
    ['DIRECT', null],
    ['', null],
    ['PROXY p.example:8080', 'http://p.example:8080'],
    ['proxy p.example:8080; DIRECT', 'http://p.example:8080'],
    ['HTTPS p.example:443;PROXY q.example:80', 'https://p.example:443'],
    ['SOCKS5 p.example:1080', 'socks5h://p.example:1080'],
    ['SOCKS p.example:1080', 'socks4a://p.example:1080'],
    ['PROXY [2001:db8::1]:8080', 'http://[2001:db8::1]:8080'],
    ['QUIC p.example:443', null],
    ['PROXY', null]
  ])('the system’s answer “%s” means %s', (answer, expected) => {
    expect(proxyOfSystem(answer)).toBe(expected)
  })
  test('must be of a supported kind, and its password is not shown', async () => {
    const wrong = proxyFor(new URL('http://a.example'), 'ftp://u:secret@p.example', { env: {} })
    await expect(wrong).rejects.toThrow(/ftp:\/\/p\.example/)
    await expect(wrong).rejects.not.toThrow(/secret/)
  })
})

test.each([
  ['https://x.org/a?b=1', '', 'https://x.org/a?b=1'],
  ['https://x.org/a?b=1', 'https://p.edu/login?url=', 'https://p.edu/login?url=https://x.org/a?b=1'],
  [
    'https://x.org/a?b=1',
    'https://p.edu/login?qurl=',
    'https://p.edu/login?qurl=https%3A%2F%2Fx.org%2Fa%3Fb%3D1'
  ],
  ['https://x.org/a', 'https://p.edu/%u/go', 'https://p.edu/https%3A%2F%2Fx.org%2Fa/go'],
  [
    'https://p.edu/login?url=https://x.org/',
    'https://p.edu/login?url=',
    'https://p.edu/login?url=https://x.org/'
  ]
])('%s behind the prefix “%s”', (url, prefix, expected) => {
  expect(withProxyPrefix(url, prefix)).toBe(expected)
})

test('traffic is redirected, the requested path stays', () => {
  const elsewhere = readConnectTo([
    { from: '*', to: 'http://127.0.0.1:1' },
    { from: 'https://A.example:443', to: 'https://mirror.example/ignored' }
  ])
  expect(elsewhere(new URL('https://a.example/x?y'))?.url.href).toBe('https://mirror.example/x?y')
  expect(elsewhere(new URL('https://b.example//x'))).toMatchObject({
    url: new URL('http://127.0.0.1:1//x'),
    headers: { Host: 'b.example', 'X-Forwarded-Host': 'b.example', 'X-Forwarded-Proto': 'https' }
  })
  expect(readConnectTo([])(new URL('https://b.example/'))).toBe(null)
})

test('headers of the caller override the defaults', () => {
  expect(requestHeaders('api', 'Sheaf/1', { accept: 'application/json', 'user-agent': 'other' })).toEqual({
    'Accept-Encoding': 'gzip, br',
    accept: 'application/json',
    'user-agent': 'other'
  })
})

test('answers of services and pages may be compressed, files are not', () => {
  const asked = (['api', 'landing', 'file'] as const).map(
    (purpose) => requestHeaders(purpose, 'Sheaf/1')['Accept-Encoding']
  )
  expect(asked).toEqual(['gzip, br', 'gzip, br', 'identity'])
})

test.each([
  ['ECONNRESET', 'CONNECTION_RESET'],
  ['EPIPE', 'CONNECTION_RESET'],
  ['ECONNREFUSED', 'CONNECTION_REFUSED'],
  ['EHOSTUNREACH', 'CONNECTION_REFUSED'],
  ['ENETUNREACH', 'CONNECTION_REFUSED'],
  ['ETIMEDOUT', 'TIMEOUT_CONNECT'],
  ['ENOTFOUND', 'DNS_FAILED'],
  ['EAI_AGAIN', 'DNS_FAILED'],
  ['CERT_HAS_EXPIRED', 'TLS_FAILED'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS_FAILED'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'TLS_FAILED'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS_FAILED'],
  ['EPROTO', 'TLS_FAILED'],
  ['HPE_INVALID_CONSTANT', 'BAD_ANSWER'],
  ['HPE_HEADER_OVERFLOW', 'BAD_ANSWER'],
  ['Z_DATA_ERROR', 'BAD_ANSWER'],
  ['Z_BUF_ERROR', 'TRUNCATED'],
  ['SOMETHING_NEW', 'BAD_ANSWER']
])('%s means %s, also when it is the cause of another', (code, expected) => {
  const error = Object.assign(new Error('x'), { code })
  for (const one of [error, new Error('wrapped', { cause: error }), new AggregateError([error])]) {
    const failure = failureFrom(one, { host: 'a.example', url: 'https://a.example/' })
    expect(failure).toMatchObject({ code: expected, facts: { code } })
    expect(failure.message).toMatch(/^a\.example .*\.$/)
  }
})
