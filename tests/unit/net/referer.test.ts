/** The referer that the next server gets. */
import { expect, test } from 'vitest'
import { withFittingReferer } from '../../../src/main/net/headers'

const sent = (page: string, to: string): string | undefined =>
  withFittingReferer({ Referer: page, Accept: '*/*' }, new URL(to))['Referer']

test.each([
  ['https://a.example/x?session=1#frag', 'https://a.example/p.pdf', 'https://a.example/x?session=1'],
  ['https://u:pw@a.example/x', 'https://a.example/p.pdf', 'https://a.example/x'],
  ['https://a.example/x?session=1', 'https://cdn.example/p.pdf', 'https://a.example/'],
  [
    'https://a.example/x?session=1',
    'https://a.example:8443/p.pdf',
    'https://a.example:8443/'.replace(':8443', '')
  ],
  ['https://a.example/x?session=1', 'https://sub.a.example/p.pdf', 'https://a.example/'],
  ['http://a.example/x?session=1', 'https://a.example/p.pdf', 'http://a.example/']
])('%s → %s: %s', (page, to, referer) => {
  expect(sent(page, to)).toBe(referer)
})
test.each([
  ['https://a.example/x', 'http://a.example/p.pdf'],
  ['https://a.example/x', 'http://cdn.example/p.pdf'],
  ['http://a.example/x', 'http://cdn.example/p.pdf'],
  ['file:///home/ada/x.html', 'https://a.example/p.pdf'],
  ['no address', 'https://a.example/p.pdf']
])('%s → %s: nothing', (page, to) => {
  expect(sent(page, to)).toBeUndefined()
})
test("the header's case does not matter", () => {
  expect(withFittingReferer({ referer: 'https://a.example/x?y' }, new URL('https://b.example/'))).toEqual({
    referer: 'https://a.example/'
  })
})
