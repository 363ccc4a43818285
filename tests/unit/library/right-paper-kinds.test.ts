/**
 * Kinds of wrong papers that quote the wanted one or share its authors or words, and of true papers that look
 * wrong. Page one is given as lines with font sizes, as the PDF reader reports it.
 */
import { describe, expect, test } from 'vitest'
import { calledBy } from '../../../src/main/library/document-kind'
import { namesPeople } from '../../../src/main/library/people-in-head'
import type { WantedPaper } from '../../../src/main/library/right-paper'
import { asked, people, title, TITLE, verdict, verdictOf, type Line } from './page-one'

const otherTitle: Line = [18, 'Heat loss of greenhouse walls under driving rain']
const otherPeople: Line = [11, 'Ingrid Aalto and Rui Teixeira']

describe('a wrong paper that quotes the wanted one', () => {
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

describe('no large font shows the title', () => {
  const OTHERS: readonly Line[] = [
    [10, 'TRANSACTIONS OF THE EXAMPLE CLUB, VOL. 12'],
    [10, 'PERMEABILITY OF SINTERED GLASS AT LOW PRESSURE'],
    [10, 'BY P. RICCI AND A. DUARTE'],
    [10, 'Physical Laboratory, Exampleton'],
    ...Array.from({ length: 30 }, (): Line => [
      10,
      'The pressure was read at each step and the flow of the gas was found to be in line with it.'
    ])
  ]
  test('words and authors of another paper reject it', () => {
    expect(verdictOf(OTHERS)).toMatchObject({ verdict: 'mismatch', reason: 'other subject and people' })
    expect(verdict(OTHERS, asked({ title: 'The new ornithology' }))).toBe('mismatch')
    // One common name of four.
    const wanted = asked({ authors: ['Anna Halvorsen', 'Piet Roos', 'Karl Unger', 'Paula Ricci'] })
    expect(verdict(OTHERS, wanted)).toBe('mismatch')
  })
  test('without authors there is no evidence for another paper', () => {
    expect(verdict(OTHERS.filter(([, line]) => !line.startsWith('BY ')))).toBe('unsure')
  })
})

describe('titles that differ in a word are two titles', () => {
  const authors = ['Marta Kowalczyk', 'Jonas Lindqvist']
  test.each([
    [
      'Uptake of nitrate by the roots of floating plants in mice',
      'Uptake of nitrate by the roots of floating plants in rats'
    ],
    ['GOOSE: Reference Manual', 'HPC-GOOSE: Reference Manual'],
    ["User's Guide to Goose/GP", "User's Guide to the GOOSE library"],
    ['Animal population ecology', 'Applied population ecology'],
    ['Ecology or bio-ecology', 'The ecology of scrub']
  ])('%s: %s', (ours, theirs) => {
    const file: readonly Line[] = [
      [18, theirs],
      [11, authors.join(' and ')]
    ]
    expect(verdict(file, asked({ title: ours, authors }))).not.toBe('match')
    expect(verdict(file, asked({ title: theirs, authors }))).toBe('match')
    expect(
      verdict(
        [
          [18, ours],
          [11, authors.join(' and ')]
        ],
        asked({ title: theirs, authors })
      )
    ).not.toBe('match')
  })
  test.each([
    ['A well-known wellspring of CO2 in the Alps', 'A wellknown well-spring of CO 2 in the Alps'],
    ['Alpha-synuclein in the brain of geese', 'α-synuclein in the brain of geese'],
    ['Winter flocks of barnacle geese', 'Winter flocks of barnacle geese: a study of eleven polders'],
    ['Modelling the behaviour of tumour cells', 'Modeling the behavior of tumor cells']
  ])('spelling and subtitles do not make another title: %s', (ours, theirs) => {
    const file: readonly Line[] = [
      [18, theirs],
      [11, authors.join(' and ')]
    ]
    expect(verdict(file, asked({ title: ours, authors }))).toBe('match')
  })
  test('a short title and one common name with the same initial are no evidence', () => {
    const file: readonly Line[] = [
      [18, 'The new ecology'],
      [11, 'J. Wang and P. Roos']
    ]
    const wanted = asked({ title: 'The new ecology', authors: ['Jing Wang', 'Anna Berg', 'Karl Unger'] })
    expect(verdict(file, wanted)).not.toBe('match')
  })
})

describe('section names and journal mastheads are not kinds of documents', () => {
  test.each(['REVIEW', 'Correspondence', 'Commentary', 'PROCEEDINGS OF THE EXAMPLE ACADEMY OF SCIENCES'])(
    '%s above the title of a paper',
    (label) => {
      expect(verdict([[9, label], title, people])).toBe('match')
    }
  )
})

describe('authors at the top of a page', () => {
  test.each([
    'A title of some words\nPaolo Ricci1,*, Ana Duarte2',
    'A TITLE OF SOME WORDS\nBY J. E. BURKE AND O. PERISIC',
    'A title of some words\nGuerin GR, Andersen AN, Rossetto M',
    'A title of some words\nGuiying Zhao\nDepartment of Geography, Example University',
    'A title of some words\nWillem van der Berg; María de la Cruz',
    'A title of some words\nЮ. В. Иванов, А. П. Петрова'
  ])('%s', (page) => {
    expect(namesPeople(page)).toBe(true)
  })
  test.each([
    'Materials and methods of the field campaign\nThe samples were taken in May.',
    'University of Exampleton, Department of Biology, London',
    'A title of some words\nEdited by:\nMaria Silva, Wei Chen\nReviewed by: John Smith, Li Wang',
    'A title of some words\nPlant Ecology\n12 May 2014',
    'A title of some words\nAbstract\nAs Paolo Ricci, Ana Duarte\nfound before.'
  ])('none: %s', (page) => {
    expect(namesPeople(page)).toBe(false)
  })
})

describe('a document beside the paper is unsure, and named', () => {
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
  test('the article is unsure when its comment was asked for', () => {
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
  ])('a title that begins with such a word is a title: %s', (name) => {
    expect(verdict([[18, name], people], asked({ title: name }))).toBe('match')
  })
  test('words are read with the words after them', () => {
    expect(calledBy('Discussion paper series')?.kind).toBeUndefined()
    expect(calledBy('Supporting Information for')?.kind).toBe('supplement')
    expect(calledBy('Response to the Reviewers')?.kind).toBe('peer review')
  })
})

describe('the same in other languages, both ways round', () => {
  const KINDS: readonly (readonly [kind: string, title: string, heading: string])[] = [
    [
      'correction',
      'Alimentación invernal de los gansos en los pólderes',
      'Corrección a: «Alimentación invernal de los gansos en los pólderes»'
    ],
    [
      'reply',
      'Alimentación invernal de los gansos en los pólderes',
      'Respuesta a “Alimentación invernal de los gansos en los pólderes”'
    ],
    [
      'correction',
      'Alimentação invernal dos gansos nos pôlderes',
      'Errata: Alimentação invernal dos gansos nos pôlderes'
    ],
    [
      'comment',
      'Alimentação invernal dos gansos nos pôlderes',
      'Comentário sobre “Alimentação invernal dos gansos nos pôlderes”'
    ],
    [
      'correction',
      'Alimentation hivernale des oies dans les polders',
      'Rectificatif à « Alimentation hivernale des oies dans les polders »'
    ],
    [
      'reply',
      'Alimentation hivernale des oies dans les polders',
      'Réponse à : Alimentation hivernale des oies dans les polders'
    ],
    [
      'reply',
      'Winternahrung der Gänse in den Poldern',
      'Erwiderung auf: Winternahrung der Gänse in den Poldern'
    ],
    [
      'supplement',
      'Winternahrung der Gänse in den Poldern',
      'Zusatzmaterial zu „Winternahrung der Gänse in den Poldern“'
    ],
    [
      'comment',
      'Alimentazione invernale delle oche nei polder',
      'Commento a “Alimentazione invernale delle oche nei polder”'
    ],
    [
      'correction',
      'Зимнее питание гусей на осушенных польдерах',
      'Исправление к статье «Зимнее питание гусей на осушенных польдерах»'
    ],
    [
      'reply',
      'Зимнее питание гусей на осушенных польдерах',
      'Ответ на комментарий к статье «Зимнее питание гусей на осушенных польдерах»'
    ],
    ['correction', '围垦地白颊黑雁的冬季觅食研究', '“围垦地白颊黑雁的冬季觅食研究”一文的更正'],
    ['retraction', '围垦地白颊黑雁的冬季觅食研究', '关于《围垦地白颊黑雁的冬季觅食研究》的撤稿声明'],
    [
      'comment',
      '干拓地におけるカオジロガンの冬季採食',
      '「干拓地におけるカオジロガンの冬季採食」へのコメント'
    ],
    ['correction', '干拓地におけるカオジロガンの冬季採食', '訂正：干拓地におけるカオジロガンの冬季採食'],
    ['comment', '간척지 흰뺨기러기의 겨울 먹이', '“간척지 흰뺨기러기의 겨울 먹이”에 대한 논평'],
    ['correction', '간척지 흰뺨기러기의 겨울 먹이', '정정: 간척지 흰뺨기러기의 겨울 먹이'],
    ['reply', 'Zimowe żerowanie gęsi na polderach', 'Odpowiedź na: Zimowe żerowanie gęsi na polderach'],
    [
      'correction',
      'Zimowe żerowanie gęsi na polderach',
      'Sprostowanie do artykułu „Zimowe żerowanie gęsi na polderach”'
    ],
    ['correction', 'Kazların polderlerde kış beslenmesi', 'Düzeltme: Kazların polderlerde kış beslenmesi'],
    [
      'comment',
      'Kazların polderlerde kış beslenmesi',
      '“Kazların polderlerde kış beslenmesi” başlıklı makaleye yorum'
    ],
    [
      'correction',
      'التغذية الشتوية للإوز في الأراضي المستصلحة',
      'تصحيح: التغذية الشتوية للإوز في الأراضي المستصلحة'
    ],
    [
      'reply',
      'التغذية الشتوية للإوز في الأراضي المستصلحة',
      'رد على «التغذية الشتوية للإوز في الأراضي المستصلحة»'
    ],
    ['correction', 'Makanan musim dingin angsa di polder', 'Ralat: Makanan musim dingin angsa di polder'],
    [
      'reply',
      'Makanan musim dingin angsa di polder',
      'Tanggapan terhadap “Makanan musim dingin angsa di polder”'
    ]
  ]
  test.each(KINDS)('%s of %s', (kind, name, heading) => {
    const facts = { title: name }
    expect(verdictOf([[18, heading], people], asked(facts))).toMatchObject({
      verdict: 'unsure',
      reason: 'stands beside the paper'
    })
    expect(calledBy(heading)?.kind).toBe(kind)
    // The article is a match for itself, and none for the other document.
    expect(verdictOf([[18, name], people], asked(facts)).reason).not.toBe('stands beside the paper')
    expect(verdict([[18, name], people], asked({ title: heading }))).not.toBe('match')
  })
})

describe('a true paper is never rejected', () => {
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
