/**
 * Kinds of wrong papers that quote ours, share its people or its words, and of true papers that look
 * like wrong ones. Page one is given by its lines and their size of type, as the PDF reader sees it.
 */
import { describe, expect, test } from 'vitest'
import type { WorkFacts } from '../../../src/contract/work'
import { calledBy } from '../../../src/main/library/document-kind'
import { readLayout } from '../../../src/main/library/pdf-layout'
import { judgeRightPaper, type WantedPaper } from '../../../src/main/library/right-paper'

const TITLE = 'Winter feeding of barnacle geese on reclaimed polders'
const PEOPLE = ['Greta Halvorsen', 'Pieter Dijkstra']
const asked = (
  facts: WorkFacts = {},
  ids: WantedPaper['ids'] = { doi: '10.5555/geese.2014.11' }
): WantedPaper => ({
  ids,
  facts: { title: TITLE, authors: PEOPLE, year: 2014, ...facts }
})

const BODY = Array.from(
  { length: 24 },
  (_, n) =>
    `In week ${String(n)} the samples were taken at the same hour and the values were written down by two of us, as is usual in this field.`
)

type Line = readonly [size: number, text: string]
function verdictOf(lines: readonly Line[], wanted = asked(), pageCount = 6) {
  const items = [...lines, ...BODY.map((text): Line => [10, text])].map(([size, str]) => ({
    str,
    transform: [size, 0, 0, size, 0, 0],
    hasEOL: true
  }))
  const layout = readLayout(items)
  return judgeRightPaper(
    { pages: [layout.text], prominent: layout.prominent, runs: layout.runs, metadataTitle: null, pageCount },
    wanted
  )
}
const verdict = (...args: Parameters<typeof verdictOf>): string => verdictOf(...args).verdict

const title: Line = [18, TITLE]
const people: Line = [11, PEOPLE.join(' and ')]
const otherTitle: Line = [18, 'Heat loss of greenhouse walls under driving rain']
const otherPeople: Line = [11, 'Ingrid Aalto and Rui Teixeira']

describe('a wrong paper that quotes ours', () => {
  test.each<[string, readonly Line[]]>([
    [
      'in a footnote, with a DOI of its own',
      [
        [9, 'doi:10.7777/heat.5'],
        otherTitle,
        otherPeople,
        [8, `1 Halvorsen, G. and Dijkstra, P., ${TITLE}, Bird Lett. 3 (2014) 11.`]
      ]
    ],
    [
      'by its DOI in a list without a heading',
      [
        otherTitle,
        otherPeople,
        [9, `[1] Halvorsen G, Dijkstra P. ${TITLE}. https://doi.org/10.5555/geese.2014.11`]
      ]
    ],
    [
      'in a list of publications',
      [
        [18, 'Greta Halvorsen'],
        [14, 'Curriculum Vitae'],
        [10, `Halvorsen G, Dijkstra P (2014). ${TITLE}. doi:10.5555/geese.2014.11`]
      ]
    ]
  ])('%s', (_, lines) => {
    expect(verdict(lines)).not.toBe('match')
  })
})

describe('another paper', () => {
  test.each<[string, readonly Line[], WantedPaper | undefined]>([
    ['by others', [otherTitle, otherPeople], undefined],
    [
      'with one of our surnames',
      [[9, 'doi:10.7777/heat.5'], otherTitle, [11, 'Nils Halvorsen, Ana Prado and Ole Vik']],
      undefined
    ],
    [
      'with a town that is called like an author',
      [otherTitle, otherPeople, [9, 'Institute of Physics, Berlin']],
      asked({ authors: ['Jack Berlin', 'Anna Frost'] })
    ],
    [
      'with the arXiv stamp of another',
      [[10, 'arXiv:1501.00002v1 [q-bio.PE] 2 Jan 2015'], otherTitle, [11, 'Greta Halvorsen and Ines Prado']],
      asked({}, { arxiv: '1512.09999' })
    ],
    [
      'that shares the small words of its title',
      [[18, 'On the use of the wing and of the tail in the flight of the crane'], otherPeople],
      asked({ title: 'On the role of the root and of the shoot in the life of the reed' }, {})
    ]
  ])('%s is refused', (_, lines, wanted) => {
    expect(verdict(lines, wanted)).toBe('mismatch')
  })

  test.each<[string, readonly Line[], WantedPaper]>([
    ['the same title by others', [title, otherPeople], asked()],
    [
      'part II for part I',
      [[9, 'doi:10.5555/geese.2015.20'], [18, 'Geese of the polders. II. Breeding'], people],
      asked({ title: 'Geese of the polders. I. Wintering' })
    ],
    [
      'a word put in',
      [[18, 'Off-axis dense Reed numbers'], otherPeople],
      asked({ title: 'Off-axis Reed numbers' }, { arxiv: '2605.28001' })
    ],
    [
      'our title and people, but a DOI of the same house',
      [[9, 'https://doi.org/10.5555/geese.2013.07'], title, people],
      asked()
    ]
  ])('%s is no match', (_, lines, wanted) => {
    expect(verdict(lines, wanted)).not.toBe('match')
  })
})

describe('what stands beside the paper is unsure, and named', () => {
  test.each([
    `Corrections to “${TITLE}”`,
    `Author Correction: ${TITLE}`,
    `A comment on ${TITLE}`,
    `Authors' reply: ${TITLE}`,
    `Retraction notice to "${TITLE}"`,
    `Editorial Expression of Concern: ${TITLE}`,
    `Review of “${TITLE}”`,
    `Berichtigung zu: ${TITLE}`,
    `Fe de erratas: ${TITLE}`,
    `Erratum à : ${TITLE}`,
    `Errata corrige: ${TITLE}`,
    `Correzione a: ${TITLE}`,
    `Поправка: ${TITLE}`,
    `更正：${TITLE}`
  ])('%s', (heading) => {
    const answer = verdictOf([[18, heading], people])
    expect(answer).toMatchObject({ verdict: 'unsure', reason: 'stands beside the paper' })
    expect(answer.because).toContain(heading.slice(0, 2))
  })
  test.each([
    'Supplementary Appendix',
    'Supplemental Information',
    'Peer Review File',
    'Additional file 2',
    'Deposit licence',
    'Material suplementario',
    'Dear Editor,'
  ])('%s', (label) => {
    expect(verdictOf([[16, label], [12, TITLE], people, [9, 'doi:10.5555/geese.2014.11']])).toMatchObject({
      verdict: 'unsure',
      reason: 'stands beside the paper'
    })
  })
  test('and so is the article when the comment was asked for', () => {
    const wanted = asked({ title: `Comment on “${TITLE}”`, authors: ['Paolo Ricci'] })
    expect(verdict([title, people], wanted)).not.toBe('match')
    expect(
      verdict(
        [
          [18, `Comment on “${TITLE}”`],
          [11, 'Paolo Ricci']
        ],
        wanted
      )
    ).toBe('match')
  })
  test.each([
    'Correction of spectral bias in buoy records',
    'Discussion groups among nurses',
    'Response surfaces for drying kinetics',
    'Reviews of urban planning practice'
  ])('a title that begins so is a title: %s', (name) => {
    expect(verdict([[18, name], people], asked({ title: name }))).toBe('match')
  })
  test('words are read with what follows them', () => {
    expect(calledBy('Discussion paper series')?.kind).toBeUndefined()
    expect(calledBy('Supporting Information for')?.kind).toBe('supplement')
    expect(calledBy('Response to the Reviewers')?.kind).toBe('peer review')
  })
})

describe('a true paper is never refused', () => {
  test.each<[string, readonly Line[], WantedPaper]>([
    ['its title a picture, a heading large', [[13, 'Materials and methods of the field campaign']], asked()],
    [
      'the preprint’s DOI of the same house',
      [[9, 'doi:10.1101/2014.01.01.123456'], [18, 'Geese in winter'], people],
      { ids: { doi: '10.1101/gb.123456.114' }, facts: { title: 'A goose genome', authors: [] } }
    ],
    [
      'only a DOI known, the discussion’s printed',
      [[9, 'doi:10.5194/acpd-14-777-2014'], title, people],
      { ids: { doi: '10.5194/acp-15-1013-2015' }, facts: {} }
    ],
    ['renamed, by all of its people', [[18, 'Barnacle geese and the cost of grazing'], people], asked()],
    [
      'in Spanish, known by its English title',
      [[18, 'Alimentación invernal de la barnacla cariblanca en los pólderes'], people],
      asked()
    ],
    [
      'letters in cipher',
      [
        [18, 'É»·ÉÅÄ·Â ½ÈÅÍÊ¾ Å¼ ÃÅÉÉ»É ÅÄ ÄÅÈÊ¾'],
        ...Array.from({ length: 30 }, (): Line => [10, 'E¼¼»¹Ê Í·Ê»È Ê¾» È·Ê» Í»È» Â»Ì»Â ÃÅº»Â Å¼ ÄÅÊ Ê¾·Ê'])
      ],
      asked()
    ]
  ])('%s', (_, lines, wanted) => {
    expect(verdict(lines, wanted)).not.toBe('mismatch')
  })
  test('an arXiv preprint of a work known by its DOI matches', () => {
    expect(verdict([[10, 'arXiv:1405.01234v2 [q-bio.PE] 5 May 2014'], title, people])).toBe('match')
  })
})
