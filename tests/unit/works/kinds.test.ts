/** Reference files as other programs write them, one difficulty each, with the expected works. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { WorkDraft } from '../../../src/contract/work'
import { readReferences, workIdOf } from '../../../src/main/works/works'
import { lines, read } from './references-kit'

const FOLDER = resolve(import.meta.dirname, '../../fixtures/works/references')

interface Expected {
  readonly file: string
  readonly kind: string
  readonly must_plan: readonly string[]
  readonly must_not_plan?: readonly string[]
  readonly lines_to_name?: readonly number[]
  readonly titles?: Readonly<Record<string, string>>
  readonly max_messages?: number
  readonly no_message_may_match?: string
}
const EXPECTED = JSON.parse(readFileSync(resolve(FOLDER, 'expect.json'), 'utf8')) as readonly Expected[]

/** `doi:10.x/y`, `pmid:5`, `url:https://…`: the name as users know it. */
function nameOf({ ids, namedBy }: WorkDraft): string {
  if (ids.doi === undefined && ids.arxiv === undefined && ids.pmid !== undefined && ids.pmcid === undefined)
    return `pmid:${ids.pmid}`
  const id = workIdOf(ids, namedBy)
  return id.startsWith('url:') ? `url:${ids.url ?? ''}` : id
}
const names = (text: string | Uint8Array, name: string): string[] => read(text, name).drafts.map(nameOf)

describe('files', () => {
  it.each(EXPECTED)('$kind ($file)', (wanted) => {
    const got = read(readFileSync(resolve(FOLDER, wanted.file)), wanted.file)
    const planned = got.drafts.map(nameOf)
    expect(planned).toEqual(expect.arrayContaining([...wanted.must_plan]))
    for (const name of wanted.must_not_plan ?? []) expect(planned).not.toContain(name)
    for (const line of wanted.lines_to_name ?? [])
      expect(got.problems.map((problem) => problem.line)).toContain(line)
    if (wanted.max_messages !== undefined)
      expect(got.problems.length).toBeLessThanOrEqual(wanted.max_messages)
    for (const { because } of got.problems)
      if (wanted.no_message_may_match !== undefined) expect(because).not.toMatch(wanted.no_message_may_match)
    for (const draft of got.drafts) {
      const title = wanted.titles?.[nameOf(draft)]
      if (title !== undefined) expect(draft.facts.title).toBe(title)
    }
  })
})

describe('the identifier of a work', () => {
  it('a title decides where two entries share a weaker identifier only', () => {
    const got = read(
      '{"title":"On salt and its uses","arxiv":"1011.1669"}\n{"title":"Iron in the early city","arxiv":"1011.1669"}\n{"title":"On salt & its uses","arxiv":"1011.1669"}',
      'a.jsonl'
    )
    expect(got.counts).toEqual({ entries: 3, drafts: 1, repeated: 1, refused: 1 })
    expect(lines(got)).toEqual(['2 SAME_NAME_OTHER_TITLE'])
  })
  it.each<[string, string, string[]]>([
    [
      'a note that is a label and an identifier',
      'TY  - JOUR\nTI  - A\nN1  - PMID: 31000001; PMCID: PMC7000001\nER  - ',
      ['pmcid:PMC7000001']
    ],
    [
      'no identifier in a sentence',
      'TY  - JOUR\nTI  - A\nN1  - Reprinted from 10.5555/other.1 with changes\nER  - ',
      []
    ],
    [
      'the entry’s own DOI, not the one in its abstract',
      'TY  - JOUR\nTI  - A\nAB  - We repeat 10.5555/other.1\nDO  - 10.5555/own.1\nER  - ',
      ['doi:10.5555/own.1']
    ]
  ])('%s', (_, text, expected) => {
    expect(names(text, 'a.ris')).toEqual(expected)
  })
  it.each<[string, string[]]>([
    [
      '[1] Doe, J. (2020). A title. J Example, 1, 2.\nhttps://www.example.org/a\ndoi:10.5555/one.1\n[2] Roe R. 2021. B. arXiv:2101.00001, https://doi.org/10.5555/two.1',
      ['doi:10.5555/one.1', 'doi:10.5555/two.1']
    ],
    [
      '- Doe J. A title of some length. 2020.\n  https://doi.org/10.5555/one.1\n- Roe R. Another. 2021. doi:10.5555/two.1',
      ['doi:10.5555/one.1', 'doi:10.5555/two.1']
    ],
    ['Doe J. A title. 10.5555/978-1-\u00ad\n234_5.', ['doi:10.5555/978-1-234_5']],
    ['See 10.5555/a.1. 2020 was a year.', ['doi:10.5555/a.1']],
    ['10.5555/one.\n2. Another line about nothing', ['doi:10.5555/one']],
    [
      'doi: 10.1002/(SICI)1099-0000(199901)1:1< 1::AID-X1>3.0.CO;2-X',
      ['doi:10.1002/(sici)1099-0000(199901)1:1<1::aid-x1>3.0.co;2-x']
    ]
  ])('in a pasted text: %j', (text, expected) => {
    expect(names(text, 'Pasted text')).toEqual(expected)
  })
})

describe('the formats in a pasted text are detected anywhere in it', () => {
  const dois = Array.from({ length: 1_200 }, (_, at) => `10.5555/paste.${at}`).join('\n')
  it('BibTeX and RIS after 20,000 characters of DOIs', () => {
    expect(dois.length).toBeGreaterThan(20_000)
    const bib = `${dois}\n@article{a, title = {T}, doi = {10.5555/bib.1}}\n`
    const ris = `${dois}\nTY  - JOUR\nTI  - T\nDO  - 10.5555/ris.1\nER  - \n10.5555/last`
    const first = read(bib, 'Pasted text')
    expect([first.drafts.length, first.drafts.at(-1)!.facts.title, first.problems]).toEqual([1_201, 'T', []])
    const second = read(ris, 'list.txt')
    expect([second.drafts.length, second.drafts.at(-2)!.facts.title, second.problems]).toEqual([
      1_202,
      'T',
      []
    ])
  })
})

describe('formats', () => {
  const cases: [string, string, string, string][] = [
    [
      'EndNote',
      'a.enw',
      '%0 Journal Article\n%A Doe, Jane\n%T A title\n%J J Example\n%D 2020\n%V 1\n%R 10.5555/f.1\n',
      'A title'
    ],
    [
      'RefWorks',
      'a.txt',
      'RT Journal Article\nSR Electronic\nID 5\nA1 Doe, Jane\nT1 A title\nJF J Example\nYR 2020\nDO 10.5555/f.1\nER \n',
      'A title'
    ],
    [
      'Web of Science, tabs',
      'savedrecs.txt',
      'PT\tAU\tTI\tSO\tDI\tPY\nJ\tDoe, J\tA title\tJ EX\t10.5555/f.1\t2020\n',
      'A title'
    ],
    [
      'PubMed XML',
      'a.xml',
      '<?xml version="1.0"?>\n<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">31000001</PMID><Article><Journal><Title>J Example</Title></Journal><ArticleTitle>A <i>title</i>.</ArticleTitle><AuthorList><Author><LastName>Doe</LastName><ForeName>Jane</ForeName></Author></AuthorList></Article><CommentsCorrectionsList><CommentsCorrections><PMID>1</PMID></CommentsCorrections></CommentsCorrectionsList></MedlineCitation><PubmedData><ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.5555/cited.1</ArticleId></ArticleIdList></Reference></ReferenceList><ArticleIdList><ArticleId IdType="doi">10.5555/f.1</ArticleId></ArticleIdList></PubmedData></PubmedArticle></PubmedArticleSet>',
      'A title'
    ],
    [
      'Crossref XML',
      'a.xml',
      '<doi_records><doi_record><crossref><journal><journal_metadata><full_title>J Example</full_title><doi_data><doi>10.5555/journal</doi></doi_data></journal_metadata><journal_article><titles><title>A title</title></titles><contributors><person_name contributor_role="author"><given_name>Jane</given_name><surname>Doe</surname></person_name></contributors><doi_data><doi>10.5555/f.1</doi></doi_data><citation_list><citation><doi>10.5555/cited.1</doi></citation></citation_list></journal_article></journal></crossref></doi_record></doi_records>',
      'A title'
    ],
    [
      'MODS',
      'a.xml',
      '<modsCollection xmlns="http://www.loc.gov/mods/v3"><mods><titleInfo><title>A title</title></titleInfo><name type="personal"><namePart type="family">Doe</namePart><namePart type="given">Jane</namePart></name><identifier type="doi">10.5555/f.1</identifier><relatedItem type="host"><titleInfo><title>J Example</title></titleInfo><identifier type="doi">10.5555/host</identifier></relatedItem></mods></modsCollection>',
      'A title'
    ],
    [
      'arXiv’s Atom',
      'a.xml',
      '<feed xmlns="http://www.w3.org/2005/Atom"><title>query</title><entry><id>http://arxiv.org/abs/2101.00001v1</id><title>A title</title><author><name>Jane Doe</name></author><arxiv:doi xmlns:arxiv="x">10.5555/f.1</arxiv:doi></entry></feed>',
      'A title'
    ],
    [
      'DataCite XML',
      'a.xml',
      '<resource xmlns="http://datacite.org/schema/kernel-4"><identifier identifierType="DOI">10.5555/f.1</identifier><creators><creator><creatorName>Doe, Jane</creatorName></creator></creators><titles><title>A title</title></titles><relatedIdentifiers><relatedIdentifier relatedIdentifierType="DOI">10.5555/other</relatedIdentifier></relatedIdentifiers></resource>',
      'A title'
    ],
    [
      'CSL-YAML',
      'a.yaml',
      '---\nreferences:\n- id: doe\n  type: article-journal\n  title: A title\n  author:\n  - family: Doe\n    given: Jane\n  DOI: 10.5555/f.1\n...\n',
      'A title'
    ],
    [
      'hayagriva',
      'refs.yml',
      'doe2020:\n  type: Article\n  title: A title\n  author: ["Doe, Jane"]\n  serial-number:\n    doi: 10.5555/f.1\n  parent:\n    type: Periodical\n    title: J Example\n',
      'A title'
    ],
    [
      'a citation file',
      'CITATION.cff',
      'cff-version: 1.2.0\nmessage: cite\ntitle: Software\ndoi: 10.5555/software\npreferred-citation:\n  type: article\n  title: A title\n  doi: 10.5555/f.1\n  authors:\n  - family-names: Doe\n    given-names: Jane\n',
      'A title'
    ],
    [
      'INSPIRE',
      'a.json',
      '{"hits":{"hits":[{"id":"1","metadata":{"titles":[{"title":"A title"}],"dois":[{"value":"10.5555/f.1"}],"authors":[{"full_name":"Doe, Jane"}]}}],"total":1}}',
      'A title'
    ],
    [
      'Lens',
      'a.json',
      '{"total":1,"data":[{"lens_id":"1","title":"A title","external_ids":[{"type":"doi","value":"10.5555/f.1"}]}]}',
      'A title'
    ],
    [
      'PubMed’s summaries',
      'a.json',
      '{"header":{},"result":{"uids":["1","2"],"1":{"uid":"1","title":"A title","articleids":[{"idtype":"doi","value":"10.5555/f.1"}]},"2":{"uid":"2","title":"B","articleids":[{"idtype":"pubmed","value":"31000002"}]}}}',
      'A title'
    ],
    [
      'a saved page',
      'a.html',
      '<html><head><script>var x="10.5555/no.1"</script></head><body><ol><li>Doe J. A title. 2020. <a href="https://doi.org/10.5555/f.1">link</a></li></ol></body></html>',
      ''
    ]
  ]
  it.each(cases)('%s', (_, file, text, title) => {
    const got = read(text, file)
    expect(got.problems).toEqual([])
    expect(got.drafts[0]!.ids.doi).toBe('10.5555/f.1')
    expect(got.drafts[0]!.facts.title ?? '').toBe(title)
    expect(
      got.drafts.every(({ ids }) => !/cited|other|journal|host|software|no\.1/.test(ids.doi ?? ''))
    ).toBe(true)
  })
  it.each([
    [
      'XML without records',
      'a.xml',
      '<config><name>x</name><url>https://doi.org/10.5555/x</url></config>',
      /XML/
    ],
    [
      'a LaTeX document',
      'a.tex',
      '\\documentclass{article}\n\\begin{document}see 10.5555/x\\end{document}',
      /LaTeX/
    ]
  ])('%s is refused with a reason', (_, file, text, because) => {
    const got = readReferences(new TextEncoder().encode(text), file)
    expect(got.drafts).toEqual([])
    expect(got.problems.map(({ code }) => code)).toEqual(['BAD_FILE'])
    expect(got.problems[0]!.because).toMatch(because)
  })
})

describe('encodings', () => {
  it('MacRoman and UTF-16 without a byte order mark', () => {
    const bib =
      '@article{a, author = {M\u009fller}, title = {Gr\u009a\u00a7e und K\u009anig}, doi = {10.5555/mac.1}}'
    const mac = Uint8Array.from(bib, (char) => char.charCodeAt(0))
    expect(read(mac, 'a.bib').drafts[0]!.facts).toMatchObject({ title: 'Größe und König' })
    const wide = Uint8Array.from(
      '@article{a, title = {T}, doi = {10.5555/w.1}}'.split('').flatMap((char) => [char.charCodeAt(0), 0])
    )
    expect(names(wide, 'a.bib')).toEqual(['doi:10.5555/w.1'])
  })
})

describe('exports of further programs and services', () => {
  const cases: readonly (readonly [string, string, string, readonly string[]])[] = [
    [
      'Scopus puts its own page beside the DOI',
      'a.csv',
      'Title,DOI,Link,EID\nOne,10.5555/s.1,https://www.scopus.com/inward/record.uri?eid=2-s2.0-1&doi=10.5555%2fs.1,2-s2.0-1\n',
      ['doi:10.5555/s.1']
    ],
    [
      'HAL',
      'a.json',
      '{"response":{"numFound":2,"docs":[{"docid":1,"uri_s":"https://hal.science/hal-00000001","title_s":["One"],"doiId_s":"10.5555/hal.1"},{"docid":2,"uri_s":"https://hal.science/hal-00000002","title_s":["Two"]}]}}',
      ['doi:10.5555/hal.1', 'url:https://hal.science/hal-00000002']
    ],
    [
      'Europe PMC’s id with its source',
      'a.json',
      '{"resultList":{"result":[{"id":"31000003","source":"MED","title":"Three"}]}}',
      ['pmid:31000003']
    ],
    [
      'flattened names of nested members',
      'a.csv',
      'paperId;externalIds.DOI;externalIds.ArXiv;title\na;10.5555/ss.1;;One\nb;;2001.00009;Two\n',
      ['doi:10.5555/ss.1', 'arxiv:2001.00009']
    ],
    [
      'Zotero’s table with identifiers in Extra',
      'a.csv',
      '"Key","Title","DOI","Extra"\n"A","One","10.5555/z.1","see 10.5555/cited.1"\n"B","Two","","PMID: 31000004\nPMCID: PMC7000004"\n',
      ['doi:10.5555/z.1', 'pmid:31000004']
    ],
    [
      'EndNote XML with identifiers in other places',
      'a.xml',
      '<xml><records><record><titles><title>One</title></titles><custom2>PMC7000001</custom2></record><record><titles><title>Two</title></titles><accession-num>31000002</accession-num><remote-database-name>PubMed</remote-database-name></record><record><titles><title>Three</title></titles><electronic-resource-num>10.5555/en.3</electronic-resource-num><accession-num>31000009</accession-num><remote-database-name>Embase</remote-database-name></record></records></xml>',
      ['pmcid:PMC7000001', 'pmid:31000002', 'doi:10.5555/en.3']
    ],
    [
      'a cell that begins with a word in quotation marks',
      'a.tsv',
      'Title\tDOI\nThe 5" disk\t10.5555/q.1\n"Fully" quoted\t10.5555/q.2\nNormal\t10.5555/q.3\n6" end "\t10.5555/q.4\n',
      ['doi:10.5555/q.1', 'doi:10.5555/q.2', 'doi:10.5555/q.3', 'doi:10.5555/q.4']
    ],
    [
      'one label for several numbers, and a year behind it',
      'a.txt',
      'PMIDs: 31000001, 31000002 and 31000003\nPMCIDs PMC7000001; PMC7000002\nPMID: 31000004, 2020\n',
      [
        'pmid:31000001',
        'pmid:31000002',
        'pmid:31000003',
        'pmcid:PMC7000001',
        'pmcid:PMC7000002',
        'pmid:31000004'
      ]
    ],
    [
      'a bibliography of BibTeX, with LaTeX in its addresses',
      'a.bbl',
      '\\begin{thebibliography}{10}\n\n\\bibitem{a}\nJ.~Smith.\n\\newblock One.\n\\newblock {\\em J}, 2020.\n\\newblock \\url{https://doi.org/10.5555/b\\_1}.\n\n\\end{thebibliography}\n',
      ['doi:10.5555/b_1']
    ],
    [
      'a bibliography of Biber',
      'a.bbl',
      '\\refsection{0}\n  \\datalist[entry]{nty/global//global/global}\n    \\entry{smith}{article}{}\n      \\name{author}{1}{}{%\n        {{hash=a}{family={Smith},familyi={S\\bibinitperiod},given={Jane},giveni={J\\bibinitperiod}}}%\n      }\n      \\field{title}{One}\n      \\verb{doi}\n      \\verb 10.5555/bl.1\n      \\endverb\n    \\endentry\n    \\entry{roe}{article}{}\n      \\verb{eprint}\n      \\verb 2001.00010\n      \\endverb\n      \\field{eprinttype}{arXiv}\n    \\endentry\n  \\enddatalist\n\\endrefsection\n',
      ['doi:10.5555/bl.1', 'arxiv:2001.00010']
    ],
    [
      'lists of citations at Semantic Scholar',
      'a.json',
      '{"offset":0,"data":[{"contexts":[],"citingPaper":{"paperId":"a","externalIds":{"DOI":"10.5555/c.1"},"title":"One"}},{"citingPaper":{"paperId":"b","externalIds":{"ArXiv":"2001.00001"},"title":"Two"}}]}',
      ['doi:10.5555/c.1', 'arxiv:2001.00001']
    ],
    [
      'an answer that begins with messages',
      'a.json',
      '{"messages":[{"status":"ok"}],"collection":[{"doi":"10.5555/b.1","title":"One"},{"doi":"10.5555/b.2","title":"Two"}]}',
      ['doi:10.5555/b.1', 'doi:10.5555/b.2']
    ],
    [
      'full-width punctuation',
      'a.txt',
      'DOI：10.5555/fw.1。\n（10.5555/fw.2）\n',
      ['doi:10.5555/fw.1', 'doi:10.5555/fw.2']
    ],
    [
      'people, licences and knowledge bases are no papers',
      'a.csv',
      'Title,DOI,URL\nOne,10.5555/n.1,https://www.wikidata.org/wiki/Q42\nTwo,10.5555/n.2,https://www.gnu.org/licenses/gpl-3.0.html\n',
      ['doi:10.5555/n.1', 'doi:10.5555/n.2']
    ]
  ]
  it.each(cases)('%s', (_, file, text, wanted) => {
    const got = read(text, file)
    expect(got.problems).toEqual([])
    const named = got.drafts.map(({ ids }) =>
      Object.entries(ids).map(([scheme, value]) => `${scheme}:${value}`)
    )
    expect(named).toHaveLength(wanted.length)
    wanted.forEach((name, at) => {
      expect(named[at]).toContain(name)
    })
  })
  it('a row with only a database page is one with a title', () => {
    const csv = 'Title,DOI,Link\nOne,,https://www.scopus.com/inward/record.uri?eid=2-s2.0-1\n'
    expect(lines(read(csv, 'a.csv'))).toEqual(['2 NAMED_BY_TITLE_ONLY'])
  })
})
