/** The first page of a paper, given as lines with font sizes, and its verdict. */
import type { WorkFacts } from '../../../src/contract/work'
import { readLayout } from '../../../src/main/library/pdf-layout'
import { judgeRightPaper, type WantedPaper } from '../../../src/main/library/right-paper'

export const TITLE = 'Winter feeding of barnacle geese on reclaimed polders'
export const PEOPLE = ['Greta Halvorsen', 'Pieter Dijkstra']
export const asked = (
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

export type Line = readonly [size: number, text: string]
export function verdictOf(lines: readonly Line[], wanted = asked(), pageCount = 6) {
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
export const verdict = (...args: Parameters<typeof verdictOf>): string => verdictOf(...args).verdict

export const title: Line = [18, TITLE]
export const people: Line = [11, PEOPLE.join(' and ')]
