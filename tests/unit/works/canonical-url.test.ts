/** The canonical spelling of an address (docs/design.md §4). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSheafError } from '../../../src/contract/errors'
import { canonicalUrl } from '../../../src/main/works/works'

function check(text: string, expected: string): void {
  expect(canonicalUrl(text)).toBe(expected)
}

describe('canonicalUrl', () => {
  it.each([
    ['HTTP://Example.ORG', 'http://example.org/'],
    ['https://example.org:443/x', 'https://example.org/x'],
    ['http://example.org:80/x', 'http://example.org/x'],
    ['https://example.org:8443/x', 'https://example.org:8443/x'],
    ['https://example.org/a/./b/../c', 'https://example.org/a/c'],
    ['https://example.org/a/%2e%2E/c', 'https://example.org/c'],
    ['https://bücher.example/é', 'https://xn--bcher-kva.example/%C3%A9'],
    ['https://例え.jp/論文.pdf', 'https://xn--r8jz45g.jp/%E8%AB%96%E6%96%87.pdf'],
    ['https://example.org/%7euser/%41%2d%5f%2Fx', 'https://example.org/~user/A-_%2Fx'],
    ['https://example.org/a%2fb%3a', 'https://example.org/a%2Fb%3A'],
    ['https://example.org/?b=2&a=1&b=%7e%c3%a9', 'https://example.org/?b=2&a=1&b=~%C3%A9'],
    ['https://example.org/?q=a+b&&=x', 'https://example.org/?q=a+b&&=x'],
    ['https://example.org/x?', 'https://example.org/x?'],
    ['https://example.org/x#frag', 'https://example.org/x'],
    ['https://example.org/x#', 'https://example.org/x'],
    ['https://example.org/100%/x?y=50%', 'https://example.org/100%/x?y=50%'],
    ['https://example.org/%%34%31', 'https://example.org/%%341'],
    ['  https://example.org/a b\n', 'https://example.org/a%20b'],
    ['https:\\\\example.org\\a', 'https://example.org/a'],
    ['https://u:p%41@example.org/', 'https://u:p%41@example.org/'],
    ['https://example.org/?utm_source=x&id=5', 'https://example.org/?utm_source=x&id=5']
  ])('%s', check)

  it.each([
    '',
    'example.org',
    'ftp://example.org/',
    'file:///x',
    'javascript:1',
    'https://',
    'https://a b/',
    '10.1/x'
  ])('refuses %j with a reason', (text) => {
    try {
      canonicalUrl(text)
      expect.unreachable()
    } catch (error) {
      expect(isSheafError(error, 'BAD_URL')).toBe(true)
    }
  })

  it.each([
    ['https://x.org/a?utm_source=n&id=5&fbclid=Z', 'https://x.org/a?id=5'],
    ['https://x.org/a?UTM_Campaign=n&gclid=1', 'https://x.org/a'],
    ['https://x.org/a?%75tm_source=n&b=%7e', 'https://x.org/a?b=~'],
    ['https://x.org/a?source=web&ref=1', 'https://x.org/a?source=web&ref=1'],
    ['https://x.org/a', 'https://x.org/a']
  ])('drops trackers on request: %s', (text, expected) => {
    expect(canonicalUrl(text, { dropTrackers: true })).toBe(expected)
  })

  const awkward = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '%',
          '%4',
          '%41',
          '%2e',
          '%2F',
          '.',
          '..',
          '/',
          '\\',
          '?',
          '&',
          '=',
          '+',
          "'",
          '|',
          '^',
          '{',
          '#',
          '%25'
        ),
        fc.string({ maxLength: 3, unit: 'binary' })
      ),
      { maxLength: 15 }
    )
    .map((parts) => `https://Example.org/${parts.join('')}`)
  it('a canonical address stays as it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.webUrl({ withFragments: true, withQueryParameters: true }), awkward),
        (text) => {
          for (const dropTrackers of [false, true]) {
            const once = canonicalUrl(text, { dropTrackers })
            expect(canonicalUrl(once, { dropTrackers })).toBe(once)
            expect(once).not.toContain('#')
          }
        }
      ),
      { numRuns: 2_000 }
    )
  })
  it('names the same resource: the decoded path and query do not change', () => {
    fc.assert(
      fc.property(awkward, (text) => {
        const before = new URL(text)
        const after = new URL(canonicalUrl(text))
        expect([...after.searchParams]).toEqual([...before.searchParams])
        expect(after.host).toBe(before.host)
      })
    )
  })
})
