import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KEY_FIELDS, KEY_MODIFIERS, keyPatternProblem } from '../../../src/contract/citation-key-pattern'
import type { WorkFacts } from '../../../src/contract/work'
import { CitationKeys, keyByPattern, type KeySubject } from '../../../src/main/works/citation-keys'
import { readReferences, writeReferences, type WriteEntry } from '../../../src/main/works/works'

const OA: WorkFacts = {
  title: 'The state of OA: a large-scale analysis of the prevalence and impact',
  authors: ['Piwowar, Heather', 'Priem, Jason', 'Larivière, Vincent'],
  year: 2018,
  venue: 'Journal of Fish Biology'
}
const keyFor = (pattern: string, facts: WorkFacts, reference?: object): string =>
  keyByPattern(pattern, {
    workId: 'w',
    facts,
    ...(reference === undefined ? {} : { reference: JSON.stringify(reference) })
  })

describe('a pattern', () => {
  test.each([
    ['[auth][year]', 'Piwowar2018'],
    ['[auth:lower]_[shortyear]', 'piwowar_18'],
    ['[auth3][auth3_2][year]', 'PiwPri2018'],
    ['[authors]', 'PiwowarPriemLariviere'],
    ['[authors2]', 'PiwowarPriemEtAl'],
    ['[authors3]', 'PiwowarPriemLariviere'],
    ['[authors:condense=-:lower]', 'piwowar-priem-lariviere'],
    ['[authEtAl]', 'PiwowarEtAl'],
    ['[authorLast:upper]', 'LARIVIERE'],
    ['[auth:lower][shorttitle3_3][year]', 'piwowarStateOALarge2018'],
    ['[shorttitle]', 'stateOAlarge'],
    ['[veryshorttitle:capitalize]', 'State'],
    ['[veryshorttitle2_1]', 'StateOA'],
    ['[title]', 'StateOALargeScaleAnalysisPrevalenceImpact'],
    ['[journal:abbr]', 'JoFB'],
    ['[journal:lower:condense=_]', 'journal_of_fish_biology'],
    ['x.[year]', 'x.2018']
  ])('%s gives %s', (pattern, key) => {
    expect(keyFor(pattern, OA)).toBe(key)
  })

  const AUTH: readonly (readonly [what: string, author: string, key: string])[] = [
    ['a particle', 'van der Berg, Jan', 'vanderBerg'],
    ['a particle behind the given name', 'Ludwig von Mises', 'vonMises'],
    ['a Spanish particle', 'de la Cruz, José', 'delaCruz'],
    ['a hyphen', 'Smith-Jones, Ann', 'SmithJones'],
    ['an apostrophe', 'O’Brien, Pat', 'OBrien'],
    ['a straight apostrophe', "D'Arcy, Jo", 'DArcy'],
    ['a suffix', 'King, Jr., Martin', 'King'],
    ['an umlaut', 'Müller, Jörg', 'Muller'],
    ['a sharp s', 'Weiß, Ute', 'Weiss'],
    ['a stroke', 'Łukasiewicz, Jan', 'Lukasiewicz'],
    ['a Nordic letter', 'Ærø, Øyvind', 'Aero'],
    ['Cyrillic', 'Иванов, Пётр', 'Ivanov'],
    ['Greek', 'Παπαδόπουλος, Νίκος', 'Papadopoylos'],
    ['Chinese with a comma', '王, 小明', 'Wang'],
    ['Chinese with a blank', '王 小明', 'Wang'],
    ['Korean', '김 민수', 'Gim'],
    ['an organisation', 'World Health Organization', 'WorldHealthOrganization'],
    ['an organisation with its abbreviation', 'World Health Organization (WHO)', 'WorldHealthOrganization'],
    ['one word', 'Plato', 'Plato']
  ]
  test.each(AUTH)('[auth] of %s', (_, author, key) => {
    expect(keyFor('[auth]', { authors: [author] })).toBe(key)
  })

  test.each([
    ['no author', '[auth][year]', { ...OA, authors: [] }, '2018'],
    ['no author, with another word', '[auth:(anon):lower][year]', { ...OA, authors: [] }, 'anon2018'],
    ['no year', '[auth][year:(nd)]', { authors: ['Vale, Ada'] }, 'Valend'],
    ['nothing at all', '[auth][year][title]', {}, ''],
    ['a title of small words', '[shorttitle]', { title: 'To be or not to be' }, 'benotbe'],
    ['a title of articles alone', '[shorttitle]', { title: 'The A' }, 'TheA'],
    ['markup in a title', '[title]', { title: 'On CO<sub>2</sub> &amp; heat' }, 'CO2AmpHeat'],
    ['a title without blanks', '[veryshorttitle]', { title: '深度学习' }, 'ShenDuXueXi']
  ] as const)('%s', (_, pattern, facts, key) => {
    expect(keyFor(pattern, facts)).toBe(key)
  })

  test('editors replace missing authors, and the first page comes from the reference', () => {
    const [draft] = readReferences(
      Buffer.from(
        '@book{, editor={Knuth, Donald}, title={T}, year={1990}, pages={e12--e20}, doi={10.5555/k}}'
      ),
      'a.bib'
    ).drafts
    const reference = JSON.parse(draft?.reference ?? '{}') as object
    expect(keyFor('[auth][year]p[firstpage]', draft?.facts ?? {}, reference)).toBe('Knuth1990pe12')
  })

  test.each([
    ['[foo]', '[foo]'],
    ['[auth:bold]', '[auth:bold]'],
    ['[year4]', '[year4]'],
    ['[Auth]', '[Auth]'],
    ['[auth0]', '[auth0]'],
    ['[auth:condense=%]', '[auth:condense=%]'],
    ['[]', '[]']
  ])('%s is refused with its name and the known words', (pattern, named) => {
    const problem = keyPatternProblem(pattern)
    expect(problem).toContain(named)
    for (const word of KEY_FIELDS) expect(problem).toContain(`[${word}]`)
    for (const modifier of KEY_MODIFIERS) expect(problem).toContain(`:${modifier}`)
  })

  test.each([
    '[auth',
    'auth]',
    '[[auth]]',
    '[auth] [year]',
    '[auth],',
    'é[auth]',
    'fixed',
    '\\input{x}[auth]'
  ])('%s is refused', (pattern) => {
    expect(keyPatternProblem(pattern)).not.toBeNull()
    expect(() => new CitationKeys(pattern)).toThrow('pattern of citation keys')
  })
})

describe('keys of many works', () => {
  const same = (workId: string): KeySubject => ({ workId, facts: { authors: ['Vale, Ada'], year: 2020 } })

  test('letters are given in the order of the ledger, not in the order of export', () => {
    const keys = new CitationKeys('[auth][year]')
    for (const id of ['one', 'two', 'three']) keys.tell(same(id))
    expect(['three', 'one', 'two'].map((id) => keys.keyOf(same(id)))).toEqual([
      'Vale2020b',
      'Vale2020',
      'Vale2020a'
    ])
    const later = new CitationKeys('[auth][year]')
    for (const id of ['one', 'two', 'three', 'four']) later.tell(same(id))
    expect(later.keyOf(same('three'))).toBe('Vale2020b')
    expect(later.keyOf(same('four'))).toBe('Vale2020c')
  })

  test('two letters follow z', () => {
    const keys = new CitationKeys('[auth]')
    const given = Array.from({ length: 30 }, (_, at) => keys.keyOf(same(String(at))))
    expect(given.slice(25)).toEqual(['Valey', 'Valez', 'Valeaa', 'Valeab', 'Valeac'])
    expect(new Set(given).size).toBe(30)
  })

  test("a key from the user's entry is kept and reserved, in any case and order", () => {
    const keys = new CitationKeys('[auth][year]')
    keys.tell(same('mine'))
    const own: KeySubject = {
      workId: 'own',
      facts: same('own').facts,
      reference: JSON.stringify({ form: 'bibtex', type: 'article', key: 'VALE2020', fields: [] })
    }
    keys.tell(own)
    expect(keys.keyOf(own)).toBeUndefined()
    expect(keys.keyOf(same('mine'))).toBe('Vale2020a')
  })

  test('are distinct, valid and stable, for any works', () => {
    const facts = fc.record(
      {
        title: fc.string({ unit: 'grapheme', maxLength: 40 }),
        authors: fc.array(fc.constantFrom('Vale, Ada', 'vale, a.', '王 小明', 'Valea, B', '%{}\\'), {
          maxLength: 3
        }),
        year: fc.integer({ min: 1990, max: 1992 })
      },
      { requiredKeys: [] }
    )
    fc.assert(
      fc.property(fc.array(facts, { maxLength: 40 }), (all) => {
        const works = all.map((one, at): KeySubject => ({ workId: String(at), facts: one }))
        const make = (): (string | undefined)[] => {
          const keys = new CitationKeys('[auth][year][veryshorttitle:lower]')
          for (const work of works) keys.tell(work)
          return works.map((work) => keys.keyOf(work))
        }
        const keys = make().filter((key) => key !== undefined)
        expect(new Set(keys.map((key) => key.toLowerCase())).size).toBe(keys.length)
        for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9]{1,95}$/)
        expect(make()).toEqual(make())
      })
    )
  })
})

test.each(['bibtex', 'ris', 'csl-json'] as const)(
  '%s is written with them and reads them again',
  (format) => {
    const entry: WriteEntry = {
      workId: 'doi:10.5555/a',
      ids: { doi: '10.5555/a' },
      facts: { ...OA },
      key: 'piwowarStateOALarge2018'
    }
    const read = readReferences(
      Buffer.from(writeReferences([entry], format)),
      format === 'csl-json' ? 'a.json' : `a.${format === 'bibtex' ? 'bib' : 'ris'}`
    )
    expect(read.drafts[0]?.key).toBe('piwowarStateOALarge2018')
  }
)
