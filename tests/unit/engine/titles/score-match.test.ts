/** Whether a record is the work that a reference names by its title, tried with near misses. */
import { describe, expect, test } from 'vitest'
import { SURE_SCORE, type TitleCandidate } from '../../../../src/contract/matches'
import type { WorkFacts } from '../../../../src/contract/work'
import { isSamePerson, venuesAgree } from '../../../../src/main/engine/titles/same-names'
import { bestMatch } from '../../../../src/main/engine/titles/score-match'
import { titleLikeness } from '../../../../src/main/engine/titles/title-likeness'

const CITED: WorkFacts = {
  title: 'Learning under hypertension: a study of adult mice',
  authors: ['Müller, Jérôme', 'Smith, Ann'],
  year: 2015,
  venue: 'Journal of Things',
  type: 'article'
}
const record = (changed: Partial<TitleCandidate> = {}): TitleCandidate => ({
  service: 'crossref',
  ids: { doi: '10.5555/right' },
  title: 'Learning under hypertension',
  subtitle: 'A study of adult mice',
  authors: ['Muller, Jerome', 'Smith, A.'],
  years: [2015],
  type: 'journal-article',
  venues: ['Journal of Things'],
  ...changed
})
const whole = (title: string, changed: Partial<TitleCandidate> = {}): TitleCandidate =>
  record({ title, subtitle: '', ...changed })

describe('the work itself, in different spellings', () => {
  test.each<[string, WorkFacts]>([
    ['as it is', CITED],
    [
      'LaTeX, braces, a full stop',
      { ...CITED, title: '{Learning under \\emph{hypertension}: A Study of Adult Mice}.' }
    ],
    ['without its subtitle', { ...CITED, title: 'Learning under hypertension' }],
    ['misspelt', { ...CITED, title: 'Learning under hypertensoin: a study of adult mice' }],
    ['a year off', { ...CITED, year: 2016 }],
    ['initials first, one author', { ...CITED, authors: ['J. Muller'] }],
    ['abbreviated journal', { ...CITED, venue: 'J. Things' }],
    ['no kind', { title: CITED.title ?? '', authors: ['Müller J'], year: 2015 }]
  ])('%s', (_, cited) => {
    expect(bestMatch(cited, [record()])).toMatchObject({
      verdict: 'sure',
      proposal: { ids: { doi: '10.5555/right' } }
    })
  })
})

describe('a near miss is never sure', () => {
  test.each<[string, TitleCandidate]>([
    ['a correction', whole('Correction to: Learning under hypertension: a study of adult mice')],
    ['an erratum behind the title', whole('Learning under hypertension: a study of adult mice: erratum')],
    ['a reply', whole('Reply to “Learning under hypertension: a study of adult mice”')],
    ['a review', whole('Review of: Learning under hypertension: a study of adult mice')],
    ['a peer review', record({ type: 'peer-review' })],
    ['other authors', record({ authors: ['Namesake, C.'] })],
    ['six years later', record({ years: [2021] })],
    ['a preprint', record({ type: 'posted-content', venues: [] })],
    ['a chapter in another book', record({ type: 'book-chapter', venues: ['A Book'] })],
    ['the next part', whole('Learning under hypertension: a study of adult mice II')],
    ['hypo- for hyper-', whole('Learning under hypotension: a study of adult mice')],
    ['one word in the place of another', whole('Learning under hypertension: a study of young mice')],
    ['the same but after', whole('Learning after hypertension: a study of adult mice')],
    ['retracted', whole('RETRACTED ARTICLE: Learning under hypertension: a study of adult mice')]
  ])('%s', (_, candidate) => {
    const { verdict } = bestMatch(CITED, [candidate])
    expect(['unsure', 'none']).toContain(verdict)
  })

  test('a near miss loses to the work itself', () => {
    const alike = [
      record({ ids: { doi: '10.5555/preprint' }, type: 'posted-content' }),
      record({ ids: { doi: '10.5555/later' }, years: [2016], venues: ['Another'] }),
      record()
    ]
    expect(bestMatch(CITED, alike)).toMatchObject({
      verdict: 'sure',
      proposal: { ids: { doi: '10.5555/right' } }
    })
  })

  test('of two equally good matches the user chooses', () => {
    const twin = record({ ids: { doi: '10.5555/twin' } })
    expect(bestMatch(CITED, [record(), twin])).toMatchObject({
      verdict: 'unsure',
      proposal: { doubt: 'several' }
    })
  })

  test.each<[string, WorkFacts, TitleCandidate]>([
    ['a title alone', { title: CITED.title ?? '' }, record()],
    ['a general title', { ...CITED, title: 'Introduction', venue: 'X' }, whole('Introduction')],
    ['a review with the title of the book', { ...CITED, type: 'book' }, record()],
    ['the book for its chapter', { ...CITED, type: 'book-chapter', venue: 'B' }, record({ type: 'book' })]
  ])('%s', (_, cited, candidate) => {
    expect(bestMatch(cited, [candidate]).proposal?.score ?? 0).toBeLessThan(SURE_SCORE)
  })

  test('nothing similar: nothing is proposed', () => {
    expect(bestMatch(CITED, [whole('Sintering of cobalt oxide')])).toEqual({
      verdict: 'none',
      proposal: null
    })
    expect(bestMatch(CITED, [])).toEqual({ verdict: 'none', proposal: null })
  })
})

test.each([
  ['Data set sizes for neural models', 'Dataset sizes for neural models', 1],
  ['Über das Sehen', 'Uber das Sehen', 1],
  ['H<sub>2</sub>O on TiO<sub>2</sub> surfaces', 'H2O on TiO2 surfaces', 1],
  ['', 'Anything at all', 0]
])('“%s” and “%s” have the similarity %d', (one, other, value) => {
  expect(titleLikeness({ title: one }, { title: other }).value).toBe(value)
})

test.each([
  ['van der Berg, Anna', 'Berg AVD', true],
  ['Wei Zhang', 'Zhang Wei', true],
  ['Garcia Marquez, G.', 'García, G.', true],
  ['Smith, J.', 'Smythe, J.', false]
])('%s and %s: the same person? %s', (one, other, same) => {
  expect(isSamePerson(one, other)).toBe(same)
})

test.each([
  ['Proc. Natl. Acad. Sci.', 'Proceedings of the National Academy of Sciences', true],
  ['PNAS', 'Proceedings of the National Academy of Sciences', true],
  ['Nature', 'Science', false]
])('%s and %s: the same journal? %s', (one, other, same) => {
  expect(venuesAgree(one, [other])).toBe(same)
})
