/** Reference files as other programs write them, one kind of trouble each; what is right is said beside them. */
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

/** `doi:10.x/y`, `pmid:5`, `url:https://…`: the name a person knows it by. */
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

describe('what names a work', () => {
  it('a title decides where two entries share only a weaker name', () => {
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

describe('a paste is known by its parts, wherever they are', () => {
  const dois = Array.from({ length: 1_200 }, (_, at) => `10.5555/paste.${at}`).join('\n')
  it('BibTeX and RIS behind 20,000 characters of DOIs', () => {
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
  ])('%s is refused by its name', (_, file, text, because) => {
    const got = readReferences(new TextEncoder().encode(text), file)
    expect(got.drafts).toEqual([])
    expect(got.problems.map(({ code }) => code)).toEqual(['BAD_FILE'])
    expect(got.problems[0]!.because).toMatch(because)
  })
})

describe('encodings', () => {
  it('MacRoman and UTF-16 without a mark', () => {
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
