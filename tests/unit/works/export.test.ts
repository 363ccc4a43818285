/** A user's own file keeps its content through import and export, in each format. */
import { Ajv, type AnySchema } from 'ajv'
import fc from 'fast-check'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { WritableFormat, WriteEntry } from '../../../src/main/works/works'
import { workIdOf, writeReferences } from '../../../src/main/works/works'
import { commonOf } from '../../../src/main/works/formats/common-reference'
import { safeLatex, textToLatex } from '../../../src/main/works/formats/latex-write'
import { packReference, unpackReference } from '../../../src/main/works/formats/reference'
import { read } from './references-kit'

const FIXTURES = join(import.meta.dirname, '..', '..', 'fixtures')
const BIB = String.raw`@phdthesis{aang2001, author={{\AA}ngstr{\"o}m, {\AA}sa}, title={On {DNA} and {mRNA} & more}, school={University of Examples}, address={Uppsala}, year={2001}, doi={10.5555/ex.1}, x-color={blue}}
@article{vonNeumann1947, author={von Neumann, John and King, Jr., Martin Luther and others}, title={Numerical inverting}, journal={Bulletin of Examples}, year={1947}, volume={53}, number={11}, pages={1021--1099}, month=nov, doi={10.5555/ex.2}, keywords={matrices, errors}, issn={0002-9904}, abstract={We invert.}, note={A note}}
@book{knuth1997, author={Knuth, Donald E.}, editor={Roe, Richard}, title={A Book}, publisher={Example Press}, edition={2}, series={Examples}, isbn={978-3-16-148410-0}, year={1997}, doi={10.5555/ex.3}}
`

function again(text: string, name: string): WriteEntry[] {
  return read(text, name).drafts.map(({ ids, facts, reference }) => ({
    workId: workIdOf(ids),
    ids,
    facts,
    ...(reference === undefined ? {} : { reference })
  }))
}
const NAMES: Partial<Record<WritableFormat, string>> = { bibtex: 'a.bib', ris: 'a.ris', 'csl-json': 'a.json' }

describe.each(['bibtex', 'ris', 'csl-json'] as const)('%s', (format) => {
  it('keeps keys and fields, also the second time', () => {
    let entries = again(BIB, 'a.bib')
    for (let round = 0; round < 2; round++) entries = again(writeReferences(entries, format), NAMES[format]!)
    const [thesis, article, book] = entries.map((entry) => commonOf(unpackReference(entry.reference)))
    expect([thesis!.key, article!.key, book!.key]).toEqual(['aang2001', 'vonNeumann1947', 'knuth1997'])
    expect(thesis!.texts).toMatchObject({ school: 'University of Examples', place: 'Uppsala' })
    expect(article).toMatchObject({
      hasOthers: true,
      month: 11,
      keywords: ['matrices', 'errors'],
      issn: ['0002-9904'],
      texts: {
        volume: '53',
        issue: '11',
        pages: '1021-1099',
        abstract: 'We invert.',
        container: 'Bulletin of Examples'
      }
    })
    expect(article!.authors).toEqual(['von Neumann, John', 'King, Jr., Martin Luther'])
    expect(article!.notes).toContain('A note')
    expect(book).toMatchObject({
      editors: ['Roe, Richard'],
      texts: { publisher: 'Example Press', edition: '2', series: 'Examples' }
    })
    expect(JSON.stringify(thesis)).toContain('blue')
  })
  it('is exported to BibTeX with every field in its place', () => {
    const text = writeReferences(
      again(writeReferences(again(BIB, 'a.bib'), format), NAMES[format]!),
      'bibtex'
    )
    for (const wanted of [
      /@phdthesis\{aang2001,/,
      /school = \{University of Examples\}/,
      /publisher = \{Example Press\}/,
      /volume = \{53\}/,
      /pages = \{1021--1099\}/,
      /month = nov/,
      /and others\}/
    ])
      expect(text).toMatch(wanted)
    expect(text).not.toMatch(/journal = \{(?:University|Example Press)/)
  })
})

describe('BibTeX', () => {
  it('keeps protecting braces and is safe to compile with LaTeX', () => {
    const text = writeReferences(again(BIB, 'a.bib'), 'bibtex')
    expect(text).toContain('{DNA}')
    expect(text).toContain('\\& more')
    expect(safeLatex('a \\input{/etc/passwd} {B}')).toBe('a /etc/passwd B')
    expect(safeLatex('unbalanced }')).not.toMatch(/(?<!\\text\w+)\}$/)
    expect(textToLatex('α ≥ 1')).toBe('\\ensuremath{\\alpha} \\ensuremath{\\geq} 1')
  })
  it('gives two works with one key two keys', () => {
    const text = writeReferences(
      again('@misc{k, doi={10.5555/a}}\n@misc{k, doi={10.5555/b}}', 'a.bib'),
      'bibtex'
    )
    expect(new Set(text.match(/@misc\{[^,]+/g)).size).toBe(2)
  })
})

describe('CSL-JSON', () => {
  it('validates against the schema of CSL; other fields are in `custom`', async () => {
    const schema: unknown = JSON.parse(await readFile(join(FIXTURES, 'csl', 'csl-data.json'), 'utf8'))
    const validate = new Ajv({ strict: false, allErrors: true }).compile(schema as AnySchema)
    const odd =
      '[{"id":7,"type":"odd","title":["T"],"DOI":"10.5555/z","mine":1,"issued":"2020","volume":3,"author":[{"family":"A","orcid":"0"},"B"],"keyword":["a"],"event-date":{"date-parts":[[2020,null],[]]}}]'
    const items = JSON.parse(
      writeReferences([...again(BIB, 'a.bib'), ...again(odd, 'a.json'), UNSAID], 'csl-json')
    ) as Record<string, unknown>[]
    void validate(items)
    expect(validate.errors).toBeNull()
    expect(items[1]!['author']).toContainEqual({
      'non-dropping-particle': 'von',
      family: 'Neumann',
      given: 'John'
    })
    expect(items[1]!['author']).toContainEqual({ family: 'King', suffix: 'Jr.', given: 'Martin Luther' })
    expect(items[0]).toMatchObject({
      id: 'aang2001',
      publisher: 'University of Examples',
      custom: { 'x-color': 'blue' }
    })
    expect(items[3]).toMatchObject({ type: 'document', volume: 3, custom: { mine: 1 } })
  })
})

/** Known by an identifier and by what sources reported only. */
const UNSAID: WriteEntry = {
  workId: 'doi:10.5555/u',
  ids: { doi: '10.5555/u', arxiv: '2401.00001', openalex: 'W1', url: 'https://example.org/u?token=abc' },
  facts: { title: 'T', type: 'something-else', year: 2001 }
}

it('editors are not authors; suffixes are where each format puts them', () => {
  const bib =
    '@book{k, editor={Roe, R. and King, III, M.}, title={T}, publisher={P}, year=1999, month="4~" # jul, doi={10.5555/e}}'
  const entries = again(bib, 'a.bib')
  const ris = writeReferences(entries, 'ris')
  expect(ris).toContain('ED  - King, M., III\r\n')
  expect(ris).not.toContain('AU  - ')
  expect(ris).toContain('DA  - 1999/07/04/')
  expect(writeReferences(again(ris, 'a.ris'), 'bibtex')).toContain('editor = {Roe, R. and King, III, M.}')
  expect(writeReferences(entries, 'bibtex').match(/publisher/g)).toHaveLength(1)
})

describe('an inherited field', () => {
  const text = String.raw`@string{ep = "Example Press"}
@inproceedings{child, title={A Part}, crossref={whole}, pages={1--2}, doi={10.5555/part}}
@proceedings{whole, title={The Whole}, editor={Roe, Richard}, publisher=ep, year=2003, doi={10.5555/whole}, url={https://example.org/whole}}
@article{circle, crossref={circle2}, doi={10.5555/c1}} @article{circle2, crossref={circle}, doi={10.5555/c2}}`
  it('is written where it belongs, and no identifier is inherited', () => {
    const [child] = again(text, 'a.bib')
    expect(child).toMatchObject({ ids: { doi: '10.5555/part' }, facts: { year: 2003, venue: 'The Whole' } })
    const bib = writeReferences([child!], 'bibtex')
    expect(bib).toContain('booktitle = {The Whole}')
    expect(bib).toContain('publisher = {Example Press}')
    expect(bib).toContain('xref = {whole}')
    expect(bib).not.toContain('10.5555/whole')
    expect(bib).not.toContain('crossref')
  })
})

it('no value closes its braces or runs a command, for any user entry', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '\\',
    '$',
    '%',
    '&',
    '#',
    '_',
    '^',
    '~',
    'a',
    ' ',
    '\n',
    'é',
    'ṣ',
    '₂',
    '−',
    '\\input',
    '\\url{',
    '\\"{o}',
    '\\write18',
    '{\\em ',
    '\u202e',
    '\u001b'
  )
  const value = fc.array(piece, { maxLength: 14 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(value, value, (title, note) => {
      const reference = packReference({
        form: 'bibtex',
        type: 'article',
        key: 'k',
        fields: [
          ['title', title],
          ['x-note', note]
        ]
      })
      const text = writeReferences([{ ...UNSAID, reference }], 'bibtex')
      for (const line of text.split('\n').slice(1, -2)) {
        const [, inner] = /^ {2}[\w-]+ = \{(.*)\},$/.exec(line) ?? []
        expect(inner, text).toBeDefined()
        expect(balanceOf(inner!), text).toEqual([0, 0])
        expect(inner, text).not.toMatch(/(?<!\\)(?:\\\\)*\\(?:input|write)/)
        // eslint-disable-next-line no-control-regex -- checks that there are none
        expect(inner, text).not.toMatch(/[\u0000-\u001f\u202e]/)
        if (!/url|file/.test(line)) expect(inner!.replace(/\\./g, ''), text).not.toMatch(/[%#&]/)
      }
    }),
    { numRuns: 300 }
  )
})

/** Depth at the end and the least depth before; BibTeX counts escaped braces too. */
function balanceOf(text: string): [number, number] {
  let depth = 0
  let least = 0
  for (const char of text) {
    if (char === '{') depth++
    else if (char === '}') least = Math.min(least, --depth)
  }
  return [depth, least]
}

it('the size of a reference is limited: the longest fields are dropped first', () => {
  const fields: [string, string][] = [
    ['title', 'T'],
    ['abstract', 'x'.repeat(30_000)],
    ...Array.from({ length: 50 }, (_, at): [string, string] => [`f${at}`, 'y'.repeat(1_000)])
  ]
  const packed = packReference({ form: 'bibtex', type: 'article', key: 'k', fields })
  expect(packed.length).toBeLessThanOrEqual(20_000)
  expect(unpackReference(packed)).toMatchObject({
    key: 'k',
    fields: expect.arrayContaining([['title', 'T']]) as unknown
  })
  expect(unpackReference('{"form":"odd"}')).toBeNull()
})
