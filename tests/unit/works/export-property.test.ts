/** Any reference, exported and read again through every pair of formats, keeps the value of each field. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commonOf, type CommonReference } from '../../../src/main/works/formats/common-reference'
import { textToLatex } from '../../../src/main/works/formats/latex-write'
import { packReference, unpackReference } from '../../../src/main/works/formats/reference'
import { workIdOf, writeReferences, type WriteEntry } from '../../../src/main/works/works'
import { read } from './references-kit'

const NAMES = { bibtex: 'a.bib', ris: 'a.ris', 'csl-json': 'a.json' } as const
const FORMATS = ['bibtex', 'ris', 'csl-json'] as const
type Format = (typeof FORMATS)[number]

const again = (entries: readonly WriteEntry[], format: Format): WriteEntry[] => {
  const text = writeReferences(entries, format)
  const { drafts, problems } = read(text, NAMES[format])
  expect(problems, text).toEqual([])
  return drafts.map(({ ids, facts, reference }) => ({
    workId: workIdOf(ids),
    ids,
    facts,
    ...(reference === undefined ? {} : { reference })
  }))
}

const word = fc.constantFrom(
  ...'Analysis, of; the α-helix & 50 % C# a_b x^2 ~10 “quoted” it’s naïve Łódź 東京 (1999) [sic] µm CO2 {set} <i>n</i> $5 end. 3:4 A/B 1–2 né\u0301'.split(
    ' '
  )
)
/** Words between two plain ones, since every format trims the ends. */
const phrase = fc
  .array(word, { maxLength: 6 })
  .map((words) => ['On', ...words, 'things'].join(' ').normalize('NFC'))
const name = fc.constantFrom(
  'Müller',
  'O’Neil',
  'de la Cruz',
  'van der Berg',
  'Ng',
  'Smith-Jones',
  'MacDonald',
  'Łukasz'
)
const given = fc.constantFrom('Anna', 'J. R.', 'Jean-Paul', 'Ø.', 'Li')
const person = fc.oneof(
  fc.tuple(name, given).map(([family, first]) => `${family}, ${first}`),
  fc.tuple(name, fc.constantFrom('Jr.', 'III'), given).map((parts) => parts.join(', ')),
  fc.constant('{World Health Organization}')
)
const people = fc.array(person, { minLength: 1, maxLength: 4 })
const number = fc.constantFrom('1', '12', '53A', 'Suppl. 2', '2017')
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')

/** The fields of a BibTeX entry, as LaTeX. */
const entry = fc
  .record(
    {
      type: fc.constantFrom(
        'article',
        'book',
        'incollection',
        'inproceedings',
        'phdthesis',
        'mastersthesis',
        'techreport',
        'misc'
      ),
      title: phrase,
      author: fc
        .tuple(people, fc.boolean())
        .map(([names, more]) => [...names, ...(more ? ['others'] : [])].join(' and ')),
      editor: people.map((names) => names.join(' and ')),
      year: fc.integer({ min: 1500, max: 2050 }).map(String),
      month: fc.constantFrom(...MONTHS),
      volume: number,
      number,
      pages: fc.constantFrom('1--9', '1021--1099', 'e12', 'S1--S9', '100', '1--5, 7'),
      edition: fc.constantFrom('2', 'Second', '2nd'),
      venue: phrase,
      publisher: phrase,
      address: phrase,
      series: phrase,
      isbn: fc.constantFrom('978-3-16-148410-0', '0-306-40615-2'),
      issn: fc.constantFrom('0002-9904', '2049-363X'),
      abstract: fc.array(phrase, { minLength: 1, maxLength: 3 }).map((all) => all.join('. ')),
      keywords: fc
        .array(fc.constantFrom('DNA', 'climate change', 'naïve', 'A/B', 'x & y'), {
          minLength: 1,
          maxLength: 3
        })
        .map((all) => all.join(', ')),
      note: phrase,
      'x-own': fc.constant('blue')
    },
    { requiredKeys: ['type', 'title', 'year'] }
  )
  .map(({ type, venue, publisher, ...fields }) => {
    const isThesis = type.endsWith('thesis')
    const named: [string, string][] = Object.entries(fields)
    if (venue !== undefined && !isThesis && type !== 'techreport' && type !== 'book' && type !== 'misc')
      named.push([type === 'article' ? 'journal' : 'booktitle', venue])
    if (publisher !== undefined)
      named.push([isThesis ? 'school' : type === 'techreport' ? 'institution' : 'publisher', publisher])
    const asIs = /^(?:author|editor|month|year|pages|isbn|issn)$/
    return {
      type,
      fields: named.map(([field, value]): [string, string] => [
        field,
        asIs.test(field) ? value : textToLatex(value)
      ])
    }
  })

/** The fields that must survive, in a form that all formats share. */
function said(entries: readonly WriteEntry[]): unknown {
  return entries.map(({ ids, facts, reference }) => {
    const common: CommonReference = commonOf(unpackReference(reference))
    const { texts, extra, notes, ...others } = common
    const { school, publisher, ...rest } = { ...texts, genre: undefined, language: undefined }
    // RIS stores fields without a tag as notes, and BibTeX has one field for all notes.
    const pieces = notes.flatMap((note) => note.split(/; |\n/))
    return {
      ids,
      title: facts.title,
      year: facts.year,
      ...others,
      texts: { ...rest, house: school ?? publisher },
      notes: pieces.filter((piece) => piece !== 'x-own: blue').sort(),
      own: pieces.includes('x-own: blue') || extra.some((pair) => pair.join(': ') === 'x-own: blue')
    }
  })
}

describe.each(FORMATS)('through %s', (first) => {
  it.each(FORMATS)('and %s', (second) => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 3 }), (all) => {
        const source = all
          .map(({ type, fields }, at) => {
            const written = [...fields, ['doi', `10.5555/p.${String(at)}`]]
            return `@${type}{key${String(at)},\n${written.map(([field, value]) => `  ${String(field)} = {${String(value)}},\n`).join('')}}\n`
          })
          .join('\n')
        const given = readAtFirst(source)
        const once = again(given, first)
        const twice = again(once, second)
        expect(said(once), writeReferences(given, first)).toEqual(said(given))
        expect(said(twice), writeReferences(once, second)).toEqual(said(given))
      }),
      { numRuns: 20 }
    )
  })
})

function readAtFirst(source: string): WriteEntry[] {
  const { drafts, problems } = read(source, 'a.bib')
  expect(problems, source).toEqual([])
  return drafts.map(({ ids, facts, reference }) => ({
    workId: workIdOf(ids),
    ids,
    facts,
    reference: reference!
  }))
}

it('the keys of an exported list are unique, however often one was given', () => {
  const key = fc.constantFrom('k', 'K', 'smith2020', '1', '')
  const title = fc.constantFrom('One', 'Two')
  fc.assert(
    fc.property(fc.array(fc.tuple(key, title), { minLength: 1, maxLength: 6 }), (all) => {
      const entries = all.map(([own, named], at): WriteEntry => ({
        workId: `doi:10.5555/k.${String(at)}`,
        ids: { doi: `10.5555/k.${String(at)}` },
        facts: { title: named, authors: ['Smith, A.'], year: 2020 },
        reference: packReference({ form: 'csl', item: { id: own, type: 'book', 'citation-key': own } })
      }))
      const items = JSON.parse(writeReferences(entries, 'csl-json')) as { readonly id: string }[]
      expect(new Set(items.map(({ id }) => id)).size).toBe(all.length)
      const bib = writeReferences(entries, 'bibtex').match(/^@\w+\{[^,]+/gm) ?? []
      expect(new Set(bib.map((line) => line.toLowerCase())).size).toBe(all.length)
      expect(read(JSON.stringify(items), 'a.json').counts.drafts).toBe(all.length)
    }),
    { numRuns: 100 }
  )
})
