/** Papers that differ by a number only: other parts, years and members of a series, and spellings of the same one. */
import { describe, expect, test } from 'vitest'
import { asked, people, PEOPLE, verdict, type Line } from './page-one'

describe('another paper of the same series, by the same authors, is never filed as the wanted one', () => {
  const series: readonly (readonly [ours: string, theirs: string])[] = [
    ['Observation 1 of geese on reclaimed polders', 'Observation 9 of geese on reclaimed polders'],
    ['Observation 1 of geese on reclaimed polders', 'Observation 12 of geese on reclaimed polders'],
    [
      'Winter feeding of geese on polders. Part I: Theory',
      'Winter feeding of geese on polders. Part II: Practice'
    ],
    ['Winter feeding of barnacle geese, part one', 'Winter feeding of barnacle geese, part two'],
    ['Winter feeding of barnacle geese', 'Winter feeding of barnacle geese II'],
    ['Winter feeding of barnacle geese A', 'Winter feeding of barnacle geese B'],
    ['Annual report 2019 on geese in Friesland: Part 1', 'Annual report 2019 on geese in Friesland: Part 2'],
    [
      'Annual report on geese wintering in Friesland 2019',
      'Annual report on geese wintering in Friesland 2020'
    ],
    [
      'Year 2 results of a phase 3 trial of goose vaccine',
      'Year 5 results of a phase 3 trial of goose vaccine'
    ],
    [
      'Goose data, first series, of the northern polders',
      'Goose data, second series, of the northern polders'
    ],
    ['The role of p53 in the feathers of barnacle geese', 'The role of p63 in the feathers of barnacle geese']
  ]
  const printed: readonly (readonly [name: string, doi: string, head: readonly Line[]])[] = [
    ['without a DOI', '10.5555/g.1', []],
    ['with its own DOI', '10.5555/g.1', [[9, 'https://doi.org/10.5555/g.9']]],
    ['with its own DOI alone on a line', '10.5555/g.1', [[9, '10.5555/g.9']]],
    ['with a DOI that ours begins', '10.5555/geese', [[9, 'doi:10.5555/geese.9']]],
    ['with a DOI that ours begins, and a hyphen', '10.5555/geese', [[9, 'doi:10.5555/geese-9']]],
    ['with a chapter of our DOI', '10.5555/geese', [[9, 'doi:10.5555/geese_9']]],
    ['with a longer number', '10.5555/geese.1', [[9, 'doi:10.5555/geese.12']]],
    ['with a shorter number', '10.5555/geese.12', [[9, 'doi:10.5555/geese.1']]],
    ['with the same digits parted otherwise', '10.5555/geese.1.12', [[9, 'doi:10.5555/geese.11.2']]],
    ['of one repository', '10.5281/zenodo.1001', [[9, 'doi:10.5281/zenodo.1009']]],
    [
      'that names ours beside its own',
      '10.5555/g.1',
      [
        [9, 'doi:10.5555/g.9'],
        [9, 'Continued from the first paper, doi:10.5555/g.1']
      ]
    ],
    [
      'with the DOI of its data',
      '10.5555/g.1',
      [
        [9, 'doi:10.5555/g.9'],
        [9, 'Numbers: doi:10.7777/numbers.4']
      ]
    ]
  ]
  test.each(printed)('%s', (_, doi, head) => {
    for (const [ours, theirs] of series)
      for (const size of [18, 10])
        for (const authors of [PEOPLE, []])
          expect(
            verdict([...head, [size, theirs], people], asked({ title: ours, authors }, { doi })),
            `${theirs} for ${ours}, in ${String(size)} points`
          ).not.toBe('match')
  })
  test('the wanted papers themselves match', () => {
    for (const [ours] of series)
      for (const doi of ['10.5555/geese-2.1', '10.5555/geese'])
        for (const head of [[], [[9, `doi:${doi}`]], [[9, `https://doi.org/${doi}/full`]]] as const)
          for (const size of [18, 10])
            expect(verdict([...head, [size, ours], people], asked({ title: ours }, { doi })), ours).toBe(
              'match'
            )
  })
  test.each([
    [
      'a number written otherwise',
      'Winter feeding of barnacle geese, part II',
      'Winter feeding of barnacle geese, Part 2'
    ],
    [
      'digits parted otherwise',
      'The 1,000 geese of the northern polders',
      'The 1000 geese of the northern polders'
    ],
    [
      'a mark of a footnote behind it',
      'Winter feeding of 12 barnacle geese',
      'Winter feeding of 12 barnacle geese 3'
    ],
    [
      'a subtitle',
      'Winter feeding of barnacle geese',
      'Winter feeding of barnacle geese: a study in 4 polders'
    ]
  ])('%s is the same paper', (_, ours, printedTitle) => {
    expect(verdict([[18, printedTitle], people], asked({ title: ours }))).toBe('match')
  })
})
