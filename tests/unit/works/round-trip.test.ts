/** Every written format is read back unchanged. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Identifiers, WorkFacts } from '../../../src/contract/work'
import {
  recognise,
  WRITABLE_FORMATS,
  workIdOf,
  writeReferences,
  type WritableFormat,
  type WriteEntry
} from '../../../src/main/works/works'
import { citationKeyOf } from '../../../src/main/works/formats/citation-key'
import { read } from './references-kit'

const NAMES: Readonly<Record<WritableFormat, string>> = {
  bibtex: 'a.bib',
  ris: 'a.ris',
  'csl-json': 'a.json',
  csv: 'a.csv',
  jsonl: 'a.jsonl'
}

function check(entries: readonly WriteEntry[], format: WritableFormat): void {
  const text = writeReferences(entries, format)
  const { drafts, problems } = read(text, NAMES[format])
  expect(problems, text).toEqual([])
  expect(
    drafts.map(({ ids }) => ids),
    text
  ).toEqual(entries.map(({ ids }) => idsAsRead(ids)))
  expect(
    drafts.map(({ facts }) => facts),
    text
  ).toEqual(entries.map(({ facts }) => facts))
}

/** An address beside another identifier is a hint where a copy may be, not a name. */
function idsAsRead(ids: Identifiers): Identifiers {
  const { url, ...names } = ids
  return Object.keys(names).length === 0 && url !== undefined ? { url } : names
}

const awkward: WriteEntry = {
  workId: 'W2741809807',
  ids: {
    openalex: 'W2741809807',
    doi: '10.1002/(sici)1097-4547(19960215)43:4<439::aid-jnr5>3.0.co;2-g',
    pmid: '123',
    pmcid: 'PMC45',
    url: 'https://example.org/a?q={x}&b=%20'
  },
  facts: {
    title: 'Über “50 %” of {C} & #1_x ~ $5 ^ \\cmd -- --- `` \'\' "quoted", a; b | c <i>d</i> ½ 例え',
    authors: [
      'Müller, Jérôme-É.',
      'van der Berg, Anna',
      "O'Neil, X.",
      'World Health Organization',
      'Einzelname'
    ],
    year: 1999,
    venue: 'Journal of {Things} & Other, Things',
    type: 'article',
    language: 'en'
  },
  file: '/home/me/Papers: new; old/Über 50 %.pdf',
  sha256: 'ab'.repeat(32)
}

describe.each(WRITABLE_FORMATS)('%s', (format) => {
  it('an entry with special characters', () => {
    check([awkward], format)
  })
  it.each([
    'article',
    'preprint',
    'book',
    'book-chapter',
    'proceedings-article',
    'dissertation',
    'report',
    'dataset',
    'review',
    'letter',
    'something-else'
  ])('the type %s', (type) => {
    check([{ workId: 'doi:10.1000/a', ids: { doi: '10.1000/a' }, facts: { title: 'T', type } }], format)
  })
  it.each<Identifiers>([
    { arxiv: '2401.00001' },
    { doi: '10.48550/arxiv.2401.00001', arxiv: '2401.00001' },
    { arxiv: 'hep-th/9901001', doi: '10.1000/a' },
    { pmid: '5' },
    { pmcid: 'PMC5' },
    { openalex: 'W5' },
    { url: 'https://example.org/a' }
  ])('named by %j alone', (ids) => {
    check([{ workId: workIdOf(ids), ids, facts: {} }], format)
  })
  it('any entry', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .map((value) =>
        value
          .normalize('NFC')
          .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
          .replace(/^[\s']+|\s+$/g, '')
      )
      .filter((value) => /[\p{L}\p{N}]/u.test(value) && !/arxiv|10\.\d/i.test(value))
    const word = fc.stringMatching(/^\p{Lu}[a-zé'-]{1,10}$/u).map((name) => name.normalize('NFC'))
    const author = fc.tuple(word, word).map(([family, given]) => `${family}, ${given}`)
    const facts = fc.record(
      {
        title: text,
        authors: fc.array(author, { minLength: 1, maxLength: 4 }),
        year: fc.integer({ min: 1400, max: 2099 }),
        venue: text
      },
      { requiredKeys: ['title'] }
    ) as fc.Arbitrary<WorkFacts>
    const doi = fc
      .string({ minLength: 1, maxLength: 20 })
      .map((suffix) => recognise(`10.1000/${suffix}`))
      .filter((got) => got.kind === 'ids' && got.ids.doi !== undefined && !got.ids.arxiv)
    const entry = fc.tuple(doi, facts).map(([got, known]): WriteEntry => {
      const ids: Identifiers = got.kind === 'ids' ? got.ids : {}
      return { workId: workIdOf(ids), ids, facts: known }
    })
    fc.assert(
      fc.property(
        fc.uniqueArray(entry, { minLength: 1, maxLength: 4, selector: ({ workId }) => workId }),
        (entries) => {
          check(entries, format)
        }
      ),
      { numRuns: 300 }
    )
  })
})

describe('details of the written formats', () => {
  it('BibTeX keeps every letter and sign of Latin, Greek, Cyrillic and mathematics', () => {
    const signs = Array.from({ length: 0x2c00 - 0xa1 }, (_, at) => String.fromCodePoint(at + 0xa1)).filter(
      (char) => /[\p{L}\p{S}\p{P}\p{N}]/u.test(char) && char.normalize('NFC') === char
    )
    const entries = signs.map((char, at): WriteEntry => {
      const doi = `10.1000/${at}`
      return { workId: `doi:${doi}`, ids: { doi }, facts: { title: `A${char} and ${char}` } }
    })
    check(entries, 'bibtex')
  })
  it('CSV cells cannot become formulas', () => {
    const entry: WriteEntry = {
      workId: 'W1',
      ids: { openalex: 'W1' },
      facts: { title: '=HYPERLINK("http://x")' }
    }
    expect(writeReferences([entry], 'csv')).toContain(`"'=HYPERLINK`)
    check([entry], 'csv')
  })
  it('names the file and its hash', () => {
    for (const format of WRITABLE_FORMATS) {
      const text = writeReferences([awkward], format)
      expect(text).toContain('ab'.repeat(32))
      expect(text.replace(/\\/g, '')).toContain('/home/me/Papers: new; old/Über 50 %.pdf')
    }
  })
  it('an empty library is an empty file that can be read', () => {
    expect(writeReferences([], 'csl-json')).toBe('[\n\n]\n')
    expect(writeReferences([], 'csv')).toMatch(/^work_id,doi/)
    expect(writeReferences([], 'bibtex')).toBe('')
  })
})

describe('citation keys', () => {
  it('are readable, and depend on their work only', () => {
    const key = citationKeyOf(awkward)
    expect(key).toMatch(/^muller1999uber-[0-9a-f]{4}$/)
    const alone = writeReferences([awkward], 'bibtex')
    const other: WriteEntry = { ...awkward, workId: 'doi:10.1000/other', ids: { doi: '10.1000/other' } }
    expect(alone).toContain(`{${key},`)
    expect(writeReferences([other, awkward], 'bibtex')).toContain(`{${key},`)
    expect(citationKeyOf(other)).not.toBe(key)
    expect(citationKeyOf({ workId: 'W1', facts: { title: '例え' } })).toMatch(/^work-[0-9a-f]{4}$/)
  })
})

it("Unpaywall's types of works have their counterparts in each format", () => {
  const entry = (type: string): WriteEntry => ({
    workId: 'doi:10.1000/a',
    ids: { doi: '10.1000/a' },
    facts: { title: 'T', type }
  })
  const article = [entry('journal-article')]
  expect(writeReferences(article, 'ris')).toContain('TY  - JOUR')
  expect(writeReferences(article, 'ris')).not.toContain('M3')
  expect(writeReferences(article, 'csl-json')).toContain('"type":"article-journal"')
  expect(writeReferences(article, 'bibtex')).toContain('@article{')
  expect(writeReferences([entry('posted-content')], 'csl-json')).toContain('"genre":"preprint"')
  expect(writeReferences([entry('monograph')], 'ris')).toContain('TY  - BOOK')
})
