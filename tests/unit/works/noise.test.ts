/** In every format, each entry gives one line, whatever noise is between two entries. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { read } from './references-kit'

interface Format {
  readonly name: string
  /** one entry named by its DOI */
  readonly entry: (doi: string, title: string) => string
  /** text that occurs between the entries of such files and names nothing */
  readonly noise: readonly string[]
  readonly around?: readonly [before: string, between: string, after: string]
}

const BLANK = ['', '\n', '\n\n\n', '   \n', '\t\n', '\u00a0\n', '\f\n']
const RULES = ['-----------\n', '* * *\n', '=====\n']

const FORMATS: Readonly<Record<string, Format>> = {
  BibTeX: {
    name: 'a.bib',
    entry: (doi, title) => `@article{k${doi.slice(8)}, title = {${title}}, doi = {${doi}}}\n`,
    noise: [
      ...BLANK,
      ...RULES,
      '% a comment\n',
      'Exported by a program\n',
      '@comment{jabref-meta: x;}\n',
      '@preamble{"\\def\\x{y}"}\n',
      '@string{ab = "Abc"}\n',
      '%%%\n',
      '"\n',
      'a@b.example\n',
      'see @article for more\n',
      '@comment{never closed\n',
      ',\n'
    ]
  },
  RIS: {
    name: 'a.ris',
    entry: (doi, title) => `TY  - JOUR\nTI  - ${title}\nDO  - ${doi}\nER  - \n`,
    noise: [
      ...BLANK,
      ...RULES,
      'Provider: a database\n',
      'Content: text/plain; charset="UTF-8"\n',
      'ER  - \n',
      'Record 1 of 3\n',
      '1.\n',
      '\u001a\n'
    ]
  },
  PubMed: {
    name: 'a.nbib',
    entry: (doi, title) => `PMID- 3${doi.slice(-7)}\nTI  - ${title}\nAID - ${doi} [doi]\n\n`,
    noise: [...BLANK, '1.\n', '2:\n', '-----------\n', 'PubMed\n']
  },
  'Web of Science': {
    name: 'savedrecs.txt',
    entry: (doi, title) => `PT J\nTI ${title}\nDI ${doi}\nER\n\n`,
    noise: [
      '',
      '\n',
      '\n\n',
      '   \n',
      '-----------\n',
      'Record 1 of 2\n',
      '1.\n',
      'EF\n\nFN Clarivate Analytics Web of Science\nVR 1.0\n'
    ],
    around: ['FN Clarivate Analytics Web of Science\nVR 1.0\n', '', 'EF\n']
  },
  EndNote: {
    name: 'a.enw',
    entry: (doi, title) => `%0 Journal Article\n%T ${title}\n%R ${doi}\n\n`,
    noise: [...BLANK, ...RULES, '1.\n', '% a comment\n', 'Database: EndNote\n']
  },
  RefWorks: {
    name: 'a.txt',
    entry: (doi, title) => `RT Journal Article\nT1 ${title}\nDO ${doi}\nER References: 1\n\n`,
    noise: ['', '\n', '\n\n', '   \n']
  },
  NoteExpress: {
    name: 'a.txt',
    entry: (doi, title) => `{Reference Type}: Journal Article\n{Title}: ${title}\n{DOI}: ${doi}\n`,
    noise: BLANK
  },
  'E-Study': {
    name: 'a.txt',
    entry: (doi, title) => `DataType: 1\nTitle-题名: ${title}\nDOI-DOI: ${doi}\n\n`,
    noise: BLANK
  },
  'Scopus, plain text': {
    name: 'a.txt',
    entry: (doi, title) =>
      `Doe J.\n${title}\n(2020) J X, 1, pp. 2-3.\nDOI: ${doi}\nREFERENCES: Roe, 10.5555/no.1\nSOURCE: Scopus\n`,
    noise: ['', '\n', '\n\n', '   \n'],
    around: ['Scopus\nEXPORT DATE: 1 January 2020\n\n', '', '']
  },
  'a bibliography of Biber': {
    name: 'a.bbl',
    entry: (doi, title) =>
      `    \\entry{k${doi.slice(8)}}{article}{}\n      \\field{title}{${title}}\n      \\verb{doi}\n      \\verb ${doi}\n      \\endverb\n    \\endentry\n`,
    noise: ['', '\n', '\n\n', '  % a comment\n', '   \n'],
    around: [
      '% $ biblatex auxiliary file $\n\\refsection{0}\n  \\datalist[entry]{nty/global//global/global}\n',
      '',
      '  \\enddatalist\n\\endrefsection\n'
    ]
  },
  'a bibliography of BibTeX': {
    name: 'a.bbl',
    entry: (doi, title) =>
      `\\bibitem{k${doi.slice(8)}}\nJ.~Doe.\n\\newblock ${title}.\n\\newblock {\\em J}, 2020.\n\\newblock \\url{https://doi.org/${doi}}.\n\n`,
    noise: ['', '\n', '\n\n', '% a comment\n', '\\providecommand{\\x}[1]{#1}\n'],
    around: ['\\begin{thebibliography}{10}\n\n', '', '\\end{thebibliography}\n']
  },
  'a page': {
    name: 'a.html',
    entry: (doi, title) => `<li>Doe J. ${title}. 2020. <a href="https://doi.org/${doi}">link</a></li>`,
    noise: [
      '',
      '\n',
      '<!-- 10.5555/no.1 -->',
      '<script>var a = "10.5555/no.2"</script>',
      '<li>Nothing here</li>',
      '<hr>',
      '<p>Home</p>',
      '<li></li>'
    ],
    around: [
      '<!doctype html><html><body><nav>10.5555/no.3</nav><ol>',
      '',
      '</ol><footer>10.5555/no.4</footer></body></html>'
    ]
  },
  'BibTeX in a page': {
    name: 'a.html',
    entry: (doi, title) => `@article{k${doi.slice(8)},\n title = {${title}},\n doi = {${doi}}\n}\n`,
    noise: ['', '\n', '\n\n', '<span></span>', '<!-- @article{x, doi={10.5555/no.1}} -->'],
    around: ['<html><body><h1>Export</h1><pre>\n', '', '</pre><p>About us</p></body></html>']
  },
  'PubMed XML': {
    name: 'a.xml',
    entry: (doi, title) =>
      `<PubmedArticle><MedlineCitation><PMID>3${doi.slice(-7)}</PMID><Article><ArticleTitle>${title}</ArticleTitle></Article></MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="doi">${doi}</ArticleId></ArticleIdList></PubmedData></PubmedArticle>`,
    noise: ['', '\n', '<!-- <PubmedArticle> -->', '<DeleteCitation><PMID>1</PMID></DeleteCitation>', '&#10;'],
    around: ['<?xml version="1.0"?><!DOCTYPE PubmedArticleSet><PubmedArticleSet>', '', '</PubmedArticleSet>']
  },
  'OAI-PMH': {
    name: 'a.xml',
    entry: (doi, title) =>
      `<record><header><identifier>oai:x:${doi}</identifier></header><metadata><oai_dc:dc><dc:title>${title}</dc:title><dc:identifier>https://doi.org/${doi}</dc:identifier><dc:relation>10.5555/no.1</dc:relation></oai_dc:dc></metadata></record>`,
    noise: [
      '',
      '\n',
      '<!-- <record> -->',
      '<record><header status="deleted"><identifier>oai:x:9</identifier></header></record>'
    ],
    around: [
      '<OAI-PMH xmlns:oai_dc="o" xmlns:dc="d"><ListRecords>',
      '',
      '<resumptionToken>10.5555/no.2</resumptionToken></ListRecords></OAI-PMH>'
    ]
  },
  'JSON Lines': {
    name: 'a.jsonl',
    entry: (doi, title) => `${JSON.stringify({ title, doi })}\n`,
    noise: ['', '\n', '\n\n', '  \n']
  },
  'CSL-JSON': {
    name: 'a.json',
    // Two entries with one id are two works.
    entry: (doi, title) => JSON.stringify({ id: 'same', type: 'book', title, DOI: doi }),
    noise: ['', ' ', '\n\n', '\t'],
    around: ['[', ',', ']']
  },
  CSV: {
    name: 'a.csv',
    entry: (doi, title) => `"${title}",${doi},"a ""quoted"" note, with\na line end"\n`,
    noise: ['', '\n', ',,\n', '"","",""\n', ' , , \n'],
    around: ['Title,DOI,Note\n', '', '']
  },
  TSV: {
    name: 'a.tsv',
    entry: (doi, title) => `${title}\t${doi}\tan "odd note\n`,
    noise: ['', '\n', '\t\t\n'],
    around: ['Title\tDOI\tNote\n', '', '']
  },
  'EndNote XML': {
    name: 'a.xml',
    entry: (doi, title) =>
      `<record><titles><title>${title}</title></titles><electronic-resource-num>${doi}</electronic-resource-num></record>`,
    noise: [
      '',
      '\n',
      '<!-- a comment <record> -->',
      '<?pi <record> ?>',
      '&#10;',
      '<!-- -->\n\n',
      '<![CDATA[<record>]]>'
    ],
    around: ['<?xml version="1.0"?><xml><records>', '', '</records></xml>']
  },
  YAML: {
    name: 'a.yaml',
    entry: (doi, title) => `- id: same\n  type: book\n  title: "${title}"\n  DOI: ${doi}\n`,
    noise: ['', '\n', '# a comment: - DOI\n', '\n\n', '  # another\n'],
    around: ['---\nreferences:\n', '', '']
  },
  'plain lines': {
    name: 'a.txt',
    entry: (doi) => `${doi}\n`,
    noise: [...BLANK, '# a comment\n', '// another\n', '% one more\n']
  }
}

describe.each(Object.entries(FORMATS))('%s', (_, { name, entry, noise, around = ['', '', ''] }) => {
  it('names each entry once, in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.constantFrom(...noise), { maxLength: 3 }), { minLength: 2, maxLength: 8 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        (gaps, lineEnd, hasMark) => {
          const dois = gaps.slice(1).map((_, at) => `10.5555/n.${String(1_000_000 + at)}`)
          const [before, between, after] = around
          const entries = dois.map(
            (doi, at) => `${gaps[at]!.join('')}${entry(doi, `On the use of ${String(at)} things`)}`
          )
          const text = `${before}${entries.join(between)}${gaps.at(-1)!.join('')}${after}`
          const { drafts, problems } = read((hasMark ? '\ufeff' : '') + text.replaceAll('\n', lineEnd), name)
          expect(problems, text).toEqual([])
          expect(
            drafts.map(({ ids }) => ids.doi),
            text
          ).toEqual(dois)
        }
      ),
      { numRuns: 60 }
    )
  })
})

describe('elements of a JSON list that are not entries', () => {
  it('are each a problem, and do not affect the others', () => {
    const other = fc.constantFrom('null', '7', '"text"', '[]', '{}', 'true', '{"id":"x"}')
    fc.assert(
      fc.property(
        fc.array(fc.oneof(other, fc.constant('entry')), { minLength: 1, maxLength: 8 }),
        (kinds) => {
          const items = kinds.map((kind, at) =>
            kind === 'entry'
              ? `{"id":1,"type":"book","title":"T ${String(at)}","DOI":"10.5555/j.${String(at)}"}`
              : kind
          )
          const { counts } = read(`[${items.join(',')}]`, 'a.json')
          const wanted = kinds.filter((kind) => kind === 'entry').length
          expect(counts.drafts, items.join()).toBe(wanted)
          expect(counts.entries, items.join()).toBe(Math.max(1, kinds.length))
        }
      ),
      { numRuns: 60 }
    )
  })
})
