/** Regressions and single cases, one line for each kind of input that was read wrong or is unusual. */
import { describe, expect, it } from 'vitest'
import { workIdOf } from '../../../src/main/works/works'
import { read } from './references-kit'

/** `10.5555/a | title` for a DOI, else `pmid:5`, `arxiv:…`, `url:https://…`; the title where it is known. */
const works = (text: string | Uint8Array, name: string): string[] =>
  read(text, name).drafts.map(({ ids, namedBy, facts }) => {
    const id = workIdOf(ids, namedBy)
    const own = id.startsWith('url:') ? `url:${ids.url ?? ''}` : id.startsWith('doi:') ? id.slice(4) : id
    const shown = ids.pmid !== undefined && id.startsWith('url:') ? `pmid:${ids.pmid}` : own
    return facts.title === undefined ? shown : `${shown} | ${facts.title}`
  })
const problems = (text: string | Uint8Array, name: string): string[] =>
  read(text, name).problems.map(({ line, code, planned }) => `${line} ${code}${planned ? ' planned' : ''}`)

/** name, content, works in order, problems */
type Instance = readonly [string, string | Uint8Array, readonly string[], (readonly string[])?]

function check(instances: Readonly<Record<string, Instance>>): void {
  it.each(Object.entries(instances))('%s', (_, [name, text, wanted, expectedProblems = []]) => {
    expect(works(text, name)).toEqual(wanted)
    expect(problems(text, name)).toEqual(expectedProblems)
  })
}

function utf16(text: string, { isBig = false } = {}): Uint8Array {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le')
  return new Uint8Array(isBig ? bytes.swap16() : bytes)
}
const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))

describe('a DOI and the characters around it', () => {
  it.each([
    '<https://doi.org/10.5555/G.1>',
    '(doi: 10.5555/g.1).',
    'doi:10.5555/g.1[Crossref]',
    '10.5555/g.1[CrossRef]',
    '10.5555/g.1/full.',
    'https://doi.org/10.5555/g.1#sec',
    '10.5555/g.1#abstract',
    '10.5555/g.1</a>',
    '10.5555/g.1&quot;',
    '10.5555/g.1%20',
    '10.5555/g.1.\u200b',
    '10.5555/\u00adg.1',
    '10.5555/g.1¹',
    '10.5555/g.1~',
    '10.5555/g.1’s',
    'https://doi.org/10.5555/g.1/',
    'https://doi.org/10.5555%2Fg.1',
    'https://doi.org/10.5555/g.1%20(accessed%202020)',
    '10.5555/g.1/abstract;jsessionid=AB12',
    '10.5555/g.1v2.full.pdf',
    'urn:doi:10.5555/g.1',
    'https://doi.org/ 10.5555/g.1',
    'https:// doi.org/10.5555/g.1',
    'https://doi.\norg/10.5555/g.1',
    'Doe J. Salt. 2020. doi: 10.\n5555/g.1',
    'https://sci-hub.se/10.5555/g.1',
    'doi.10.5555/g.1',
    'https://www.doi.org/doi/10.5555/g.1'
  ])('%j', (text) => {
    expect(works(text, 'list.txt')).toEqual(['10.5555/g.1'])
  })
  it.each([
    ['10.1002/(SICI)1097-4571(199809)49:8&lt;693::AID-ASI4&gt;3.0.CO;2-#', '49:8<693::aid-asi4>3.0.co;2-#'],
    [
      'https://doi.org/10.1002/(SICI)1097-4571(199809)49:8%3C693::AID-ASI4%3E3.0.CO;2-O',
      '49:8<693::aid-asi4>3.0.co;2-o'
    ],
    ['<10.1002/(SICI)1097-4571(199809)49:8<693::AID-ASI4>3.0.CO;2-O>.', '49:8<693::aid-asi4>3.0.co;2-o']
  ])('SICI: %s', (text, tail) => {
    expect(works(text, 'list.txt')).toEqual([`10.1002/(sici)1097-4571(199809)${tail}`])
  })
  it.each([
    ['10.5555/long.\n  part.2', ['10.5555/long.part.2']],
    ['10.5555/j.\tb.2020.01', ['10.5555/j.b.2020.01']],
    ['10. 5555/abc.3', ['10.5555/abc.3']],
    ['10.5555 /abc.4', ['10.5555/abc.4']],
    ['10.5555/0276-4741(2004)024[ 0141:SPOCMP]2.0.CO;2', ['10.5555/0276-4741(2004)024[0141:spocmp]2.0.co;2']],
    ['10.5555/a.1. p.12', ['10.5555/a.1']],
    ['10.5555/a.1. 2020', ['10.5555/a.1']],
    ['10.5555/a.1; 10.5555/A.1', ['10.5555/a.1']]
  ])('broken in its field: %j', (doi, wanted) => {
    expect(works(`@article{a, doi = {${doi}}}`, 'a.bib')).toEqual(wanted)
  })
  it('an address is not joined to one that ends after its host', () => {
    const text = 'https://www.doi.org/\nhttps://www.example.org/a\n'
    expect(works(text, 'list.txt')).toEqual(['url:https://www.example.org/a'])
    expect(problems(text, 'list.txt')).toEqual(['1 BAD_IDENTIFIER'])
  })
  it('a citation names the paper, not its erratum', () => {
    const text =
      '1. Doe J. On salt. J. 2020. https://doi.org/10.5555/o.1. Erratum: J. 2021. https://doi.org/10.5555/err.\n2. Roe R. Erratum: On iron. J. 2021. doi:10.5555/o.2\n'
    expect(works(text, 'list.txt')).toEqual(['10.5555/o.1', '10.5555/o.2'])
  })
})

describe('citations and lists', () => {
  check({
    'words behind an address': [
      'a.txt',
      'https://x.example/a My note on it\nhttps://x.example/b [PDF] https://x.example/c.pdf\nhttps://x.example/d e.pdf\n',
      [
        'url:https://x.example/a',
        'url:https://x.example/b',
        'url:https://x.example/c.pdf',
        'url:https://x.example/d%20e.pdf'
      ]
    ],
    'lists of programs and queries': [
      'a.txt',
      '(\'10.5555/p.1\',\'10.5555/p.2\');\n[\'10.5555/p.3\', "10.5555/p.4"]\nc("10.5555/p.5","10.5555/p.6")\n31000001[uid] OR 31000002[pmid]\nDOI(10.5555/p.7) OR DOI("10.5555/p.8")\n',
      [1, 2, 3, 4, 5, 6]
        .map((at) => `10.5555/p.${String(at)}`)
        .concat(['pmid:31000001', 'pmid:31000002', '10.5555/p.7', '10.5555/p.8'])
    ],
    'numbered by PubMed, the title first': [
      'summary.txt',
      '1. On salt. Doe J, Roe R. J Ex. 2020 Jan;1(2):3-9. doi: 10.5555/o.1.\nPMID: 31000001\n\n2. On iron. Roe R. J Ex. 2021. PMID: 31000002\n',
      ['10.5555/o.1', 'pmid:31000002']
    ],
    'Chinese and Japanese': [
      'a.txt',
      '[1] 张三, 李四. 深度学习综述[J]. 计算机学报, 2019, 42(1): 1-10. DOI:10.5555/b.1.\n[2] 王五. 第二篇[D]. 北京: 大学, 2020.\n[3] 山田太郎. 塩の研究. 2020. https://doi.org/10.5555/b.3, (参照 2021-01-01).\n',
      ['10.5555/b.1', '10.5555/b.3'],
      ['2 BAD_LINE']
    ],
    Russian: [
      'a.txt',
      '1. Иванов И. И. О соли // Журнал. 2020. Т. 1, № 2. С. 3–9. DOI: 10.5555/b.1\n2. Петров П. П. О железе [Электронный ресурс]. URL: https://x.example/zhelezo (дата обращения: 01.01.2021).\n',
      ['10.5555/b.1', 'url:https://x.example/zhelezo']
    ],
    'several in one paragraph': [
      'a.txt',
      'References 1. Doe J. On salt. 2020. doi:10.5555/b.1 2. Roe R. On iron. 2021. doi:10.5555/b.2\n',
      ['10.5555/b.1', '10.5555/b.2']
    ]
  })
})

describe('other kinds of identifiers', () => {
  it.each([
    ['PMC-7000006', 'PMC7000006'],
    ['31000001[uid]', 'pmid:31000001'],
    ['10.1101/2020.01.01.000001v2', '10.1101/2020.01.01.000001'],
    ['10.64898/2025.12.05.000001v2', '10.64898/2025.12.05.000001'],
    ['MEDLINE:31000026', 'pmid:31000026'],
    ['http://view.ncbi.nlm.nih.gov/pubmed/12000002', 'pmid:12000002'],
    ['http://www.hubmed.org/display.cgi?uids=12000003', 'pmid:12000003'],
    ['https://www.arxiv-vanity.com/papers/2101.00025/', 'arxiv:2101.00025'],
    ['https://arxiv.org/ftp/arxiv/papers/2101/2101.00028.pdf', 'arxiv:2101.00028'],
    ['https://shortdoi.org/10/b89wvz', '10/b89wvz'],
    ['https://doi.pangaea.de/10.1594/PANGAEA.1', '10.1594/pangaea.1']
  ])('%s', (text, wanted) => {
    expect(works(text, 'list.txt').map((name) => name.replace('pmcid:', ''))).toEqual([wanted])
  })
  check({
    'PMIDs that a program read as fractions, or grouped': [
      'a.csv',
      'PMID,Title\n31000001.0,On salt\n"31,000,002",On iron\n',
      ['pmid:31000001 | On salt', 'pmid:31000002 | On iron']
    ],
    'a heading over numbers': [
      'a.txt',
      'PMIDs:\n31000001\n31000002, 31000003\n',
      ['pmid:31000001', 'pmid:31000002', 'pmid:31000003']
    ],
    'other archives of biblatex': [
      'a.bib',
      '@misc{m, eprint={2332286}, eprinttype={jstor}}\n@misc{n, eprint={20.500.1/5}, eprinttype={hdl}}\n@misc{o, eprint={PMC7000001}, eprinttype={pmcid}}\n@misc{p, journal={arXiv e-prints}, eid={arXiv:2101.00005}}',
      [
        'url:https://www.jstor.org/stable/2332286',
        'url:https://hdl.handle.net/20.500.1/5',
        'pmcid:PMC7000001',
        'arxiv:2101.00005'
      ]
    ],
    'a person’s page and an organisation’s': [
      'a.txt',
      'https://www.scopus.com/authid/detail.uri?authorId=1\nhttps://ror.org/05xpvk416\n10.5555/p.1\n',
      ['10.5555/p.1'],
      ['1 NOT_A_WORK', '2 NOT_A_WORK']
    ]
  })
})

describe('BibTeX', () => {
  check({
    'parentheses, concatenation, a preamble': [
      'a.bib',
      '@string{pre = "10.5555/"}\n@string(jn = {J of } # "X")\n@preamble{ "\\newcommand{\\x}[1]{} " # "y" }\n@article(a, title = "On (some) " # {salt}, doi = pre # "h.1", journal = jn)\n',
      ['10.5555/h.1 | On (some) salt']
    ],
    'an address and an entry’s beginning in a note': [
      'a.bib',
      '@article{a, title={A}, note={mail@x.example, see @book{x, y}}, doi={10.5555/h.1}}\n@misc{b, doi={10.5555/h.2}}',
      ['10.5555/h.1 | A', '10.5555/h.2']
    ],
    'an unclosed entry does not swallow one with fields on the same line': [
      'a.bib',
      '@article{a, title={A {x}, doi={10.5555/h.1} } @article{b, title={B}, doi={10.5555/h.2}}',
      ['10.5555/h.2 | B'],
      ['1 BAD_LINE']
    ],
    'UTF-16, old line ends': [
      'a.bib',
      utf16('@article{a,\r title={Größe},\r doi={10.5555/h.1}\r}\r', { isBig: true }),
      ['10.5555/h.1 | Größe']
    ],
    'commands around a DOI and an address': [
      'a.bib',
      '@misc{a, doi={\\doi{10.5555/b.1}}}\n@misc{b, doi={$10.5555/b.2$}}\n@misc{c, howpublished="\\href{https://x.example/d}{link}"}',
      ['10.5555/b.1', '10.5555/b.2', 'url:https://x.example/d']
    ],
    'copied from a page': [
      'a.bib',
      '<pre>\n@article{a,\n title={A},\n doi={10.5555/h.1}\n}\n</pre>\n',
      ['10.5555/h.1 | A']
    ]
  })
})

describe('RIS', () => {
  check({
    'tags of more than two letters, and a DOI among the links': [
      'a.ris',
      'TY  - JOUR\nTI  - A\nDOI  - 10.5555/d.4\nER  - \nTY  - JOUR\nTI  - B\nPMID  - 31000001\nER  - \nTY  - JOUR\nTI  - C\nL3  - 10.5555/l3.1\nER  - \n',
      ['10.5555/d.4 | A', 'pmid:31000001 | B', '10.5555/l3.1 | C']
    ],
    'files that were joined with their marks': [
      'a.ris',
      '\ufeffTY  - JOUR\nDO  - 10.5555/i.1\nER  - \n\ufeffTY  - JOUR\nDO  - 10.5555/i.2\nER  - \n',
      ['10.5555/i.1', '10.5555/i.2']
    ],
    'the lines of vendors': [
      'a.ris',
      'Ebsco Publishing\nTY  - JOUR\nN1  - Accession Number: 12. doi: 10.5555/other\nDO  - 10.5555/s.1\nER  - \nEF\n',
      ['10.5555/s.1']
    ],
    'tabs and blanks that do not break': [
      'a.ris',
      'TY\t- JOUR\nTI\t- A\nDO\u00a0 - 10.5555/i.1\nER\t-\n',
      ['10.5555/i.1 | A']
    ],
    'Latin-1': [
      'a.ris',
      latin1('TY  - JOUR\r\nTI  - Größe der Änderung\r\nDO  - 10.5555/i.1\r\nER  - \r\n'),
      ['10.5555/i.1 | Größe der Änderung']
    ]
  })
})

describe('tables', () => {
  check({
    'a whole row inside of a cell that is closed later': [
      'a.csv',
      '"Title","Abstract","DOI"\n"On salt","see:\nX,Y,10.5555/other\nend","10.5555/c.1"\n"On iron","","10.5555/c.2"\n',
      ['10.5555/c.1 | On salt', '10.5555/c.2 | On iron']
    ],
    'whole references in cells': [
      'a.csv',
      'Study ID,Reference\nDoe 2020,"Doe J. On salt. J X 2020;1:2. doi: 10.5555/c.1"\nRoe 2021,"Roe R. On iron. 2021. PMID: 31000002"\nTwo 2022,"A. 10.5555/x.1. B. 10.5555/x.2"\n',
      ['10.5555/c.1', 'pmid:31000002'],
      ['4 BAD_LINE']
    ],
    'quotation marks that do not close, between tabs': [
      'a.tsv',
      'Title\tDOI\n"Salt" and more\t10.5555/q.1\nA 5" disk\t10.5555/q.2\n"Open\t10.5555/q.3\nLast"\t10.5555/q.4\n',
      [
        '10.5555/q.1 | "Salt" and more',
        '10.5555/q.2 | A 5" disk',
        '10.5555/q.3 | Open',
        '10.5555/q.4 | Last"'
      ]
    ],
    'and where PMIDs name the rows': [
      'a.csv',
      'pmid,title\n31000001,"Open\n31000002,ok\n31000003,close"\n31000004,"over\ntwo lines"\n',
      [
        'pmid:31000001 | Open',
        'pmid:31000002 | ok',
        'pmid:31000003 | close"',
        'pmid:31000004 | over two lines'
      ]
    ],
    Markdown: [
      'a.md',
      '| Title | DOI |\n|:---|---:|\n| On salt | 10.5555/l.1 |\n| On iron | [10.5555/l.2](https://doi.org/10.5555/l.2) |\n',
      ['10.5555/l.1 | On salt', '10.5555/l.2 | On iron']
    ],
    'what a spreadsheet writes as “Unicode text”': [
      'a.txt',
      utf16('Titel\tDOI\r\nGröße\t10.5555/l.1\r\n'),
      ['10.5555/l.1 | Größe']
    ],
    formulas: [
      'a.csv',
      'Title,DOI\nOn salt,"=HYPERLINK(""https://doi.org/10.5555/l.1"",""10.5555/l.1"")"\nOn iron,"=""10.5555/l.2"""\n',
      ['10.5555/l.1 | On salt', '10.5555/l.2 | On iron']
    ]
  })
})

describe('JSON', () => {
  check({
    'JSON-LD': [
      'a.json',
      '{"@graph":[{"@type":"ScholarlyArticle","name":"On salt","identifier":{"@type":"PropertyValue","propertyID":"doi","value":"10.5555/b.1"}},{"@type":"ScholarlyArticle","headline":"On iron","sameAs":"https://doi.org/10.5555/b.2"}]}',
      ['10.5555/b.1 | On salt', '10.5555/b.2 | On iron']
    ],
    'a table by columns (pandas)': [
      'a.json',
      '{"title":{"0":"Salt","1":"Iron"},"doi":{"0":"10.5555/p.1","1":"10.5555/p.2"}}',
      ['10.5555/p.1 | Salt', '10.5555/p.2 | Iron']
    ],
    'a table by rows (pandas)': [
      'a.json',
      '{"columns":["title","doi"],"index":[0,1],"data":[["Salt","10.5555/p.1"],["Iron","10.5555/p.2"]]}',
      ['10.5555/p.1 | Salt', '10.5555/p.2 | Iron']
    ],
    'a list about the answer before the list of works (Springer)': [
      'a.json',
      '{"query":"y","result":[{"total":"1"}],"records":[{"identifier":"doi:10.5555/p.1","title":"Salt","doi":"10.5555/p.1"}]}',
      ['10.5555/p.1 | Salt']
    ],
    'Scopus’ API': [
      'a.json',
      '{"search-results":{"entry":[{"dc:title":"Salt","prism:doi":"10.5555/p.1"},{"dc:title":"Iron","pubmed-id":"31000002"}]}}',
      ['10.5555/p.1 | Salt', 'pmid:31000002 | Iron']
    ],
    'files and notes of a Zotero library': [
      'a.json',
      '[{"key":"A","data":{"itemType":"journalArticle","title":"On salt","DOI":"10.5555/z.1"}},{"data":{"itemType":"attachment","parentItem":"A","title":"PDF","url":"https://x.example/a.pdf"}},{"data":{"itemType":"note","note":"10.5555/no"}}]',
      ['10.5555/z.1 | On salt']
    ],
    'lists of names': ['a.json', '{"dois":["10.5555/m.1","10.5555/m.2"]}', ['10.5555/m.1', '10.5555/m.2']],
    'numbers in a list': ['a.json', '{"pmids":[31000001,"31000002"]}', ['pmid:31000001', 'pmid:31000002']],
    OpenAIRE: [
      'a.json',
      '{"results":[{"id":"d","mainTitle":"A","pids":[{"scheme":"doi","value":"10.5555/m.1"}]}]}',
      ['10.5555/m.1 | A']
    ],
    Zenodo: [
      'a.json',
      '{"hits":{"hits":[{"id":5,"doi":"10.5281/zenodo.5","metadata":{"title":"A","related_identifiers":[{"identifier":"10.5555/no"}]}}]}}',
      ['10.5281/zenodo.5 | A']
    ],
    'DBLP’s own page is not the paper': [
      'a.json',
      '{"result":{"hits":{"hit":[{"info":{"title":"A.","ee":"https://x.example/a","url":"https://dblp.org/rec/y"}}]}}}',
      ['url:https://x.example/a | A.']
    ]
  })
})

describe('pages and formats of services', () => {
  check({
    'Crossref’s answers to queries, one of them without a DOI': [
      'a.xml',
      '<crossref_result><query_result><body><query status="resolved"><doi type="journal_article">10.5555/b.1</doi><article_title>Salt</article_title></query><query status="unresolved"><article_title>Iron of the city</article_title></query></body></query_result></crossref_result>',
      ['10.5555/b.1 | Salt'],
      ['1 NAMED_BY_TITLE_ONLY']
    ],
    'Scopus’ plain text, which lists what it cites': [
      'scopus.txt',
      'Scopus\nEXPORT DATE: 1 January 2020\n\nDoe J.; Roe R.\nAUTHOR FULL NAMES: Doe, Jane (1); Roe, R (2)\n1; 2\nOn salt\n(2020) Journal of X, 1 (2), pp. 3 - 9, Cited 5 times.\nDOI: 10.5555/s.1\nhttps://www.scopus.com/inward/record.uri?eid=2-s2.0-1&doi=10.5555%2fs.1\n\nABSTRACT: Salt.\nREFERENCES: Roe R., Iron, J Y, (1990) 10.5555/cited.1;\nDOCUMENT TYPE: Article\nSOURCE: Scopus\n\nRoe R.\nA second title of a paper\n(2021) Y, 1.\nSOURCE: Scopus\n',
      ['10.5555/s.1 | On salt'],
      ['17 NAMED_BY_TITLE_ONLY']
    ],
    'IEEE’s citations with keywords and address': [
      'ieee.txt',
      'J. Doe and R. Roe, "On salt," 2020 IEEE X, 2020, pp. 1-9, doi: 10.5555/i.1.\nkeywords: {salt;iron},\nURL: https://ieeexplore.ieee.org/stamp/stamp.jsp?tp=&arnumber=1\n\nR. Roe, "On iron," in X, vol. 1, pp. 1-2, 2021, doi: 10.5555/i.2.\n',
      ['10.5555/i.1', '10.5555/i.2']
    ],
    'Web of Science’s API': [
      'a.xml',
      '<records><REC><UID>WOS:1</UID><titles><title type="source">J of X</title><title type="source_abbrev">JX</title><title type="item">On salt</title></titles><identifiers><identifier type="doi" value="10.5555/x.1"/></identifiers></REC></records>',
      ['10.5555/x.1 | On salt']
    ],
    'PubMed’s records, indented by a message; the DOI only in the source': [
      'a.nbib',
      '  PMID- 31000001\n  TI  - A title\n        of two lines\n  SO  - J X. 2020;1(2):3. doi: 10.5555/k.1.\n',
      ['10.5555/k.1 | A title of two lines']
    ],
    'a LaTeX document with its bibliography': [
      'a.tex',
      '\\documentclass{article}\nWords about 10.5555/no.\n\\begin{thebibliography}{9}\n\\bibitem{a} J. Doe, \\emph{On salt}, (2020). \\href{https://doi.org/10.5555/l.1}{doi:10.5555/l.1}\n\\end{thebibliography}\n\\end{document}',
      ['10.5555/l.1']
    ],
    'CNKI’s E-Study': [
      'CNKI.txt',
      'SrcDatabase-来源库: 期刊\nTitle-题名: 深度学习综述\nAuthor-作者: 张三;李四;\nSource-文献来源: 计算机学报\nSummary-摘要: 见 10.5555/other\nDOI-DOI: 10.5555/cnki.1\n\nSrcDatabase-来源库: 期刊\nTitle-题名: 第二篇\nDOI-DOI: 10.5555/cnki.2\n\nDataType: 1\nTitle-题名: 没有标识符的第三篇论文\n',
      ['10.5555/cnki.1 | 深度学习综述', '10.5555/cnki.2 | 第二篇'],
      ['12 NAMED_BY_TITLE_ONLY']
    ],
    'references hidden in a page (COinS)': [
      'a.html',
      '<html><body><p>Home</p>\n<span class="Z3988" title="ctx_ver=Z39.88-2004&amp;rft_id=info%3Adoi%2F10.5555%2Fco.1&amp;rft.atitle=On%20salt&amp;rft.aulast=Doe"></span>\n<span class="Z3988" title="rft.atitle=A%20title%20without%20a%20name"></span></body></html>',
      ['10.5555/co.1 | On salt'],
      ['3 NAMED_BY_TITLE_ONLY']
    ],
    'Web of Science’s HTML': [
      'savedrecs.html',
      '<html><body><table><tr><td>PT </td><td>J</td></tr><tr><td>TI </td><td>On<br>salt</td></tr><tr><td>DI </td><td>10.5555/h.1</td></tr><tr><td>CR </td><td>DOE J, DOI 10.5555/cited.1<br>ROE, DOI 10.5555/cited.2</td></tr><tr><td>ER </td></tr></table><table><tr><td>PT </td><td>J</td></tr><tr><td>TI </td><td>Iron</td></tr><tr><td>PM </td><td>31000001</td></tr><tr><td>ER </td></tr></table></body></html>',
      ['10.5555/h.1 | On salt', 'pmid:31000001 | Iron']
    ]
  })
})

describe('damage in one entry does not affect others', () => {
  check({
    'an element that is not closed': [
      'a.xml',
      '<xml><records><record><titles><title>A</title></titles><electronic-resource-num>10.5555/x.1</electronic-resource-num><record><titles><title>B</title></titles><electronic-resource-num>10.5555/x.2</electronic-resource-num></record></records></xml>',
      ['10.5555/x.1 | A', '10.5555/x.2 | B']
    ],
    'one that is not closed at any depth': [
      'a.xml',
      '<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>31000001</PMID><Article><ArticleTitle>A</ArticleTitle></Article><PubmedArticle><MedlineCitation><PMID>31000002</PMID></MedlineCitation></PubmedArticle></PubmedArticleSet>',
      ['pmid:31000001 | A', 'pmid:31000002']
    ],
    'a record that is one of others is no damage': [
      'a.xml',
      '<OAI-PMH><ListRecords><record><metadata><marc:record xmlns:marc="m"><marc:datafield tag="245"><marc:subfield code="a">A</marc:subfield></marc:datafield><marc:datafield tag="024"><marc:subfield code="a">10.5555/x.1</marc:subfield></marc:datafield></marc:record></metadata></record></ListRecords></OAI-PMH>',
      ['10.5555/x.1 | A']
    ],
    'an item of YAML': [
      'a.yaml',
      'references:\n- title: A\n  DOI: 10.5555/y.1\n- title: "B\n  DOI: 10.5555/y.2\n- title: C\n  DOI: 10.5555/y.3\n',
      ['10.5555/y.1 | A', '10.5555/y.3 | C'],
      ['4 BAD_LINE']
    ],
    'the end of a record of Scopus': [
      'a.txt',
      'Scopus\nEXPORT DATE: 1 January 2020\n\nDoe J.\nA\n(2020) J X, 1.\nDOI: 10.5555/s.1\n\nDoe J.\nB\n(2021) J X, 1.\nDOI: 10.5555/s.2\nSOURCE: Scopus\n',
      ['10.5555/s.1 | A', '10.5555/s.2 | B']
    ],
    'the first line of an entry of BibTeX': [
      'a.bib',
      '@article{a, title={A}, doi={10.5555/b.1}}\n\n  title = {B},\n  doi = {10.5555/b.2}\n}\n@article{c, title={C}, doi={10.5555/b.3}}\narticle{d,\n  title = {taken out},\n}\n',
      ['10.5555/b.1 | A', '10.5555/b.3 | C'],
      ['3 BAD_LINE']
    ],
    'a row that breaks off in a cell': [
      'a.csv',
      'Title,DOI,Year\n"On the use of 2 thin\n"On the use of 3 things, and more",10.5555/c.2,2020\n',
      ['10.5555/c.2 | On the use of 3 things, and more'],
      ['2 BAD_LINE']
    ]
  })
})

describe('tables in JSON, and truncated entries', () => {
  check({
    'a list of lists whose first names the columns': [
      'a.json',
      '[["title","doi","year"],["Of geese and men","10.5555/g.1",2020],["Of ducks and men","10.5555/g.2",null]]',
      ['10.5555/g.1 | Of geese and men', '10.5555/g.2 | Of ducks and men']
    ],
    'a list of lists without names, and a row that names nothing': [
      'a.json',
      '[["10.5555/g.1","Of geese and men"],\n["Of mice"],\n["Of ducks and men",12,"10.5555/g.2"]]',
      ['10.5555/g.1', '10.5555/g.2'],
      ['2 BAD_LINE']
    ],
    'an entry without its last brace, at the end of the file': [
      'a.bib',
      '@article{one, doi={10.5555/g.1}}\n@article{two,\n  title = {Of ducks and men},\n  doi = {10.5555/g.2},\n  year = 2021\n',
      ['10.5555/g.1', '10.5555/g.2 | Of ducks and men'],
      ['2 BAD_LINE planned']
    ],
    'an entry without its last brace, before another': [
      'a.bib',
      '@article{one,\n  title={Of geese and men},\n  doi={10.5555/g.1}\n\n@article{two, doi = {10.5555/g.2}}',
      ['10.5555/g.1 | Of geese and men', '10.5555/g.2'],
      ['1 BAD_LINE planned']
    ],
    'a file that ends within a value': [
      'a.bib',
      '@article{one,\n  doi={10.5555/g.1},\n  abstract = {This was cut of',
      ['10.5555/g.1'],
      ['1 BAD_LINE planned']
    ],
    'a value that is open swallows no identifier of the next entry': [
      'a.bib',
      '@article{one,\n  url={https://doi.org/10.5555/g.1},\n  title = {Of {geese,\n}\n\n@article{two, doi = {10.5555/g.2}}',
      ['10.5555/g.2'],
      ['1 BAD_LINE']
    ]
  })
})
