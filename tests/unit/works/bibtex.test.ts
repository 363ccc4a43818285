/** `.bib` files as they occur: accents, strings, comments, and broken entries that do not affect others. */
import { parse } from '@retorquere/bibtex-parser'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { latexToText } from '../../../src/main/works/formats/latex'
import { textToLatex } from '../../../src/main/works/formats/latex-write'
import { lines, only, read } from './references-kit'

describe('LaTeX to text', () => {
  const check = (latex: string, expected: string) => {
    expect(latexToText(latex)).toBe(expected)
  }
  it.each([
    ['{\\"U}ber \\"{o} \\"o {\\"{a}}', 'Über ö ö ä'],
    ["J{\\'e}r{\\^o}me \\'{\\i}", 'Jérôme í'],
    ['\\c{c} \\v{S} \\v s \\k{a} \\H{o} \\r{a} \\u{g} \\.{z} \\=a \\d{h}', 'ç Š š ą ő å ğ ż ā ḥ'],
    [
      'Erd\\H os, \\O{}re, \\o re, Stra\\ss e, \\AA ngstr\\"om, \\l{}',
      'Erdős, Øre, øre, Straße, Ångström, ł'
    ],
    ["G\\'omez--Pe\\~na --- ``quoted'' it''s", 'Gómez–Peña — “quoted” it”s'],
    ['A \\& B \\% C \\_ D \\# E \\$ F \\{ G \\}', 'A & B % C _ D # E $ F { G }'],
    ['\\textit{In vivo} \\emph{and} {\\bf bold} {\\em x}', 'In vivo and bold x'],
    ['$x^2$, $x^{10}$, H$_2$O, $\\alpha$-helix, $\\mathcal{O}(n)$', 'x², x¹⁰, H₂O, α-helix, O(n)'],
    ['The {DNA} of {{NASA}}', 'The DNA of NASA'],
    ['a~b\n   c\\\\d', 'a b c d'],
    ['\\unknown{kept} \\LaTeX{}', 'kept LaTeX'],
    ['trailing \\', 'trailing'],
    ['{unbalanced', 'unbalanced']
  ])('%s', check)
  it('text written as LaTeX is read back unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const plain = text.normalize('NFC').replace(/\s+/g, ' ').trim()
        expect(latexToText(textToLatex(plain))).toBe(plain)
      }),
      { numRuns: 500 }
    )
  })
})

describe('an entry', () => {
  it('gives its identifiers, facts and locations', () => {
    expect(
      only(
        `@Article{Smith2020,
  title = {{The} {\\"U}ber Paper},
  author = {Smith, John and J{\\'e}r{\\^o}me van der M{\\"u}ller and {World Health Organization} and others},
  journal = "Journal of \\textit{Things}",
  year = 2020,
  doi = {https://doi.org/10.1000/ABC\\_1},
  pmid = {123}, pmcid = {PMC45},
  url = {https://example.org/paper.pdf},
  file = {:/home/me/a.pdf:PDF},
}`,
        'a.bib'
      )
    ).toEqual({
      ids: { doi: '10.1000/abc_1', pmid: '123', pmcid: 'PMC45' },
      facts: {
        title: 'The Über Paper',
        authors: ['Smith, John', 'van der Müller, Jérôme', 'World Health Organization'],
        year: 2020,
        venue: 'Journal of Things',
        type: 'article'
      },
      locations: [{ pdfUrl: 'https://example.org/paper.pdf' }],
      origin: { name: 'a.bib', line: 1 }
    })
  })
  it.each([
    ['eprint={2401.00001v2}, archiveprefix={arXiv}, primaryClass={cs.CL}', { arxiv: '2401.00001' }],
    ['eprint={math/0309136}, eprinttype={arxiv}', { arxiv: 'math/0309136' }],
    ['eprint={23175652}, eprinttype={pubmed}', { pmid: '23175652' }],
    ['journal={arXiv preprint arXiv:1706.03762}', { arxiv: '1706.03762' }],
    ['note={doi: 10.1000/x}', { doi: '10.1000/x' }],
    ['journal={CoRR}, volume={abs/1706.03762}', { arxiv: '1706.03762' }],
    ['howpublished={\\url{https://example.org/x_y}}', { url: 'https://example.org/x_y' }],
    ['url={https://example.org/x}', { url: 'https://example.org/x' }],
    ['url={https://arxiv.org/abs/2401.00001}', { arxiv: '2401.00001' }],
    ['doi={10.1000/x}, url={https://arxiv.org/abs/2401.00001}', { doi: '10.1000/x', arxiv: '2401.00001' }],
    [
      'doi={10.1000/x}, eprint={2401.00001}, archiveprefix={arXiv}',
      { doi: '10.1000/x', arxiv: '2401.00001' }
    ],
    ['doi={10.1000/x}, url={https://doi.org/10.1000/other}', { doi: '10.1000/x' }],
    [
      'doi={10.1002/(SICI)1097-4547(19960215)43:4{\\textless}439::AID-JNR5{\\textgreater}3.0.CO;2-G}',
      { doi: '10.1002/(sici)1097-4547(19960215)43:4<439::aid-jnr5>3.0.co;2-g' }
    ],
    ['doi={10.1000/x}, isbn={978-3-16-148410-0}', { doi: '10.1000/x' }],
    ['doi={10.1000/a}, note={an answer to 10.1000/b}', { doi: '10.1000/a' }]
  ])('%s', (fields, ids) => {
    expect(only(`@misc{k, title={T}, ${fields}}`, 'a.bib').ids).toEqual(ids)
  })
  it('keeps a version, and uses the page as the name where a DOI was only found in its address', () => {
    expect(only('@misc{k, eprint={2401.00001v2}, archiveprefix={arXiv}}', 'a.bib').arxivVersion).toBe('v2')
    const draft = only('@misc{k, url={https://journal.example.org/doi/10.1000/x}}', 'a.bib')
    expect(draft).toMatchObject({
      namedBy: 'url',
      ids: { doi: '10.1000/x', url: 'https://journal.example.org/doi/10.1000/x' }
    })
  })
})

describe('the syntax', () => {
  it('knows strings, concatenation, comments, preambles, parentheses and missing commas', () => {
    const { drafts, problems } = read(
      `% a comment with @article{commented, doi={10.1000/no1}}
@string{jot = "Journal of " # {Things}}
@STRING(me = {Smith, John})
@preamble{"\\newcommand{\\x}{y}"}
@comment{@article{no, doi={10.1000/no2}}}
Words between entries, me@example.org {too}.
@article(par, title = "A {"quoted"} title", doi = "10.1000/a", journal = jot # " and " # {More}, author = me, month = jan)
@article{nocomma,
  title = {B}
  doi = {10.1000/b}
  % doi = {10.1000/no3}
}
@article{
  doi = {10.1000/c}, }
@misc{d, doi = 10.1000/d
}`,
      'a.bib'
    )
    expect(problems).toEqual([])
    expect(drafts.map(({ ids }) => ids.doi)).toEqual(['10.1000/a', '10.1000/b', '10.1000/c', '10.1000/d'])
    expect(drafts[0]!.facts).toMatchObject({
      title: 'A "quoted" title',
      venue: 'Journal of Things and More',
      authors: ['Smith, John']
    })
  })
  it.each([
    ['a missing brace', '@article{bad,\n  title = {Never closed,\n  doi = {10.1000/bad}\n}'],
    ['a missing quote', '@article{bad,\n  title = "Never closed,\n  year = 2020\n}'],
    ['no equals sign', '@article{bad,\n  title {x},\n}'],
    ['no value', '@article{bad,\n  title = ,\n}'],
    ['no end', '@article{bad,\n  title = {x},\n'],
    ['a lone brace', '@article{bad,\n  title = "x } y",\n}'],
    ['nothing but a brace', '@article{bad, {'],
    ['rubbish', '@article{bad, ((( ,,, ===']
  ])('%s does not affect other entries', (_, broken) => {
    const text = `@article{a,\n  doi = {10.1000/a}\n}\n${broken}\n@article{b,\n  doi = {10.1000/b}\n}\n`
    const got = read(text, 'a.bib')
    expect(got.drafts.map(({ ids }) => ids.doi)).toEqual(['10.1000/a', '10.1000/b'])
    expect(lines(got)).toEqual(['4 BAD_LINE'])
    expect(got.drafts[1]!.origin!.line).toBe(4 + broken.split('\n').length)
  })
  it('a file of one line, with a percent sign in it, loses nothing', () => {
    const one = Array.from(
      { length: 50 },
      (_, at) => `@article{k${at}, title={50 \\% of ${at}}, doi={10.1000/${at}}}`
    )
    expect(read(one.join(' '), 'a.bib').counts).toEqual({ entries: 50, drafts: 50, repeated: 0, refused: 0 })
    one[7] = '@article{bad, title={50 % }'
    expect(read(one.join(' '), 'a.bib').counts).toEqual({ entries: 50, drafts: 49, repeated: 0, refused: 1 })
  })
  it('a problem quotes its own entry only', () => {
    const { problems } = read('@misc{a}\n@misc{b, doi={10.1000/b}}', 'a.bib')
    expect(problems.map(({ text }) => text)).toEqual(['@misc{a}'])
  })
  it('entries around any broken entry are read', () => {
    const rubbish = fc
      .array(
        fc.constantFrom('{', '}', '"', '=', ',', '#', 'title', ' ', '\n', '\\', '%', 'doi', '(', ')', 'é'),
        { maxLength: 30 }
      )
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(rubbish, (inside) => {
        const text = `@article{a, doi = {10.1000/a}}\n@article{bad, ${inside}\n@article{b, doi = {10.1000/b}}\n`
        const dois = read(text, 'a.bib').drafts.map(({ ids }) => ids.doi)
        expect(dois).toContain('10.1000/a')
        expect(dois).toContain('10.1000/b')
      }),
      { numRuns: 1_000 }
    )
  })
  it('reports the line of every problem, also with Windows line ends', () => {
    const text =
      '@article{a,\n  title = {Only a title}\n}\n\n@book{b,\n  title = {A Book},\n  isbn = {978-3-16-148410-0}\n}\n@misc{c}\n@misc{d, doi = {none}, title={x}}\n@misc{e, doi={10.12}, url={https://x.org/}}'
    const expected = [
      '1 NAMED_BY_TITLE_ONLY',
      '5 ISBN_NOT_SUPPORTED',
      '9 BAD_LINE',
      '10 NAMED_BY_TITLE_ONLY',
      '11 BAD_IDENTIFIER (planned)'
    ]
    expect(lines(read(text, 'a.bib'))).toEqual(expected)
    expect(lines(read(text.replaceAll('\n', '\r\n'), 'a.bib'))).toEqual(expected)
  })
  it('agrees with the reference parser about fields', () => {
    const text = `@article{a, doi = {10.1000/a}, title = {Caf{\\'e} \\& {\\"O}l -- {\\ss}}, year = {2020}, journal = {J{\\"o}}}
@inproceedings{b, doi = {10.1000/b}, booktitle = {Proc. \\'{E}t{\\'e}}, title = {The \\o{} in \\O}, year = 1999}`
    const theirs = parse(text, { sentenceCase: false, caseProtection: false }).entries.map(({ fields }) =>
      [fields['title'], fields['journal'] ?? fields['booktitle'], fields['year']].map((value) =>
        value?.normalize('NFC')
      )
    )
    const ours = read(text, 'a.bib').drafts.map(({ facts }) => [facts.title, facts.venue, String(facts.year)])
    expect(ours).toEqual(theirs)
  })
})

describe('a field for a DOI', () => {
  const entry = (doi: string) => read(`@article{a,\n  doi = {${doi}}\n}\n`, 'a.bib')
  const SICI = '10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o'
  it.each([
    ['$<$', '$>$'],
    ['{$<$}', '{$>$}'],
    ['$\\lt$', '$\\gt$'],
    ['{$\\lt$}', '{$\\gt$}'],
    ['$\\less$', '$\\greater$'],
    ['{\\textless}', '{\\textgreater}'],
    ['\\textless{}', '\\textgreater{}'],
    ['&lt;', '&gt;'],
    ['<', '>']
  ])('may have angle brackets written as %s and %s', (open, close) => {
    const got = entry(`10.1002/(SICI)1097-4571(199806)49:8${open}693::AID-ASI4${close}3.0.CO;2-O`)
    expect(got.drafts.map(({ ids }) => ids)).toEqual([{ doi: SICI }])
    expect(got.problems).toEqual([])
  })
  it.each([
    ['10.1000/with space', '10.1000/with', 'space'],
    ['10.1000/a<b>c', '10.1000/a', '<b>c'],
    ['doi:10.1000/A, in print', '10.1000/a', ', in print']
  ])('%s is shortened, with a problem at its draft', (doi, taken, left) => {
    const got = entry(doi)
    expect(got.drafts.map(({ ids }) => ids.doi)).toEqual([taken])
    expect(lines(got)).toEqual(['1 BAD_IDENTIFIER (planned)'])
    expect(got.problems[0]?.because).toContain(`${taken} is taken; “${left}” behind it is not`)
  })
  it.each([
    '10.1000/a.',
    'doi: 10.1000/a,',
    'DOI 10.1000/A',
    'https://doi.org/10.1000/a',
    'https://publisher.example/doi/10.1000/a?journal=x',
    '10.1000/a</a>',
    '10.1000/a<br/>',
    '10.1000/a [doi]',
    '10.1000/a?utm_source=x',
    '(10.1000/a)',
    '10.1000/a\\_b'
  ])('%s is kept whole', (doi) => {
    expect(lines(entry(doi))).toEqual([])
  })
})
