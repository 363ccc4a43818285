/** Addresses as they are recorded and shown: without user names, passwords, keys, tokens and mail addresses. */
import { describe, expect, test } from 'vitest'
import { redactData, redactText, redactUrl } from '../../../src/contract/redact'

describe('an address', () => {
  test.each([
    ['https://user:pw@host.example/x', 'https://host.example/x'],
    ['https://user@host.example', 'https://host.example'],
    ['https://a@b:pw@host.example/x@y', 'https://host.example/x@y'],
    ['http://u:p%40w@proxy.example:8080', 'http://proxy.example:8080'],
    ['socks5://u:pw@127.0.0.1:9050', 'socks5://127.0.0.1:9050'],
    [
      'https://api.unpaywall.org/v2/10.5/x?email=ada%40example.org',
      'https://api.unpaywall.org/v2/10.5/x?email=***'
    ],
    ['https://a.example/?q=ada@example.org&n=1', 'https://a.example/?q=***&n=1'],
    ['https://a.example/?ada@example.org', 'https://a.example/?***'],
    ['https://a.example/?mailto=x', 'https://a.example/?mailto=***'],
    [
      'https://a.example/?api_key=1&API-KEY=2&apiKey=3&key=4',
      'https://a.example/?api_key=***&API-KEY=***&apiKey=***&key=***'
    ],
    [
      'https://a.example/?access_token=1&id_token=2&downloadToken=3',
      'https://a.example/?access_token=***&id_token=***&downloadToken=***'
    ],
    [
      'https://a.example/?X-Amz-Signature=1&X-Amz-Credential=2&X-Amz-Date=3',
      'https://a.example/?X-Amz-Signature=***&X-Amz-Credential=***&X-Amz-Date=3'
    ],
    ['https://a.example/?sv=1&sig=abc%3D', 'https://a.example/?sv=1&sig=***'],
    [
      'https://a.example/?AWSAccessKeyId=1&Expires=2&Signature=3',
      'https://a.example/?AWSAccessKeyId=***&Expires=2&Signature=***'
    ],
    [
      'https://a.example/?session=1&PHPSESSID=2&sid=3',
      'https://a.example/?session=***&PHPSESSID=***&sid=***'
    ],
    ['https://a.example/?pass%77ord=1', 'https://a.example/?pass%77ord=***'],
    ['https://a.example/x;jsessionid=ABC?y=1', 'https://a.example/x;jsessionid=***?y=1'],
    ['https://a.example/cb#access_token=1&state=2', 'https://a.example/cb#access_token=***&state=2'],
    [
      'https://proxy.edu/login?url=https://u:pw@a.example/?token=1',
      'https://proxy.edu/login?url=https://a.example/?token=***'
    ],
    [
      'https://proxy.edu/login?qurl=https%3A%2F%2Fu%3Apw%40a.example%2F',
      'https://proxy.edu/login?qurl=https%3A%2F%2Fa.example%2F'
    ]
  ])('%s', (url, shown) => {
    expect(redactUrl(url)).toBe(shown)
    expect(redactUrl(redactUrl(url))).toBe(shown)
  })
  test.each([
    'https://doi.org/10.1000/x',
    'https://a.example/x.pdf?download=1&file=abc&id=12#page=3',
    'https://mastodon.example/@ada/1',
    'manual:0123',
    ''
  ])('%s stays', (url) => {
    expect(redactUrl(url)).toBe(url)
  })
})

test('every address is redacted in a text and in data at every depth', () => {
  expect(redactText('“https://u:p@a.example/?key=1” and (http://b.example/?token=2).')).toBe(
    '“https://a.example/?key=***” and (http://b.example/?token=***'
  )
  const row = {
    result_json: '{"url":"https://u:p@a.example/?email=a%40b.org","n":1}',
    list: [{ at: 'https://u@c.example' }]
  }
  const shown = redactData(row) as typeof row
  expect(JSON.parse(shown.result_json)).toEqual({ url: 'https://a.example/?email=***', n: 1 })
  expect(shown.list).toEqual([{ at: 'https://c.example' }])
})

test('long invalid addresses are redacted quickly', () => {
  const began = performance.now()
  for (const text of [
    'a'.repeat(200_000),
    '://'.repeat(60_000),
    `https://${'@'.repeat(200_000)}`,
    `https://a?${'&='.repeat(60_000)}`,
    `https://a/${';sess'.repeat(40_000)}`
  ])
    redactText(text)
  expect(performance.now() - began).toBeLessThan(3_000)
})
