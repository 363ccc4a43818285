/** Exports as services and programs write them, each with the works it names and must not name. */
import { describe, expect, it } from 'vitest'
import type { WorkDraft } from '../../../src/contract/work'
import { read } from './references-kit'

function nameOf({ ids }: WorkDraft): string {
  const [scheme, value] = (['doi', 'arxiv', 'pmcid', 'pmid', 'openalex', 'url'] as const)
    .map((name) => [name, ids[name]] as const)
    .find(([, id]) => id !== undefined) ?? ['none', '']
  return `${scheme}:${String(value)}`
}
/** Name and title of each work. */
const works = (text: string | Uint8Array, name: string): string[] =>
  read(text, name).drafts.map((draft) =>
    [nameOf(draft), ...(draft.facts.title ?? '').split('\n')].join(' ').trim()
  )

describe('text exports of databases', () => {
  it('Ovid, labels on lines of their own', () => {
    const text =
      'VN\nOvid Technologies\n<1>\nUnique Identifier\n31000001\nTitle\nA trial of salt.\nSource\nJ Things. 3(1):1-9, 2019.\nAuthors\nMuller J\nSmith A\nDOI\nhttps://dx.doi.org/10.5555/ov.1\nCited References\nDoe J. 10.5555/cited.1\n\n<2>\nUnique Identifier\n31000002\nTitle\nA second one.\nDOI\nhttps://dx.doi.org/10.5555/ov.2\n'
    expect(works(text, 'ovid.txt')).toEqual([
      'doi:10.5555/ov.1 A trial of salt',
      'doi:10.5555/ov.2 A second one'
    ])
    expect(read(text, 'ovid.txt').drafts[0]?.facts.authors).toEqual(['Muller, J', 'Smith, A'])
  })
  it('Ovid, short tags; its link is not a problem', () => {
    const text =
      'VN  - Ovid Technologies\nDB  - Embase\n<1>\nUI  - 2001234567\nTI  - A trial\n      of salt\nAU  - Muller J.\nDO  - http://dx.doi.org/10.5555/oe.1\nPM  - 31000001\nXL  - http://ovidsp.ovid.com/ovidweb.cgi?T=JS\n\n<2>\nUI  - 2001234568\nTI  - A second one\n'
    expect(works(text, 'citation.txt')).toEqual(['doi:10.5555/oe.1 A trial of salt'])
    expect(read(text, 'citation.txt').problems.map(({ code, line }) => [code, line])).toEqual([
      ['NAMED_BY_TITLE_ONLY', 12]
    ])
    expect(read(text, 'citation.txt').drafts[0]?.ids.pmid).toBe('31000001')
  })
  it('the Cochrane Library', () => {
    const text =
      'Record #1 of 2\nID: CN-01234567\nAU: Muller J\nAU: Smith A\nTI: A trial of something\nYR: 2019\nPM: PUBMED 31000001\nDOI: 10.5555/co.1\nUS: https://www.cochranelibrary.com/central/doi/10.1002/central/CN-01234567/full\n\n\nRecord #2 of 2\nID: CD000001\nTI: A review\nDOI: 10.1002/14651858.CD000001.pub2\n'
    expect(works(text, 'citation-export.txt')).toEqual([
      'doi:10.5555/co.1 A trial of something',
      'doi:10.1002/14651858.cd000001.pub2 A review'
    ])
    expect(read(text, 'citation-export.txt').problems).toEqual([])
  })
  it('ProQuest', () => {
    const text =
      'Document 1 of 2\n\nTitle: A trial of salt\n\nAuthor: Muller, Jorg; Smith, Anna\n\nPublication title: J Things\n\nPublication year: 2019\n\nDocument URL: https://www.proquest.com/docview/1\n\nReferences: Doe, 10.5555/cited.1\n\nDOI: https://doi.org/10.5555/pq.1\n\nDocument 2 of 2\n\nTitle: Another one\nDOI: 10.5555/pq.2\n'
    expect(works(text, 'ProQuestDocuments.txt')).toEqual([
      'doi:10.5555/pq.1 A trial of salt',
      'doi:10.5555/pq.2 Another one'
    ])
  })
  it("arXiv's daily mail; identifiers in an abstract or a comment are not planned", () => {
    const text =
      '------------------------------\n\\\\\narXiv:2401.00001\nDate: Mon, 1 Jan 2024 (123kb,D)\n\nTitle: A title of\n  things\nAuthors: J. Müller (Bonn), A. Smith and K. Lee\nComments: code at https://github.com/x/y\nDOI: 10.5555/al.1\n\\\\\n  We improve arXiv:1706.03762 and 10.5555/cited.1.\n\\\\ ( https://arxiv.org/abs/2401.00001 ,  123kb)\n------------------------------\n\\\\\narXiv:hep-th/9901002\nDate: x\n\nTitle: Second title\nAuthors: K. Lee\n\\\\\n  Abstract.\n'
    expect(works(text, 'mail.txt')).toEqual([
      'doi:10.5555/al.1 A title of things',
      'arxiv:hep-th/9901002 Second title'
    ])
    expect(read(text, 'mail.txt').problems).toEqual([])
    expect(read(text, 'mail.txt').drafts[0]?.facts.authors).toEqual(['Müller, J.', 'Smith, A.', 'Lee, K.'])
  })
  it("a list copied from arXiv's pages", () => {
    const text =
      'Showing new listings\n[1] arXiv:2401.00001 [pdf, html, other]\nTitle: A title of things\nJörg Müller, Anna Smith\nSubjects: Machine Learning (cs.LG)\nWe build on arXiv:1706.03762 here.\n\n[2] arXiv:2401.00002 (cross-list from math.GT) [pdf]\nTitle: Second title\nK. Lee\nSubjects: x\n'
    expect(works(text, 'l.txt').map((work) => work.split(' ')[0])).toEqual([
      'arxiv:2401.00001',
      'arxiv:2401.00002'
    ])
  })
  it('NoteExpress, as Wanfang writes it', () => {
    const text =
      '{Reference Type}: Journal Article\n{Title}: 深度学习研究进展综述\n{Author}: 张三\n{Author}: 李四\n{Year}: 2019\n{Pages}: 1-10\n{DOI}: 10.5555/ne.1\n{URL}: http://d.wanfangdata.com.cn/x\n\n{Reference Type}: Journal Article\n{Title}: 另一篇没有标识符的文章标题\n'
    expect(works(text, 'wf.txt')).toEqual(['doi:10.5555/ne.1 深度学习研究进展综述'])
    expect(read(text, 'wf.txt').problems.map(({ code }) => code)).toEqual(['NAMED_BY_TITLE_ONLY'])
  })
})

describe('Zotero’s RDF', () => {
  const head =
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:bib="http://purl.org/net/biblio#" xmlns:dc="http://purl.org/dc/elements/1.1/">'
  const article = (about: string, title: string, journal: string): string =>
    `<bib:Article rdf:about="${about}"><dcterms:isPartOf rdf:resource="${journal}"/><dc:title>${title}</dc:title></bib:Article>`
  it("the DOI in the journal element is the article's, unless two articles share the journal", () => {
    const text = `${head}${article('#1', 'First of all', 'urn:issn:1')}${article('#2', 'Second of all', 'urn:issn:2')}${article('#3', 'Third of all', 'urn:issn:2')}
      <bib:Journal rdf:about="urn:issn:1"><dc:title>J Things</dc:title><dc:identifier>DOI 10.5555/zr.1</dc:identifier></bib:Journal>
      <bib:Journal rdf:about="urn:issn:2"><dc:title>J Other</dc:title><dc:identifier>DOI 10.5555/zr.2</dc:identifier></bib:Journal></rdf:RDF>`
    const got = read(text, 'lib.rdf')
    expect(got.drafts.map(({ ids, facts }) => [ids.doi, facts.title, facts.venue])).toEqual([
      ['10.5555/zr.1', 'First of all', 'J Things']
    ])
    expect(got.problems.map(({ code }) => code)).toEqual(['NAMED_BY_TITLE_ONLY', 'NAMED_BY_TITLE_ONLY'])
  })
  it('chapters and theses are works; attachments, notes and collections are not', () => {
    const text = `${head}
      <bib:BookSection rdf:about="#5"><dcterms:isPartOf><bib:Book><dc:title>The book of things</dc:title></bib:Book></dcterms:isPartOf><dc:title>A chapter on things</dc:title><dc:description>DOI: 10.5555/zs.1</dc:description></bib:BookSection>
      <bib:Thesis rdf:about="https://example.org/thesis/1"><dc:title>A thesis about salt</dc:title><dc:identifier><dcterms:URI><rdf:value>https://example.org/thesis/1</rdf:value></dcterms:URI></dc:identifier></bib:Thesis>
      <z:Attachment rdf:about="#6"><dc:title>PDF</dc:title><dc:identifier><dcterms:URI><rdf:value>https://example.org/a.pdf</rdf:value></dcterms:URI></dc:identifier></z:Attachment>
      <bib:Memo rdf:about="#7"><rdf:value>10.5555/other</rdf:value></bib:Memo>
      <z:Collection rdf:about="#c"><dc:title>Mine</dc:title></z:Collection></rdf:RDF>`
    expect(works(text, 'lib.rdf')).toEqual([
      'doi:10.5555/zs.1 A chapter on things',
      'url:https://example.org/thesis/1 A thesis about salt'
    ])
  })
})

describe('RIS in other spellings', () => {
  it.each<[string, string]>([
    ['small letters', 'ty  - jour\nti  - Title one\nau  - Müller, J\ndo  - 10.5555/lc.1\ner  - \n'],
    ['dashes of a word processor', 'TY  – JOUR\nTI  – Title one\nDO  – 10.5555/lc.1\nER  –\n'],
    ['one blank', 'TY - JOUR\nTI - Title one\nDO - 10.5555/lc.1\nER -\n']
  ])('%s', (_, text) => {
    for (const name of ['x.ris', 'x.txt']) {
      expect(works(text, name)).toEqual(['doi:10.5555/lc.1 Title one'])
      expect(read(text, name).problems).toEqual([])
    }
  })
})

describe('BibTeX of libraries and publishers', () => {
  it('a key that is a DOI names an entry without another identifier, and comes before a page', () => {
    const text =
      '@article{10.1145/1327452.1327492, author={Dean}, title={MapReduce}}\n@article{10.2307/2332286, URL={http://www.jstor.org/stable/2332286}, title={The Probable Error}}\n@article{10.5555/key.3, doi={10.5555/field.3}, title={C}}'
    expect(works(text, 'a.bib')).toEqual([
      'doi:10.1145/1327452.1327492 MapReduce',
      'doi:10.2307/2332286 The Probable Error',
      'doi:10.5555/field.3 C'
    ])
  })
  it('links into a reference manager are not a problem', () => {
    const text =
      '@article{a, title={A}, doi={10.5555/pa.1}, uri={\\url{papers3://publication/doi/10.5555/pa.1}}, url={bookends://sonnysoftware.com/1}}'
    expect(works(text, 'a.bib')).toEqual(['doi:10.5555/pa.1 A'])
    expect(read(text, 'a.bib').problems).toEqual([])
  })
  it('Scopus has the DOI only in its own address', () => {
    const text =
      'TY  - CONF\nTI  - Title two\nUR  - https://www.scopus.com/inward/record.uri?eid=2-s2.0-90&doi=10.5555%2fsr.2&partnerID=40\nER  -\n'
    expect(works(text, 'scopus.ris')).toEqual(['doi:10.5555/sr.2 Title two'])
  })
})

describe('encodings that a file does not declare', () => {
  it.each<[string, string, string]>([
    [
      'shift_jis',
      'QGFydGljbGV7eSwKIGF1dGhvcj17jlKTYyCRvphZfSwKIHRpdGxlPXuT+pZ7jOqCzJhflbaR6JbagsmCwoKigsR9LAogZG9pPXsxMC41NTU1L2pwLjF9Cn0K',
      '日本語の論文題目について'
    ],
    [
      'euc_kr',
      'VFkgIC0gSk9VUgpBVSAgLSCx6MO2vPYKVEkgIC0gx9Gxub7uILPtua4gwaa48b+hILTrx9Egv6yxuApETyAgLSAxMC41NTU1L2tyLjEKRVIgIC0gCg==',
      '한국어 논문 제목에 대한 연구'
    ],
    [
      'big5',
      'VFkgIC0gSk9VUgpBVSAgLSCk/aRwqfoKVEkgIC0gsmCr177Hst+mYsLlvse8drmzpKfAs6XOu1C1b65pCkRPICAtIDEwLjU1NTUvdHcuMQpFUiAgLSAK',
      '深度學習在醫學影像之應用與發展'
    ],
    [
      'koi8_r',
      'QGFydGljbGV7aSwKIGF1dGhvcj176dfBzs/XLCDp18HOfSwKIHRpdGxlPXvp09PMxcTP18HOycUgx8zVws/Lz8fPIM/C1d7FzsnRIM7FytLPzs7ZyCDTxdTFyn0sCiBkb2k9ezEwLjU1NTUvcnUuMX0KfQo=',
      'Исследование глубокого обучения нейронных сетей'
    ],
    [
      'iso8859_7',
      'VFkgIC0gSk9VUgpUSSAgLSDM5evd9Ocg9OfyIOLh6Onc8iDs3Ojn8+fyIPP05+0g6eH08enq3gpETyAgLSAxMC41NTU1L2dyLjEKRVIgIC0gCg==',
      'Μελέτη της βαθιάς μάθησης στην ιατρική'
    ],
    [
      'cp1254',
      'VFkgIC0gSk9VUgpUSSAgLSBEZXJpbiD28HJlbm1lIHn2bnRlbWxlcmluaW4gc2HwbP1rIGFsYW79bmRhIGt1bGxhbv1t/QpETyAgLSAxMC41NTU1L3RyLjEKRVIgIC0gCg==',
      'Derin öğrenme yöntemlerinin sağlık alanında kullanımı'
    ]
  ])('%s', (_, base64, title) => {
    const bytes = new Uint8Array(Buffer.from(base64, 'base64'))
    expect(read(bytes, bytes[0] === 0x40 ? 'a.bib' : 'a.ris').drafts.map(({ facts }) => facts.title)).toEqual(
      [title]
    )
  })
})

describe('addresses', () => {
  it.each<[string, string]>([
    ['https://www.nature.com/articles/s41586-020-2649-2#Sec1', 'doi:10.1038/s41586-020-2649-2'],
    ['https://www.nature.com/articles/nature14539.pdf', 'doi:10.1038/nature14539'],
    [
      'https://www.biorxiv.org/content/10.1101/2020.01.01.000001v2.full.pdf+html',
      'doi:10.1101/2020.01.01.000001'
    ],
    [
      'https://www.biorxiv.org/content/biorxiv/early/2020/01/01/2020.01.01.000001.full.pdf',
      'doi:10.1101/2020.01.01.000001'
    ],
    [
      'https://academic.oup.com/brain/article-pdf/doi/10.1093/brain/awaa001/33000000/awaa001.pdf',
      'doi:10.1093/brain/awaa001'
    ],
    ['https://iopscience.iop.org/article/10.1088/1367-2630/1/1/001/pdf', 'doi:10.1088/1367-2630/1/1/001'],
    ['https://www-nature-com.proxy.lib.example.edu/articles/nature14539', 'doi:10.1038/nature14539'],
    ['https://www.nature.com.ezproxy.example.edu/articles/nature14539', 'doi:10.1038/nature14539'],
    [
      'https://www-sciencedirect-com.proxy.lib.example.edu/science/article/pii/S0140673620301835',
      'url:https://www.sciencedirect.com/science/article/pii/S0140673620301835'
    ],
    ['https://www-some--house-org.libproxy.example.edu/a/1', 'url:https://www.some-house.org/a/1'],
    ['https://proxy.example.edu/a/1', 'url:https://proxy.example.edu/a/1'],
    ['hdl:2027/mdp.39015', 'url:https://hdl.handle.net/2027/mdp.39015'],
    ['１０．５５５５／b13', 'doi:10.5555/b13']
  ])('%s', (line, name) => {
    expect(works(`${line}\n`, 'ids.txt')).toEqual([name])
  })
})

it("Embase's table with a field in each row", () => {
  const text =
    '"TITLE","A trial, of salt"\n"AUTHOR NAMES","Muller J.","Smith A."\n"SOURCE","J Things"\n"ABSTRACT","One\ntwo."\n"DOI","10.5555/em.1"\n"MEDLINE PMID","31000001 (http://www.ncbi.nlm.nih.gov/pubmed/31000001)"\n\n"TITLE","A second trial of salt"\n"SOURCE","K"\n'
  const got = read(text, 'records.csv')
  expect(got.drafts.map(({ ids, facts }) => [ids.doi, ids.pmid, facts.title, facts.authors])).toEqual([
    ['10.5555/em.1', '31000001', 'A trial, of salt', ['Muller, J.', 'Smith, A.']]
  ])
  expect(got.problems.map(({ line, code }) => [line, code])).toEqual([[9, 'NAMED_BY_TITLE_ONLY']])
})

describe('a paste of several formats', () => {
  const parts: readonly (readonly [string, string, string])[] = [
    ['lines', '10.5555/mx.1\nhttps://doi.org/10.5555/mx.2\n', 'doi:10.5555/mx.1,doi:10.5555/mx.2'],
    ['BibTeX', '@article{a,\n title={In between},\n doi={10.5555/mx.3}\n}\n', 'doi:10.5555/mx.3 In between'],
    ['RIS', 'TY  - JOUR\nTI  - Ris one\nDO  - 10.5555/mx.4\nER  - \n', 'doi:10.5555/mx.4 Ris one'],
    ['EndNote', '%0 Journal Article\n%T Enw one\n%R 10.5555/mx.5\n', 'doi:10.5555/mx.5 Enw one'],
    ['PubMed', 'PMID- 31000001\nTI  - Med one\n', 'pmid:31000001 Med one']
  ]
  it.each(parts.map((_, at) => at))('in any order, starting with part %i', (at) => {
    const turned = [...parts.slice(at), ...parts.slice(0, at)]
    const text = turned.map(([, part]) => part).join('\n')
    const wanted = turned.flatMap(([, , names]) => names.split(','))
    expect(works(text, 'paste.txt').sort()).toEqual(wanted.sort())
  })
})

describe('tables with headings of other languages', () => {
  it.each<[string, string]>([
    ['a.tsv', '标题\t作者\t年份\tDOI\n深度学习综述\t张三\t2019\t10.5555/tc.1\n'],
    ['a.csv', 'Titel;Autoren;Jahr;Zeitschrift;DOI\n深度学习综述;张三;2019;J;10.5555/tc.1\n'],
    ['b.csv', 'Título,Autores,Año,DOI\n深度学习综述,张三,2019,10.5555/tc.1\n']
  ])('%s', (name, text) => {
    const [draft] = read(text, name).drafts
    expect(draft?.facts).toMatchObject({ title: '深度学习综述', authors: ['张三'], year: 2019 })
  })
})
