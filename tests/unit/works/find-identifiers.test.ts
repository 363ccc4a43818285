/** Identifiers in running text, by line, each once, and nothing dropped silently. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findIdentifiers, workIdOf } from '../../../src/main/works/works'

/** `line name` for each find. */
function check(text: string, expected: readonly string[]): void {
  const { found } = findIdentifiers(text)
  expect(
    found.map(({ line, ids, namedBy }) => `${line} ${'url' in ids ? ids.url : workIdOf(ids, namedBy)}`)
  ).toEqual(expected)
}

describe('a line of words', () => {
  it.each<[string, readonly string[]]>([
    ['Smith J. (2020) Things. https://doi.org/10.1000/abc.1. Accessed 2021.', ['1 doi:10.1000/abc.1']],
    [
      'see doi:10.1000/abc.1, and (10.1000/abc.2) or 10.1000/abc(3).',
      ['1 doi:10.1000/abc.1', '1 doi:10.1000/abc.2', '1 doi:10.1000/abc(3)']
    ],
    ['10.1000/a,10.1000/b;10.1000/c', ['1 doi:10.1000/a', '1 doi:10.1000/b', '1 doi:10.1000/c']],
    ['<a href="https://doi.org/10.1000/a">10.1000/a</a>', ['1 doi:10.1000/a']],
    ['[10.1000/a](https://doi.org/10.1000/a)', ['1 doi:10.1000/a']],
    ['\\href{https://doi.org/10.1000/a}{10.1000/b}', ['1 doi:10.1000/a', '1 doi:10.1000/b']],
    [
      'in 10.1002/(SICI)1097-4547(19960215)43:4<439::AID-JNR5>3.0.CO;2-G.',
      ['1 doi:10.1002/(sici)1097-4547(19960215)43:4<439::aid-jnr5>3.0.co;2-g']
    ],
    ['Vaswani et al. arXiv preprint arXiv:1706.03762 (2017).', ['1 arxiv:1706.03762']],
    ['arXiv 1706.03762v5, 2017', ['1 arxiv:1706.03762']],
    ['pages 1203.1234 and 1706.03762', []],
    ['J. Maldacena, hep-th/9711200; math.GT/0309136v1', ['1 arxiv:hep-th/9711200', '1 arxiv:math/0309136']],
    ['PMID: 23175652; PMCID: PMC3531190', ['1 pmcid:PMC3531190']],
    ['doi: 10.1093/nar/gks1195. PMID: 23175652; PMCID: PMC3531190.', ['1 doi:10.1093/nar/gks1195']],
    ['W2741809807 and https://openalex.org/W2741809808', ['1 W2741809807', '1 W2741809808']],
    ['see https://www.example.org/a_(b), then', ['1 https://www.example.org/a_(b)']],
    ['参见（https://doi.org/10.1000/abc）。', ['1 doi:10.1000/abc']],
    ['the number 10.1000 is no DOI, nor is 110.1000/x', []]
  ])('%s', check)

  it('keeps all identifiers of one PubMed citation together', () => {
    const { found } = findIdentifiers('doi: 10.1093/nar/gks1195. PMID: 23175652; PMCID: PMC3531190.')
    expect(found.map(({ ids }) => ids)).toEqual([
      { doi: '10.1093/nar/gks1195', pmid: '23175652', pmcid: 'PMC3531190' }
    ])
  })
})

describe('a DOI cut off at the end of its line', () => {
  it.each<[string, readonly string[], readonly number[]]>([
    ['10.1000/\nabc', ['1 doi:10.1000/abc'], []],
    ['https://doi.org/\n10.1000/abc', ['1 doi:10.1000/abc'], []],
    ['10.48550/\narXiv.2401.00001', ['1 doi:10.48550/arxiv.2401.00001'], []],
    ['10.1000/\n10.1000/next\n10.1000/after', ['2 doi:10.1000/next', '3 doi:10.1000/after'], [1]],
    ['10.1000/\n10.1000/next;10.1000/b', ['2 doi:10.1000/next', '2 doi:10.1000/b'], [1]],
    ['10.1000/\n10.1000/\n10.1000/after', ['3 doi:10.1000/after'], [1, 2]],
    ['10.1000/\nhttps://example.org/a', ['2 https://example.org/a'], [1]],
    ['10.1000/\narXiv:2401.00001', ['2 arxiv:2401.00001'], [1]],
    ['https://doi.org/10.1000/\nPMC3531190', ['2 pmcid:PMC3531190'], [1]],
    ['doi:10.1000/\nPMID: 23175652', ['2 pmid:23175652'], [1]]
  ])('%j', (text, expected, lost) => {
    const { found, notUnderstood } = findIdentifiers(text)
    const named = found.map(({ line, ids: { url, pmid, ...ids } }) =>
      [line, url ?? (pmid === undefined ? workIdOf(ids) : `pmid:${pmid}`)].join(' ')
    )
    expect(named).toEqual(expected)
    expect(notUnderstood.map(({ line }) => line)).toEqual(lost)
    for (const { code } of notUnderstood) expect(code).toBe('BAD_IDENTIFIER')
  })
})

describe('a pasted text', () => {
  it('finds identifiers in order, once, with lines, for any line ends', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      check(
        [
          '10.1000/a',
          '',
          'and https://doi.org/10.1000/A again',
          'arXiv:2401.00001',
          '10.48550/arXiv.2401.00001'
        ].join(end),
        ['1 doi:10.1000/a', '4 arxiv:2401.00001']
      )
    }
  })
  it('counts repeated identifiers', () => {
    expect(findIdentifiers('10.1000/a\n10.1000/A').repeated).toBe(1)
  })
  it('joins an address that is broken by a line end', () => {
    check('Things. https://doi.org/10.1016/\nj.addr.2015.01.008. More\nhttps://doi.org/\n10.1000/b', [
      '1 doi:10.1016/j.addr.2015.01.008',
      '3 doi:10.1000/b'
    ])
  })
  it('reports the lines without an identifier, and why', () => {
    const { notUnderstood } = findIdentifiers(
      '10.1000/a\n\nJust words here\nISBN 978-3-16-148410-0\n12345\nftp://x.org/a'
    )
    expect(notUnderstood.map(({ line, code }) => [line, code])).toEqual([
      [3, 'BAD_LINE'],
      [4, 'ISBN_NOT_SUPPORTED'],
      [5, 'BAD_IDENTIFIER'],
      [6, 'BAD_URL']
    ])
  })
  it('every non-empty line is found, repeated or not understood; never an exception', () => {
    const word = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        '10.1000/a',
        'https://doi.org/',
        'doi:',
        '10.1016/',
        'PMID: 1',
        'arXiv:2401.00001v2',
        '<',
        ')',
        'ISBN 9783161484100'
      )
    )
    const line = fc.array(word, { maxLength: 5 }).map((words) => words.join(' '))
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const { found, notUnderstood } = findIdentifiers(lines.join('\n'))
        const numbers = [...found, ...notUnderstood].map(({ line: number }) => number)
        expect(Math.max(0, ...numbers)).toBeLessThanOrEqual(lines.join('\n').split(/\r\n|\r|\n/).length)
        expect([...notUnderstood].every(({ text }) => text !== '')).toBe(true)
      })
    )
  })
})
