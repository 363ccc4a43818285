/**
 * Whether a file is the paper that was asked for. A wrong `mismatch` costs the user a good paper, a wrong
 * `match` files another one; both are tried with texts of real first pages.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Identifiers, WorkFacts } from '../../../src/contract/work'
import type { PdfText } from '../../../src/main/library/pdf-text'
import { judgeRightPaper } from '../../../src/main/library/right-paper'

const ours: { ids: Identifiers; facts: WorkFacts } = {
  ids: { doi: '10.1234/geo.2019.057', arxiv: '1905.01234' },
  facts: {
    title: 'Sediment transport in alpine rivers under a changing climate',
    authors: ['Müller, Jörg', 'Ana de la Cruz', 'Nakamura K.'],
    year: 2019
  }
}
const BODY =
  'We measured the load of eleven streams over four years. The stations lie between 900 and 2100 metres. ' +
  'Samples were taken every week and after every flood, dried, weighed and sieved. The load grew with the ' +
  'square of the flow in most of them, and the finest grains moved first. These findings agree with earlier ' +
  'work and extend it to steeper beds. What remains open is how far vegetation slows the movement in summer. ' +
  'The differences between the years were larger than those between the streams, as one would expect.\n'

const page = (
  head: string,
  prominent: readonly string[] = [],
  metadataTitle: string | null = null
): PdfText => ({
  pages: [`${head}\n${BODY}`, BODY],
  prominent,
  metadataTitle
})
const verdict = (text: PdfText, wanted = ours): string => judgeRightPaper(text, wanted).verdict
const OTHER_TITLE = 'Breeding success of urban blackbirds near railway lines'

describe('match', () => {
  test.each([
    [
      'the title with one author',
      'Sediment transport in alpine rivers under a changing climate\nJörg Müller'
    ],
    [
      'the title over two lines, parted by a hyphen',
      'Sediment trans-\nport in alpine rivers\nunder a changing cli-\nmate\nJ. Müller'
    ],
    ['capitals', 'SEDIMENT TRANSPORT IN ALPINE RIVERS UNDER A CHANGING CLIMATE\nK. NAKAMURA'],
    [
      'letter-spaced capitals',
      'S E D I M E N T  T R A N S P O R T  I N  A L P I N E  R I V E R S  U N D E R  A  C H A N G I N G  C L I M A T E\nJ Ö R G  M Ü L L E R'
    ],
    [
      'ligatures and errors of reading',
      'Sedirnent transport in alpine nvers under a changing c1imate\nJorg Muller'
    ],
    [
      'a footnote mark in the title',
      'Sediment transport in alpine rivers1 under a changing climate*\nJ. Müller1,2'
    ],
    ['the DOI alone', 'Some head\nhttps://doi.org/10.1234/geo.2019.057'],
    ['the DOI over a line end', 'doi:10.1234/\ngeo.2019.057 received 4 May'],
    ['the DOI in capitals', 'DOI 10.1234/GEO.2019.057'],
    ['arXiv’s stamp', 'arXiv:1905.01234v2 [physics.geo-ph] 3 May 2019']
  ])('%s', (_, head) => {
    expect(verdict(page(head))).toBe('match')
  })
  test.each([
    'arXiv:math.GT/0309136v1 8 Sep 2003',
    'arXiv:math.GT/0309136 v1 [math.GT] 8 Sep 2003',
    'arXiv:math/0309136v2 [math.GT]'
  ])('a stamp of before 2007: %s', (stamp) => {
    const wanted = { ids: { arxiv: 'math/0309136' }, facts: {} }
    expect(verdict(page(stamp), wanted)).toBe('match')
    expect(verdict(page(stamp.replace('136', '137')), wanted)).toBe('unsure')
  })
  test('the title in the largest letters only', () => {
    expect(verdict(page('J. Müller', ['Sediment transport in alpine rivers under a changing climate']))).toBe(
      'match'
    )
  })
  test('after the cover page of a repository', () => {
    const text: PdfText = {
      pages: [
        'Repository of the University\nThis is the author’s version of a work.\n' + BODY,
        `${ours.facts.title ?? ''}\nJ. Müller\n${BODY}`
      ],
      prominent: ['Repository of the University of Somewhere'],
      metadataTitle: null
    }
    expect(verdict(text)).toBe('match')
  })
  test("a preprint's own DOI does not make it another paper", () => {
    expect(verdict(page(`${ours.facts.title ?? ''}\nJörg Müller\nhttps://doi.org/10.31223/x5abc`))).toBe(
      'match'
    )
  })
  test('markup in the expected title', () => {
    const wanted = {
      ids: {},
      facts: {
        title: 'Effects of CO<sub>2</sub> on <i>Escherichia coli</i> growth in $\\alpha$-phase',
        authors: ['Li Wei']
      }
    }
    expect(verdict(page('Effects of CO2 on Escherichia coli growth in α-phase\nWei Li'), wanted)).toBe(
      'match'
    )
  })
  test('a Chinese title', () => {
    const wanted = { ids: {}, facts: { title: '高山河流泥沙输移研究', authors: ['李伟'] } }
    expect(
      verdict(
        {
          pages: [`高山河流泥沙输移研究\n李伟\n${'我们在四年中测量了十一条河流的输沙量。'.repeat(40)}`],
          prominent: [],
          metadataTitle: null
        },
        wanted
      )
    ).toBe('match')
  })
})

describe('mismatch', () => {
  test('another title in the largest letters, and nothing of the wanted paper', () => {
    const answer = judgeRightPaper(page(`${OTHER_TITLE}\nP. Smith, Q. Jones`, [OTHER_TITLE]), ours)
    expect(answer.verdict).toBe('mismatch')
    expect(answer.because).toContain(OTHER_TITLE)
    expect(answer.evidence).toMatchObject({ found: { ourDoi: false, authors: '0 of 3' } })
  })
  test('another DOI of its own, and nothing of the wanted paper', () => {
    expect(verdict(page(`${OTHER_TITLE}\nP. Smith\nhttps://doi.org/10.5555/birds.2`))).toBe('mismatch')
  })
  test('the next paper in the same journal, by one of the authors', () => {
    expect(
      verdict(
        page(`Flow of ice over hard beds\nJ. Müller\ndoi: 10.1234/geo.2018.056`, [
          'Flow of ice over hard beds'
        ])
      )
    ).toBe('mismatch')
  })
  test('a DOI that begins like the wanted one', () => {
    expect(verdict(page(`${OTHER_TITLE}\nP. Smith\nhttps://doi.org/10.1234/geo.2019.0578`))).toBe('mismatch')
  })
  test('another arXiv paper', () => {
    expect(verdict(page(`arXiv:2001.09999v1 [q-bio.PE] 2 Jan 2020\n${OTHER_TITLE}\nP. Smith`))).toBe(
      'mismatch'
    )
  })
  test('a paper that only cites the wanted one', () => {
    const text: PdfText = {
      pages: [
        `${OTHER_TITLE}\nP. Smith\nhttps://doi.org/10.5555/birds.2\n${BODY}\nReferences\n1. Müller J. ${ours.facts.title ?? ''}. doi:10.1234/geo.2019.057`
      ],
      prominent: [OTHER_TITLE],
      metadataTitle: null
    }
    expect(verdict(text)).toBe('mismatch')
  })
})

describe('unsure', () => {
  test.each([
    ['a scan', { pages: ['', ''], prominent: [], metadataTitle: null }],
    [
      'little text',
      { pages: ['Page 1'], prominent: ['Some other long heading of a page'], metadataTitle: null }
    ],
    ['text without a title', page('')],
    ['the title and none of its authors', page(`${ours.facts.title ?? ''}\nP. Smith`)],
    [
      'a journal’s head and no title',
      page('Journal of Rivers', ['JOURNAL OF RIVERS', 'Journal of the International Society of Rivers'])
    ],
    [
      'another title, but our authors',
      page('Bedload in mountain streams\nJörg Müller, A. de la Cruz, K. Nakamura', [
        'Bedload in mountain streams'
      ])
    ],
    [
      'a correction of our paper',
      page(`Correction to: ${ours.facts.title ?? ''}\nJ. Müller\nhttps://doi.org/10.1234/geo.2019.057`, [
        `Correction to: ${ours.facts.title ?? ''}`
      ])
    ],
    [
      'a comment on our paper',
      page(`Comment on “${ours.facts.title ?? ''}”\nP. Smith`, [
        `Comment on “${ours.facts.title ?? ''}” by Müller`
      ])
    ]
  ] satisfies [string, PdfText][])('%s', (_, text) => {
    expect(verdict(text)).toBe('unsure')
  })
  test('only a DOI is known, and the page has none', () => {
    expect(
      verdict(page(OTHER_TITLE, [OTHER_TITLE]), { ids: { doi: '10.1234/geo.2019.057' }, facts: {} })
    ).toBe('unsure')
  })
  test('only a DOI is known, and the page has that of a repository', () => {
    expect(
      verdict(page(`${OTHER_TITLE}\ndoi:10.5281/zenodo.1`, [OTHER_TITLE]), {
        ids: { doi: '10.1234/geo.2019.057' },
        facts: {}
      })
    ).toBe('unsure')
  })
  test('nothing is known', () => {
    expect(verdict(page(OTHER_TITLE, [OTHER_TITLE]), { ids: {}, facts: {} })).toBe('unsure')
  })
  test('a short title that may occur anywhere', () => {
    expect(
      verdict(page('Editorial\nP. Smith', ['Editorial of this issue']), {
        ids: {},
        facts: { title: 'Editorial', authors: ['A. Other'] }
      })
    ).toBe('unsure')
  })
  test('a translation in another script', () => {
    const text: PdfText = {
      pages: ['Перенос наносов в горных реках. '.repeat(40)],
      prominent: ['Перенос наносов в горных реках при изменении климата'],
      metadataTitle: null
    }
    expect(verdict(text)).toBe('unsure')
  })
  test('a font without a ToUnicode table gives unreadable text, not another paper', () => {
    const cipher = (text: string): string =>
      text.replace(/[a-z]/gi, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 65 + 7) % 26) + 65))
    const title = cipher(ours.facts.title ?? '')
    expect(verdict({ pages: [cipher(BODY + BODY)], prominent: [title], metadataTitle: null })).toBe('unsure')
  })
  test("a related article's DOI is no evidence against it", () => {
    expect(verdict(page('Related article: https://doi.org/10.1234/geo.2019.001\nsome text'))).toBe('unsure')
  })
})

describe('properties', () => {
  const word = fc.stringMatching(/^[a-z]{4,10}$/)
  test("a work's own title always matches, however the lines break", () => {
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 5, maxLength: 14 }),
        fc.infiniteStream(fc.boolean()),
        (words, breaks) => {
          const title = words.join(' ')
          const broken = words.map((one) => one + (breaks.next().value === true ? '\n' : ' ')).join('')
          return (
            verdict(page(`Journal 12 (2020)\n${broken}\nA. Nobody`), { ids: {}, facts: { title } }) ===
            'match'
          )
        }
      ),
      { numRuns: 60 }
    )
  })
  test('any text gets a verdict, and an empty page is never a mismatch', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.string({ maxLength: 80 }), (text, title) => {
        return (
          verdict(
            { pages: [text], prominent: [text.slice(0, 50)], metadataTitle: text },
            { ids: { doi: '10.1/x' }, facts: { title } }
          ) !== 'mismatch'
        )
      }),
      { numRuns: 100 }
    )
  })
})

describe('the share of the title that was found, in words', () => {
  const one = { ...ours, facts: { ...ours.facts, authors: ['Müller, Jörg'] } }
  const because = (head: string, wanted = ours): string => judgeRightPaper(page(head), wanted).because
  test.each([
    ['', one, /^Neither its title nor its author was found/],
    ['', ours, /^Neither its title nor its authors were found/],
    ['Jörg Müller', one, /^\d+ % of its title was found, and its author/],
    [
      'Sediment transport in alpine rivers, a report',
      one,
      /^\d+ % of its title was found, but not its author/
    ]
  ])('%j', (head, wanted, sentence) => {
    expect(because(head, wanted)).toMatch(sentence)
  })
})
