/** Pure functions of the library's list: year bars, highlighted words, stored filters. */
import { describe, expect, it } from 'vitest'
import type { FacetValue } from '../../../src/contract/library-views'
import {
  blocksOf,
  nearTheMark,
  piecesOf,
  readFilters,
  wordsOf,
  yearBars
} from '../../../src/renderer/views/library/library-query'

const year = (value: number, count = 1): FacetValue => ({ value: String(value), label: String(value), count })

describe('year bars', () => {
  it('are single years up to a dozen of them', () => {
    expect(yearBars([year(2024, 3), year(2020)])).toEqual([
      { label: '2024', values: ['2024'], count: 3 },
      { label: '2020', values: ['2020'], count: 1 }
    ])
  })

  it('become ranges when there are many, and count every paper, also without a year', () => {
    const none = { value: 'none', label: 'No year', count: 4 }
    const many = [...Array.from({ length: 60 }, (_, at) => year(2025 - at, at + 1)), none]
    const bars = yearBars(many)
    expect(bars.length).toBeLessThanOrEqual(13)
    expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(
      many.reduce((sum, { count }) => sum + count, 0)
    )
    expect(new Set(bars.flatMap(({ values }) => values)).size).toBe(many.length)
    expect(bars[0]?.label).toBe('2020–2029')
    expect(bars.at(-1)?.label).toBe('No year')
  })
})

describe('a snippet', () => {
  it('is split at the marks, and never read as HTML', () => {
    expect(piecesOf('<b>of \u0002soil\u0003 and \u0002carbon\u0003')).toEqual([
      { text: '<b>of ', marked: false },
      { text: 'soil', marked: true },
      { text: ' and ', marked: false },
      { text: 'carbon', marked: true }
    ])
  })

  it.each([
    ['', []],
    ['no mark', [{ text: 'no mark', marked: false }]],
    [
      'left \u0002open',
      [
        { text: 'left ', marked: false },
        { text: 'open', marked: false }
      ]
    ],
    ['a stray\u0003 end', [{ text: 'a stray end', marked: false }]]
  ])('with broken marks keeps every word: %j', (snippet, pieces) => {
    expect(piecesOf(snippet)).toEqual(pieces)
  })

  it('shows the found word even in a short line', () => {
    const pieces = nearTheMark(
      piecesOf('a very long way of words that lead up to the \u0002needle\u0003 itself')
    )
    expect(pieces[0]?.text).toBe('… that lead up to the ')
    expect(pieces[1]).toEqual({ text: 'needle', marked: true })
  })
})

describe('words highlighted in the reader', () => {
  it.each([
    ['soil carbon', ['soil', 'carbon']],
    ['"grain rotation" soil', ['grain rotation', 'soil']],
    ['  (soil)  soil, ', ['soil']],
    ['--- "" ', []]
  ])('%j → %j', (search, words) => {
    expect(wordsOf(search)).toEqual(words)
  })
})

describe('stored filters', () => {
  it('are read in any shape that was stored', () => {
    const none = { year: [], source: [], license: [], run: [] }
    expect(readFilters(null)).toEqual(none)
    expect(readFilters('year')).toEqual(none)
    expect(readFilters({ year: 2024, source: ['arxiv', 3] })).toEqual({ ...none, source: ['arxiv'] })
  })
})

it('a range of rows is covered by its blocks', () => {
  expect(blocksOf(0, 99, 100)).toEqual([0])
  expect(blocksOf(95, 205, 100)).toEqual([0, 1, 2])
  expect(blocksOf(0, -1, 100)).toEqual([0])
})
