/** How typed text becomes a query; no text is an error. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchOf, parseQuery } from '../../../src/main/search/query'

const shown = (text: string): string[] => parseQuery(text).map(matchOf)

describe('a query', () => {
  test.each<[string, string[]]>([
    ['', []],
    ['   \t\n', []],
    ['attention', ['"attention*"']],
    ['attention ', ['"attention"']],
    ['Deep learn', ['"deep"', '"learn*"']],
    ['"deep learning"', ['"deep learning"']],
    ['“deep learning” nets', ['"deep learning"', '"nets*"']],
    ['"deep learn', ['"deep learn*"']],
    ['Müller résumé', ['"muller"', '"resume*"']],
    ['10.1000/abc.1', ['"10 1000 abc 1"']],
    ['self-attention x', ['"self attention"', '"x"']],
    ['a', ['"a"']],
    ['title:foo', ['"title foo*"']],
    ['OR AND NOT NEAR/2 -x *', ['"or"', '"and"', '"not"', '"near 2"', '"x"']],
    ['(((', []],
    ['ﬁlter', ['"filter*"']],
    ['深層学習', ['"深 層 学 習*"']],
    ['graph 学', ['"graph"', '"学*"']]
  ])('%j is %j', (text, terms) => {
    expect(shown(text)).toEqual(terms)
  })

  test('has only letters, combining marks and digits between its quotes, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        for (const term of shown(text)) expect(term).toMatch(/^"[\p{L}\p{N}\p{M} ]+\*?"$/u)
      })
    )
  })
})
