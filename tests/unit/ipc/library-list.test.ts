/** Which papers a query shows, their order, and what the facets count. */
import { describe, expect, test } from 'vitest'
import { noteChangeOf } from '../../../src/main/engine/list-change'
import { choosePapers, matchFacts, sortPapers, type Hit } from '../../../src/main/ipc/library-list'
import { citationLine, identifierOf } from '../../../src/main/ipc/library-views'
import { licenseLabel } from '../../../src/main/ipc/library-words'
import { readRange } from '../../../src/main/ipc/page-bytes'
import type { CatalogPaper } from '../../../src/main/sheaf-api'

let count = 0
function paper(facts: Partial<CatalogPaper>): CatalogPaper {
  count += 1
  const id = facts.artifactId ?? `paper-${String(count)}`
  return {
    artifactId: id,
    workId: `doi:10.5555/${id}`,
    jobId: null,
    title: null,
    authors: [],
    year: null,
    venue: null,
    type: null,
    ids: { doi: `10.5555/${id}` },
    source: 'arxiv',
    license: null,
    version: null,
    url: null,
    verdict: 'match',
    format: 'pdf',
    sha256: '0'.repeat(64),
    bytes: 10,
    pages: 1,
    addedAt: count,
    path: 'objects/00/0.pdf',
    paperPath: null,
    runId: null,
    recorded: true,
    ...facts
  }
}

const papers = [
  paper({ artifactId: 'b', title: 'Éclair', authors: ['van Dam, A.'], year: 2001, license: 'cc-by' }),
  paper({
    artifactId: 'a',
    title: '“Zebra”',
    authors: ['Abe, Kenji'],
    year: 2001,
    source: 'pmc',
    runId: 'r1'
  }),
  paper({ artifactId: 'c', title: null, year: null, license: 'cc-by', runId: 'r2' }),
  paper({ artifactId: 'd', title: 'apple', authors: ['Müller, Jürgen'], year: 1999, source: 'pmc' })
]
const runs = new Map([
  ['r1', 100],
  ['r2', 200]
])
const ids = (shown: readonly CatalogPaper[]): string => shown.map((one) => one.artifactId).join('')

describe('a list that changed a little', () => {
  const sorts = ['added', 'title', 'author', 'year', 'venue'] as const
  const titles = ['Alpha', 'beta', 'Éclair', null]
  const random = (n: number): CatalogPaper =>
    paper({
      title: titles[(n * 7) % 4] ?? null,
      year: n % 3 === 0 ? null : 2000 + (n % 5),
      source: n % 2 === 0 ? 'pmc' : 'arxiv',
      license: n % 4 === 0 ? null : 'cc-by',
      addedAt: 1_000 - ((n * 13) % 97),
      bytes: n
    })

  test('has the orders and counts of one that is computed as a whole', () => {
    let list: readonly CatalogPaper[] = Array.from({ length: 40 }, (_, n) => random(n))
    for (let round = 0; round < 6; round += 1) {
      for (const sort of sorts) sortPapers(list, list, { sort, direction: 'up' }, null)
      choosePapers(list, {}, null, runs)
      const gone = new Set([list[round], list[round * 3 + 1]].filter((one) => one !== undefined))
      const come = new Set([random(100 + round), random(200 + round * 4)])
      const next = [...list.filter((one) => !gone.has(one)), ...come]
      noteChangeOf(next, { before: list, gone, come })
      list = next
      const whole = [...next]
      expect(choosePapers(list, {}, null, runs)).toEqual(choosePapers(whole, {}, null, runs))
      for (const sort of sorts)
        for (const direction of ['up', 'down'] as const) {
          const how = { sort, direction }
          expect(ids(sortPapers(list, list, how, null))).toBe(ids(sortPapers(whole, whole, how, null)))
        }
    }
  })
})

describe('order', () => {
  const sorted = (sort: Parameters<typeof sortPapers>[2]['sort'], direction: 'up' | 'down'): string =>
    ids(sortPapers(papers, papers, { sort, direction }, null))
  test.each([
    ['title', 'up', 'dbac'],
    ['title', 'down', 'abdc'],
    ['author', 'up', 'adbc'],
    ['year', 'up', 'dbac'],
    ['year', 'down', 'abdc'],
    ['added', 'up', 'bacd'],
    ['added', 'down', 'dcab'],
    // Without a search, the newest come first.
    ['relevance', 'down', 'dcab']
  ] as const)('by %s, %s: %s; what has nothing to be sorted by comes last', (sort, direction, wanted) => {
    expect(sorted(sort, direction)).toBe(wanted)
  })

  test('by relevance, the best come first', () => {
    const hits = new Map<string, Hit>(
      papers.map((one, index) => [one.artifactId, { score: [2, 9, 1, 4][index]!, page: null, pages: 0 }])
    )
    expect(ids(sortPapers(papers, papers, { sort: 'relevance', direction: 'down' }, hits))).toBe('adbc')
    expect(ids(sortPapers(papers, papers, { sort: 'relevance', direction: 'up' }, hits))).toBe('cbda')
  })
})

describe('facets', () => {
  test('count papers under all other filters', () => {
    const chosen = choosePapers(papers, { year: ['2001'], source: ['pmc'] }, null, runs)
    expect(ids(chosen.papers)).toBe('a')
    expect(chosen.bytes).toBe(10)
    expect(chosen.facets.year).toEqual([
      { value: '2001', label: '2001', count: 1 },
      { value: '1999', label: '1999', count: 1 }
    ])
    expect(chosen.facets.source.map(({ value, count: n }) => [value, n])).toEqual([
      ['arxiv', 1],
      ['pmc', 1]
    ])
    expect(chosen.facets.license).toEqual([{ value: 'none', label: 'Not stated', count: 1 }])
  })

  test('list the newest first and unknown values last; a chosen value stays', () => {
    const { facets } = choosePapers(papers, { year: ['1800'] }, null, runs)
    expect(facets.year.map(({ value }) => value)).toEqual(['2001', '1999', '1800', 'none'])
    expect(choosePapers(papers, {}, null, runs).facets.run.map(({ value }) => value)).toEqual([
      'r2',
      'r1',
      'none'
    ])
  })
})

test('facts are found by the beginnings of their words, ignoring accents and case', () => {
  const found = (text: string): string => [...matchFacts(papers, text).keys()].sort().join('')
  expect(found('eclair')).toBe('b')
  expect(found('MULL jur')).toBe('d')
  expect(found('ebra')).toBe('')
  expect(found('10.5555/c')).toBe('c')
  expect(found('2001')).toBe('ab')
  expect(found('…!')).toBe('')
})

test.each([
  [null, 100, null],
  ['bytes=0-9', 100, { from: 0, to: 9 }],
  ['bytes=90-', 100, { from: 90, to: 99 }],
  ['bytes=90-500', 100, { from: 90, to: 99 }],
  ['bytes=-5', 100, { from: 95, to: 99 }],
  ['bytes=-500', 100, { from: 0, to: 99 }],
  ['Bytes=1-1', 100, { from: 1, to: 1 }],
  ['bytes=100-', 100, 'unsatisfiable'],
  ['bytes=-0', 100, 'unsatisfiable'],
  ['bytes=0-', 0, 'unsatisfiable'],
  ['bytes=9-3', 100, null],
  ['bytes=-', 100, null],
  ['bytes=0-1,5-6', 100, null],
  ['items=0-1', 100, null],
  ['bytes=a-b', 100, null],
  ['bytes=99999999999999999999-', 100, null]
] as const)('the range %j of %d bytes is %j', (header, size, wanted) => {
  expect(readRange(header, size)).toEqual(wanted)
})

test("a paper's name and its citation", () => {
  expect(identifierOf({ arxiv: '2401.00001' }, 'x')).toBe('arXiv:2401.00001')
  expect(identifierOf({ pmid: '12' }, 'x')).toBe('PMID 12')
  expect(identifierOf({}, 'url:https://example.org/a')).toBe('https://example.org/a')
  const many = paper({
    artifactId: 'm',
    title: 'A title.',
    authors: ['A, B', 'C', 'D', 'E'],
    year: 2020,
    venue: 'J.'
  })
  expect(citationLine(many)).toBe('A, B et al. (2020). A title. J. https://doi.org/10.5555/m')
  expect(licenseLabel('cc-by-nc-nd')).toBe('CC BY-NC-ND')
  expect(licenseLabel('public-domain')).toBe('Public domain')
  expect(licenseLabel('elsevier-oa')).toBe('elsevier-oa')
})
