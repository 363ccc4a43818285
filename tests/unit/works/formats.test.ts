/** The other reference formats, encodings, and the detection of formats. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readReferences } from '../../../src/main/works/works'
import { lines, only, read } from './references-kit'

describe('RIS', () => {
  it('reads a record with all its identifiers', () => {
    expect(
      only(
        `TY  - JOUR\r\nTI  - A title\r\n that goes on\r\nAU  - Smith, John\r\nAU  - Jane van Doe\r\nPY  - 2020/01/02/\r\nT2  - Journal of Things\r\nDO  - https://doi.org/10.1000/ABC\r\nC2  - PMC45\r\nAN  - PMID: 123\r\nUR  - https://example.org/a\r\nUR  - https://arxiv.org/abs/2401.00001v2\r\nL1  - https://example.org/a.pdf\r\nL1  - file:///home/me/a.pdf\r\nSN  - 1234-5678\r\nLA  - en\r\nER  - \r\n`,
        'a.ris'
      )
    ).toEqual({
      ids: { doi: '10.1000/abc', pmcid: 'PMC45', pmid: '123', arxiv: '2401.00001' },
      arxivVersion: 'v2',
      facts: {
        title: 'A title that goes on',
        authors: ['Smith, John', 'van Doe, Jane'],
        year: 2020,
        venue: 'Journal of Things',
        type: 'article',
        language: 'en'
      },
      locations: [{ landingUrl: 'https://example.org/a' }, { pdfUrl: 'https://example.org/a.pdf' }],
      origin: { name: 'a.ris', line: 1 }
    })
  })
  it('a record without an end or an identifier does not affect others', () => {
    const got = read(
      'junk\nTY  - JOUR\nDO  - 10.1000/a\nTY  - JOUR\nTI  - Only a title\nER  - \nTY  - BOOK\nTI  - B\nSN  - 978-3-16-148410-0\nER  -\nTY  - JOUR\nM3  - doi: 10.1000/b\n',
      'a.ris'
    )
    expect(got.drafts.map(({ ids, origin }) => [ids.doi, origin!.line])).toEqual([
      ['10.1000/a', 2],
      ['10.1000/b', 11]
    ])
    expect(lines(got)).toEqual(['1 BAD_LINE', '4 NAMED_BY_TITLE_ONLY', '7 ISBN_NOT_SUPPORTED'])
  })
})

describe('PubMed’s format', () => {
  it('reads records separated by blank lines, with continued values', () => {
    const text = `PMID- 23175652\nOWN - NLM\nTI  - A title\n      that goes on.\nFAU - Smith, John\nAU  - Smith J\nDP  - 2012 Dec 1\nLID - gks1195 [pii]\nAID - 10.1093/nar/gks1195 [doi]\nPMC - PMC3531190\nPT  - Journal Article\nJT  - Nucleic acids research\nLA  - eng\n\nPMID- 2\nTI  - Second\n`
    const got = read(text, 'a.nbib')
    expect(got.problems).toEqual([])
    expect(got.drafts.map(({ ids }) => ids)).toEqual([
      { doi: '10.1093/nar/gks1195', pmcid: 'PMC3531190', pmid: '23175652' },
      { pmid: '2' }
    ])
    expect(got.drafts[0]!.facts).toEqual({
      title: 'A title that goes on',
      authors: ['Smith, John'],
      year: 2012,
      venue: 'Nucleic acids research',
      type: 'article',
      language: 'eng'
    })
    expect(got.drafts[1]!.origin!.line).toBe(15)
    expect(read(text, 'pubmed.txt').format).toBe('nbib')
  })
  it('reports the lines outside of records', () => {
    expect(lines(read('PMID- 1\nrubbish here\n\nTI  - Only a title\n', 'a.nbib'))).toEqual([
      '2 BAD_LINE',
      '4 NAMED_BY_TITLE_ONLY'
    ])
  })
})

describe('CSL-JSON and answers of services', () => {
  const item = {
    id: 'x',
    type: 'article-journal',
    title: 'T',
    DOI: '10.1000/a',
    author: [{ family: 'Doe', given: 'J', 'non-dropping-particle': 'van' }, { literal: 'WHO' }],
    issued: { 'date-parts': [[2020, 1]] },
    'container-title': 'J'
  }
  it('reads an item', () => {
    expect(only(JSON.stringify([item]), 'a.json')).toEqual({
      ids: { doi: '10.1000/a' },
      facts: { title: 'T', authors: ['van Doe, J', 'WHO'], year: 2020, venue: 'J', type: 'article' },
      origin: { name: 'a.json', line: 1 }
    })
  })
  it.each<[string, unknown]>([
    ['a single item', item],
    ['{"items": […]}', { items: [item] }],
    [
      'Crossref, one work',
      { status: 'ok', message: { DOI: '10.1000/a', title: ['T'], 'container-title': ['J'] } }
    ],
    ['Crossref, a list', { status: 'ok', message: { 'total-results': 1, items: [item] } }],
    [
      'OpenAlex, a page',
      {
        meta: { count: 1 },
        results: [{ id: 'https://openalex.org/A1', doi: 'https://doi.org/10.1000/a', referenced_works: [] }]
      }
    ],
    ['Zotero’s extra', [{ title: 'T', note: 'DOI: 10.1000/a' }]],
    ['a list of texts', ['https://doi.org/10.1000/a']]
  ])('%s', (_, value) => {
    for (const indent of [0, 2])
      expect(only(JSON.stringify(value, null, indent), 'a.json').ids).toMatchObject({ doi: '10.1000/a' })
  })
  it("OpenAlex's locations of a copy are kept", () => {
    const work = {
      id: 'https://openalex.org/W1',
      doi: null,
      ids: { openalex: 'https://openalex.org/W1', pmid: 'https://pubmed.ncbi.nlm.nih.gov/5' },
      display_name: 'T',
      publication_year: 2020,
      authorships: [{ author: { display_name: 'Jane Doe' } }],
      best_oa_location: {
        is_oa: true,
        pdf_url: 'https://x.org/a.pdf',
        landing_page_url: 'https://x.org/a',
        version: 'publishedVersion',
        license: 'cc-by',
        source: { display_name: 'X' }
      },
      locations: [{ is_oa: false, landing_page_url: 'https://y.org/a', pdf_url: null, source: null }]
    }
    expect(only(JSON.stringify(work), 'a.jsonl')).toMatchObject({
      ids: { openalex: 'W1', pmid: '5' },
      facts: { title: 'T', authors: ['Doe, Jane'], year: 2020 },
      locations: [
        {
          pdfUrl: 'https://x.org/a.pdf',
          landingUrl: 'https://x.org/a',
          version: 'publishedVersion',
          license: 'cc-by',
          venue: 'X',
          isOa: true
        },
        { landingUrl: 'https://y.org/a', isOa: false }
      ]
    })
  })
  it.each([
    ['a value', '  {"DOI": oops},'],
    ['a brace', '  {"DOI": "10.1000/bad", "author": [{"family": "X"}],'],
    ['a bracket', '  {"DOI": "10.1000/bad", "author": [{"family": "X"},'],
    ['a quote', '  {"DOI": "10.1000/bad, "title": "x"},']
  ])('an item that lacks %s does not affect others', (_, broken) => {
    const got = read(`[\n  {"DOI": "10.1000/a"},\n${broken}\n  {"DOI": "10.1000/b"}\n]`, 'a.json')
    expect(got.drafts.map(({ ids, origin }) => [ids.doi, origin!.line])).toEqual([
      ['10.1000/a', 2],
      ['10.1000/b', 4]
    ])
    expect(lines(got)).toEqual(['3 BAD_LINE'])
  })
  it('text after the list is a problem, and a missing comma is not', () => {
    const got = read('[\n{"DOI":"10.1000/a"}\n{"DOI":"10.1000/b"}\n]\n[{"DOI":"10.1000/c"}]', 'a.json')
    expect(got.drafts.map(({ ids }) => ids.doi)).toEqual(['10.1000/a', '10.1000/b'])
    expect(lines(got)).toEqual(['4 BAD_LINE'])
  })
  it('numbers and null are problems, not ignored', () => {
    const got = read('[\n1,\n{"title": "T"},\nnull,\n"words"]', 'a.json')
    expect(lines(got)).toEqual(['2 BAD_LINE', '3 NAMED_BY_TITLE_ONLY', '4 BAD_LINE', '5 BAD_LINE'])
  })
})

describe('JSON Lines', () => {
  it("objects, texts, items, works, and Sheaf's own manifest", () => {
    const got = read(
      [
        '{"doi":"10.1000/a","title":"T","authors":["Doe, J"],"year":2020}',
        '"arXiv:2401.00001v2"',
        '{"id":"https://openalex.org/W12"}',
        '',
        '{"artifact":{"workId":"doi:10.1000/b"},"ids":{"doi":"10.1000/b"},"facts":{"title":"M","year":2019}}',
        '{broken',
        '{"title":"only"}',
        '{"pmid":123}',
        '{"work_id":"pmcid:PMC77"}'
      ].join('\n'),
      'a.jsonl'
    )
    expect(got.drafts.map(({ ids }) => ids)).toEqual([
      { doi: '10.1000/a' },
      { arxiv: '2401.00001' },
      { openalex: 'W12' },
      { doi: '10.1000/b' },
      { pmid: '123' },
      { pmcid: 'PMC77' }
    ])
    expect(got.drafts[3]!.facts).toEqual({ title: 'M', year: 2019 })
    expect(lines(got)).toEqual(['6 BAD_LINE', '7 NAMED_BY_TITLE_ONLY'])
  })
})

describe('tables', () => {
  const ids = (text: string, name = 'a.csv') => read(text, name).drafts.map((draft) => draft.ids)
  it.each([
    ['Digital Object Identifier (DOI),Note', '10.1000/a,x', { doi: '10.1000/a' }],
    ['Note,Link URL', 'x,https://example.org/a', { url: 'https://example.org/a' }],
    ['Note,PubMed ID [PMID]', 'x,23175652', { pmid: '23175652' }]
  ])('knows the column in %s', (head, row, expected) => {
    expect(ids(`${head}\n${row}\n`)).toEqual([expected])
  })
  it.each<[string, string]>([
    ['names of columns in any spelling', 'Article Title,D.O.I.,Year\n"A, ""b""",10.1000/a,2020'],
    ['semicolons', 'Title;DOI\nA;10.1000/a'],
    ['tabs', 'Title\tDOI Link\nA\thttps://doi.org/10.1000/a'],
    ['a spreadsheet’s first line', 'sep=;\nTitle;DOI\nA;10.1000/a'],
    ['no names, identifiers first', '10.1000/a,A title,2020'],
    ['no names, identifiers elsewhere', 'A title,10.1000/a,2020'],
    ['one column', 'doi\n10.1000/a'],
    ['a cell with line ends', 'Title,Abstract,DOI\nA,"one\ntwo\nthree",10.1000/a'],
    ['ragged rows and blank lines', 'doi,title\n\n10.1000/a\n\n,,,\n'],
    ['a quoted formula', "doi,title\n10.1000/a,'=SUM(1)"]
  ])('%s', (_, text) => {
    expect(ids(text)).toEqual([{ doi: '10.1000/a' }])
  })
  it("reads the columns of PubMed's and Scopus' tables", () => {
    const text =
      'PMID,Title,Authors,Journal/Book,Publication Year,PMCID,DOI\n123,"A title","Smith J, van Dam A.",J Things,2020,PMC45,10.1000/a\n'
    expect(only(text, 'a.csv')).toMatchObject({
      ids: { pmid: '123', pmcid: 'PMC45', doi: '10.1000/a' },
      facts: {
        title: 'A title',
        authors: ['Smith, J', 'van Dam, A'],
        year: 2020,
        venue: 'J Things'
      }
    })
    expect(only('Author(s),Source title,Link\n"Doe, J.; Roe, R.",J,https://x.org/a', 'a.csv')).toMatchObject({
      ids: { url: 'https://x.org/a' },
      facts: { authors: ['Doe, J.', 'Roe, R.'], venue: 'J' }
    })
  })
  it('reports each row without an identifier, by its line in the file; a lone quotation mark loses nothing', () => {
    const text =
      'title,doi,abstract\nA,10.1000/a,"x\ny"\nB,,\nC,10.12,\nD,10.1000/d,\n"E,10.1000/e,\nF,10.1000/f,\nG,n/a,\n'
    const got = read(text, 'a.csv')
    expect(got.drafts.map((draft) => [draft.ids.doi, draft.origin!.line])).toEqual([
      ['10.1000/a', 2],
      ['10.1000/d', 6],
      ['10.1000/e', 7],
      ['10.1000/f', 8]
    ])
    expect(lines(got)).toEqual(['4 NAMED_BY_TITLE_ONLY', '5 BAD_IDENTIFIER', '9 NAMED_BY_TITLE_ONLY'])
  })
})

describe('plain text', () => {
  it('an identifier a line, comments, prose, and lines not understood', () => {
    const got = read(
      '# my list\n10.1000/a\n\narXiv:2401.00001v2 # the new one\nSmith 2020, doi:10.1000/b.\nAttention is all you need\n12345\n10.1000/A\n',
      'a.txt'
    )
    expect(got.drafts.map(({ ids, origin }) => [ids.doi ?? ids.arxiv, origin!.line])).toEqual([
      ['10.1000/a', 2],
      ['2401.00001', 4],
      ['10.1000/b', 5]
    ])
    expect(got.counts).toEqual({ entries: 6, drafts: 3, repeated: 1, refused: 2 })
    expect(lines(got)).toEqual(['6 BAD_LINE', '7 BAD_IDENTIFIER'])
  })
})

describe('any file', () => {
  const bib = '@article{a,\n  title = {Größe},\n  doi = {10.1000/a}\n}\n'
  const utf16 = (text: string, little: boolean) => {
    const bytes = new Uint8Array(2 + text.length * 2)
    const view = new DataView(bytes.buffer)
    view.setUint16(0, 0xfeff, little)
    Array.from(text).forEach((char, at) => {
      view.setUint16(2 + at * 2, char.charCodeAt(0), little)
    })
    return bytes
  }
  it.each<[string, Uint8Array]>([
    ['UTF-8', new TextEncoder().encode(bib)],
    ['UTF-8 with a mark', new TextEncoder().encode(`\ufeff${bib}`)],
    ['UTF-16 LE', utf16(bib, true)],
    ['UTF-16 BE', utf16(bib, false)],
    ['Windows-1252', Uint8Array.from(bib, (char) => char.charCodeAt(0))],
    ['old Mac line ends', new TextEncoder().encode(bib.replaceAll('\n', '\r'))]
  ])('in %s', (_, bytes) => {
    expect(read(bytes, 'a.bib').drafts[0]).toMatchObject({
      facts: { title: 'Größe' },
      ids: { doi: '10.1000/a' }
    })
  })
  it.each([
    ['bibtex', 'list', bib],
    ['bibtex', 'refs.txt', bib],
    ['ris', '-', 'TY  - JOUR\nDO  - 10.1000/a\nER  - \n'],
    ['csl-json', '-', '[{"DOI":"10.1000/a"}]'],
    ['jsonl', '-', '{"doi":"10.1000/a"}\n{"doi":"10.1000/a"}'],
    ['jsonl', 'a.json', '{"doi":"10.1000/a"}\n{"doi":"10.1000/a"}'],
    ['csv', '-', 'title,doi\nA,10.1000/a'],
    ['tsv', '-', 'title\tdoi\nA\t10.1000/a'],
    ['ris', 'wrong.bib', 'TY  - JOUR\nDO  - 10.1000/a\nER  - \n'],
    ['text', '-', '10.1000/a'],
    ['text', '-', '[1] Smith, 10.1000/a']
  ])('is detected as %s by name and content (%s)', (format, name, text) => {
    const got = read(text, name)
    expect(got.format).toBe(format)
    expect(got.drafts.map(({ ids }) => ids.doi)).toEqual(['10.1000/a'])
  })
  it('a file that is not text is one problem that names its kind', () => {
    const cases: [Uint8Array, RegExp][] = [
      [new TextEncoder().encode('%PDF-1.4 …'), /a PDF/],
      [Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0]), /ZIP/],
      [Uint8Array.from({ length: 5_000 }, (_, at) => (at * 7919) % 256), /not a text/],
      [new Uint8Array(0), /empty/],
      [new TextEncoder().encode(' \n\n'), /empty/]
    ]
    for (const [bytes, because] of cases) {
      const { drafts, problems } = readReferences(bytes, 'a.bib')
      expect(drafts).toEqual([])
      expect(problems.map(({ code }) => code)).toEqual(['BAD_FILE'])
      expect(problems[0]!.because).toMatch(because)
    }
    expect(lines(read('just words', 'a.bib'))).toEqual(['1 BAD_FILE'])
  })
  it('the same work twice is planned once and counted', () => {
    const got = read(
      '{"doi":"10.1000/a"}\n{"doi":"10.1000/A","pmid":"5"}\n{"pmid":"5"}\n{"arxiv":"2401.00001"}\n{"doi":"10.48550/arXiv.2401.00001"}',
      'a.jsonl'
    )
    expect(got.counts).toEqual({ entries: 5, drafts: 2, repeated: 3, refused: 0 })
  })
  it('never an exception, and the counts add up', () => {
    const snippets = fc.constantFrom(
      '@article{a,',
      'doi = {10.1000/a}',
      '}',
      '{',
      '"',
      'TY  - JOUR',
      'ER  - ',
      'DO  - 10.1000/b',
      'PMID- 5',
      '      more',
      '[',
      ']',
      '{"doi":',
      '"10.1000/c"',
      ',',
      'title,doi',
      '\n',
      '\n',
      '\t',
      '\\',
      '#',
      'arXiv:2401.00001',
      'é'
    )
    const text = fc
      .array(fc.oneof(snippets, fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 40 })
      .map((parts) => parts.join(''))
    const name = fc.constantFrom(
      'a.bib',
      'a.ris',
      'a.json',
      'a.jsonl',
      'a.nbib',
      'a.csv',
      'a.tsv',
      'a.txt',
      '-'
    )
    fc.assert(
      fc.property(text, name, (content, fileName) => {
        const got = read(content, fileName)
        // The ends of lines that a reader counts (`decode.ts`).
        const last = content.split(/\r\n|[\r\n\u0085\u2028\u2029]/).length
        for (const { line } of got.problems) expect(line >= 1 && line <= last).toBe(true)
      }),
      { numRuns: 800 }
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), name, (bytes, fileName) => {
        read(bytes, fileName)
      })
    )
  })
})

describe('BibTeX pasted among other lines', () => {
  const pasted = [
    'Dear all, here is what we still need:',
    '10.1234/before',
    '% a comment',
    '@article{alps, title = {Alpine plants',
    '  at the edge}, doi = {10.1234/alps}}',
    'doi:10.1234/after'
  ].join('\n')

  it('every line counts, with its number', () => {
    const read = readReferences(new TextEncoder().encode(pasted), 'Pasted text')
    expect(read.drafts.map((draft) => [draft.ids.doi, draft.origin?.line])).toEqual([
      ['10.1234/before', 2],
      ['10.1234/alps', 4],
      ['10.1234/after', 6]
    ])
    expect(read.problems.map(({ line, code }) => [line, code])).toEqual([[1, 'BAD_LINE']])
  })

  it('in a .bib text outside of entries is a comment', () => {
    const read = readReferences(new TextEncoder().encode(pasted), 'refs.bib')
    expect(read.drafts.map((draft) => draft.ids.doi)).toEqual(['10.1234/alps'])
    expect(read.problems).toEqual([])
  })
})
