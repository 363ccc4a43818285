/** The words found, with the text around them. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseQuery } from '../../../src/main/search/query'
import { MARK_BEGIN, MARK_END } from '../../../src/main/search/search'
import { snippetOf } from '../../../src/main/search/snippet'

const shown = (text: string, query: string): string | null =>
  snippetOf(text, parseQuery(query))?.replaceAll(MARK_BEGIN, '[').replaceAll(MARK_END, ']') ?? null

describe('a snippet', () => {
  test.each([
    ['We use attention here.', 'attention', 'We use [attention] here.'],
    ['We use attentions here.', 'attention', 'We use [attentions] here.'],
    ['We use attentions here.', 'attention ', null],
    ['Le résumé de Müller', 'muller resume', 'Le [résumé] de [Müller]'],
    ['deep learning and learning', '"deep learning"', '[deep learning] and learning'],
    ['see 10.1000/abc.', '10.1000/abc', 'see [10.1000/abc].'],
    ['nothing of it', 'attention', null],
    ['several   lines\nof text', 'text', 'several lines of [text]']
  ])('of %j for %j is %j', (text, query, wanted) => {
    expect(shown(text, query)).toBe(wanted)
  })

  test('shows where most of the words are close together, and marks omitted text', () => {
    const filler = 'lorem ipsum dolor sit amet '.repeat(30)
    const text = `alpha ${filler}beta and alpha near beta ${filler}end`
    expect(shown(text, 'alpha beta end')).toMatch(/^… .*\[beta\] and \[alpha\] near \[beta\].* …$/)
  })

  test('never takes characters of the text for marks', () => {
    const text = `a ${MARK_BEGIN}trap${MARK_END} with attention`
    expect(shown(text, 'attention')).toBe('a trap with [attention]')
  })

  test('is never an error, and its marks always pair', () => {
    const words = fc.string({ unit: 'binary', maxLength: 300 })
    fc.assert(
      fc.property(words, words, (text, query) => {
        const found = snippetOf(text, parseQuery(query)) ?? ''
        // eslint-disable-next-line no-control-regex -- the marks are control characters
        expect(found.replace(/[^\u0002\u0003]/g, '')).toMatch(/^(?:\u0002\u0003)*$/)
      })
    )
  })
})
