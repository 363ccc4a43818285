/** Readable file names: their form, and that every system can store them (E8, I2, defect 20). */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  isNamedBy,
  MOST_BYTES,
  nameKey,
  numbered,
  paperName,
  sameName,
  type Naming
} from '../../../src/main/library/paper-name'
import { checkSettingValue } from '../../../src/main/settings/save-setting'

const DEFAULT = '{firstAuthor} {year} – {title}'
const naming = (facts: Naming['facts'], changes: Partial<Naming> = {}): Naming => ({
  ids: {},
  facts,
  workId: 'W2741809807',
  format: 'pdf',
  ...changes
})
const check = (facts: Naming['facts'], expected: string, template = DEFAULT): void => {
  expect(paperName(template, naming(facts))).toBe(expected)
}

describe('the form of a name', () => {
  const facts = {
    title: 'The state of OA',
    authors: ['Piwowar, Heather', 'Jason Priem'],
    year: 2018,
    venue: 'PeerJ'
  }
  test('the default template', () => {
    check(facts, 'Piwowar 2018 – The state of OA.pdf')
  })
  test('missing parts are left out with their separators', () => {
    check({ title: 'The state of OA', year: 2018 }, '2018 – The state of OA.pdf')
    check({ title: 'The state of OA', authors: ['Heather Piwowar'] }, 'Piwowar – The state of OA.pdf')
    check({ title: 'The state of OA' }, 'The state of OA.pdf')
    check({ title: 'The state of OA' }, 'The state of OA.pdf', '{title} ({year})')
    check({ title: 'The state of OA', year: 2018 }, 'The state of OA (2018).pdf', '{title} ({year})')
    check({ title: 'The state of OA' }, 'The state of OA.pdf', '({year}) {title}')
  })
  test('other templates', () => {
    check(facts, 'Piwowar & Priem, PeerJ 2018.pdf', '{authors}, {venue} {year}')
  })
  test('without title, author and year the identifier is the name', () => {
    expect(paperName(DEFAULT, naming({ year: 2018 }, { ids: { doi: '10.7717/peerj.4375' } }))).toBe(
      '10.7717_peerj.4375.pdf'
    )
    expect(paperName(DEFAULT, naming({}))).toBe('W2741809807.pdf')
    expect(paperName(DEFAULT, naming({}, { workId: `url:${'ab'.repeat(32)}` }))).toBe(
      'paper abababababababab.pdf'
    )
    expect(paperName(DEFAULT, naming({ title: '???' }))).not.toBe('.pdf')
  })
  test.each([
    ['Müller, Jörg', 'Müller'],
    ['Ana de la Cruz', 'de la Cruz'],
    ['Smith JA', 'Smith'],
    ['J. A. Smith', 'Smith'],
    ['John Smith Jr.', 'Smith'],
    ['Martin Luther King, Jr.', 'King'],
    ['李伟', '李伟'],
    ['Plato', 'Plato']
  ])('the family name of %s is %s', (author, family) => {
    check({ title: 'T', authors: [author] }, `${family} – T.pdf`)
  })
  test.each([
    ['<i>Homo sapiens</i> &amp; CO<sub>2</sub>', 'Homo sapiens & CO2'],
    ['<mml:math><mml:mi>x</mml:mi></mml:math>-rays', 'x-rays'],
    ['On $\\alpha$-decay of \\textit{E. coli}', 'On α-decay of E. coli'],
    ['Why? A “review”: part 1/2', 'Why A ’review’ – part 1_2']
  ])('%s becomes %s', (title, expected) => {
    check({ title }, `${expected}.pdf`, '{title}')
  })
})

describe('valid on three systems', () => {
  test.each(['CON', 'nul', 'Aux', 'COM1', 'lpt9', 'CON.txt', 'com1.a.b', 'COM¹'])(
    '%s is not a device',
    (title) => {
      expect(paperName('{title}', naming({ title }))).toMatch(/^_/)
    }
  )
  test.each(['Constants', 'COM10', 'auxiliary'])('%s is a word', (title) => {
    expect(paperName('{title}', naming({ title }))).toBe(`${title}.pdf`)
  })
  test('trailing dots and spaces, leading dots', () => {
    check({ title: ' ..hidden end. . ' }, 'hidden end.pdf', '{title}')
  })
  test('long names are cut at a word, by bytes, never within a character', () => {
    const words = paperName('{title}', naming({ title: 'consequences '.repeat(40) }))
    expect(words).toMatch(/consequences\.pdf$/)
    expect(Buffer.byteLength(words)).toBeLessThanOrEqual(MOST_BYTES)
    const family = '👨‍👩‍👧‍👦'
    const emoji = paperName('{title}', naming({ title: family.repeat(40) }))
    expect(emoji.replace('.pdf', '').replaceAll(family, '')).toBe('')
    const accents = paperName('{title}', naming({ title: 'x' + 'e\u0301\u0323'.repeat(120) }))
    expect(Buffer.byteLength(accents)).toBeLessThanOrEqual(MOST_BYTES)
  })
  test('composed and decomposed, upper and lower case count as one name', () => {
    expect(sameName('Müller.pdf', 'Mu\u0308ller.pdf')).toBe(true)
    expect(sameName('Paper.pdf', 'PAPER.PDF')).toBe(true)
    expect(sameName('straße.pdf', 'STRASSE.pdf')).toBe(true)
    expect(sameName('a.pdf', 'b.pdf')).toBe(false)
  })

  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.constantFrom(
      'con',
      '...',
      ' ',
      '\ud800',
      'a\u0000b',
      '\u202eevil',
      '../..',
      'x'.repeat(400),
      '–'.repeat(100),
      'CON:'
    )
  )
  test('any work gets a valid name', () => {
    fc.assert(
      fc.property(
        anything,
        fc.array(anything, { maxLength: 3 }),
        fc.option(fc.integer({ min: -10, max: 3000 }), { nil: undefined }),
        anything,
        fc.nat({ max: 12 }),
        (title, authors, year, workId, n) => {
          const plain = paperName(DEFAULT, {
            ids: {},
            facts: { title, authors, ...(year === undefined ? {} : { year }) },
            workId,
            format: 'pdf'
          })
          const name = numbered(plain, n)
          expect(Buffer.byteLength(name)).toBeLessThanOrEqual(MOST_BYTES)
          expect(name).toMatch(/[^.]\.pdf$/)
          expect(name).not.toMatch(/[<>:"/\\|?*\p{Cc}\p{Cs}]/u)
          expect(name).not.toMatch(/^[.\s]|[.\s]\.pdf$/)
          expect(name).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i)
          expect(name).toBe(name.normalize('NFC'))
          expect(nameKey(nameKey(name))).toBe(nameKey(name))
          expect(Buffer.from(name, 'utf8').toString('utf8')).toBe(name)
        }
      ),
      { numRuns: 300 }
    )
  })
})

test('a template with an unknown word is refused with the known ones', () => {
  expect(() => {
    checkSettingValue('files.nameTemplate', '{author} {title}')
  }).toThrow(/no word \{author\}; allowed are \{firstAuthor\} .*\{workId\}/)
  expect(() => {
    checkSettingValue('files.nameTemplate', '{firstAuthor} {year} – {title}')
  }).not.toThrow()
})

describe('folders of a template', () => {
  const facts = {
    title: 'A/B: the state',
    authors: ['Piwowar, Heather'],
    year: 2018,
    venue: 'Acta ../ Math.'
  }
  test('a slash in the template begins one; a slash in a value does not', () => {
    check(facts, 'Piwowar/2018/A_B – the state.pdf', '{firstAuthor}/{year}/{title}')
    check(facts, 'Acta .._ Math/2018 A_B – the state.pdf', '{venue}/{year} {title}')
  })
  test('an empty folder, and one that would lead outside, is left out', () => {
    check({ title: 'T' }, 'T.pdf', '{firstAuthor}/{year}/{title}')
    check(facts, 'x/A_B – the state.pdf', '/../x/./{title}')
    check({ title: 'T', authors: ['con'] }, '_con/T.pdf', '{firstAuthor}/{title}')
    check({ title: 'T', year: 2018 }, '2018/W2741809807.pdf', '{year}/{doi}')
  })
  test('a number is added to the name, not to a folder', () => {
    expect(numbered('v1.0/T.pdf', 2)).toBe('v1.0/T (2).pdf')
  })
  test('more than four are refused', () => {
    expect(() => {
      checkSettingValue('files.nameTemplate', 'a/b/c/d/e/{title}')
    }).toThrow(/more than 4 folders/)
    expect(() => {
      checkSettingValue('files.nameTemplate', 'a/b/c/d/{title}')
    }).not.toThrow()
  })
})

test('a name matches its template with any number, in any case', () => {
  const one = naming({ title: 'The state (2)', year: 2018 })
  const is = (name: string): boolean => isNamedBy('{year}/{title}', one, name)
  expect(is('2018/The state (2).pdf')).toBe(true)
  expect(is('2018/The STATE (2) (3).pdf')).toBe(true)
  expect(is('2018/The state.pdf')).toBe(false)
  expect(is('The state (2).pdf')).toBe(false)
  expect(is('2018/The state (2) (x).pdf')).toBe(false)
})
