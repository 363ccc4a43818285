/**
 * Every reader of outside text, by name, for the fuzz runner and the test of doubling. Each takes any text,
 * in time proportional to its length, and throws only what `read` allows.
 */
import { normaliseDoi } from '../../src/contract/doi'
import { redactText, redactUrl } from '../../src/contract/redact'
import { namePage } from '../../src/main/library/non-paper-pages'
import { familyNameOf } from '../../src/main/library/family-name'
import { judgeHead } from '../../src/main/library/judge-head'
import { judgeHtml, judgeXml } from '../../src/main/library/judge-text'
import { readManifestLines } from '../../src/main/library/manifest-papers'
import { ownIdentity } from '../../src/main/library/own-identity'
import { paperName } from '../../src/main/library/paper-name'
import { judgeRightPaper } from '../../src/main/library/right-paper'
import type { RightPaper } from '../../src/main/library/right-paper-verdict'
import { readSidecar } from '../../src/main/library/sidecar'
import { plainName } from '../../src/main/ipc/dropped-file'
import { readJournal } from '../../src/main/ledger/journal-file'
import { readAnnounced } from '../../src/main/net/announced'
import { makeCookieJar } from '../../src/main/net/cookies'
import { retryAtFrom } from '../../src/main/net/retry'
import { decidingRule, parseRobots, robotsPath } from '../../src/main/net/robots-rules'
import { decodeText } from '../../src/main/net/text'
import { isPaperPath, partsOfPath } from '../../src/main/platform/recorded-path'
import { parsePlan } from '../../src/main/settings/plan-file'
import { parseArxiv } from '../../src/main/sources/arxiv'
import { parseCrossref } from '../../src/main/sources/crossref'
import { parseDataCite } from '../../src/main/sources/datacite'
import { parseEuropePmc } from '../../src/main/sources/europe-pmc'
import { findPdfLinks } from '../../src/main/sources/landing/find-pdf-links'
import { parseOpenAlex } from '../../src/main/sources/openalex'
import { parseListing } from '../../src/main/sources/pmc-cloud'
import { parseIdConverter } from '../../src/main/sources/pmc-ids'
import { parseUnpaywall } from '../../src/main/sources/unpaywall'
import { parseCdx } from '../../src/main/sources/wayback-answers'
import { plainText, sameTitle, urlKey, webUrl } from '../../src/main/sources/web-text'
import { canonicalUrl } from '../../src/main/works/canonical-url'
import { splitName, splitNames } from '../../src/main/works/formats/person-names'
import { findIdentifiers, readReferences, recognise } from '../../src/main/works/works'

export interface TextReader {
  readonly read: (text: string) => unknown
  /** fixtures to feed it with: a folder below tests/fixtures, and the end of their names */
  readonly seeds?: readonly (readonly [folder: string, ending: string])[]
  /** sample texts, where there is no fixture */
  readonly samples?: readonly string[]
}

const at = { url: 'https://j.example/article/567' }
const address = 'https://a.example/x.pdf'
const work = { ids: { doi: '10.1234/geo.57' }, facts: { title: 'Sediment transport in alpine rivers' } }
const rightPaper = (plain: string): RightPaper =>
  judgeRightPaper({ pages: [plain], prominent: [plain.slice(0, 300)], metadataTitle: null }, work)
/** An invalid address is refused by an exception. */
const orRefused = (perform: () => unknown): unknown => {
  try {
    return perform()
  } catch {
    return null
  }
}
const list =
  (name: string) =>
  (text: string): unknown =>
    readReferences(Buffer.from(text), name)

const BIB = `@article{a, title={A {\\'e}tude of {X}}, author={Doe, Jane and M{\\"u}ller, J.}, year=2020, doi={10.1234/abc}, url={https://a.example/x}}
@string{j="Journal"}\n@book{b, title="B" # j, author={A and B}, note={arXiv:2001.00001}}\n`
const RIS =
  'TY  - JOUR\nTI  - A title\nAU  - Doe, Jane\nPY  - 2020\nDO  - 10.1234/abc\nUR  - https://a.example\nER  - \n'
const NBIB =
  'PMID- 12345678\nTI  - A title\n      that goes on.\nAU  - Doe J\nLID - 10.1234/abc [doi]\nDP  - 2020 Jan\n\n'
const ENW = '%0 Journal Article\n%T A title\n%A Doe, Jane\n%D 2020\n%R 10.1234/abc\n%U https://a.example\n\n'
const WOS =
  'FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nAU Doe, J\n   Roe, R\nTI A title\nDI 10.1234/abc\nPY 2020\nER\n\nEF\n'
const MODS =
  '<?xml version="1.0"?><modsCollection xmlns="http://www.loc.gov/mods/v3"><mods><titleInfo><title>A title</title></titleInfo><name type="personal"><namePart type="family">Doe</namePart></name><identifier type="doi">10.1234/abc</identifier></mods></modsCollection>'
const ENDNOTE =
  '<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "b">]><xml><records><record><titles><title><style>A title</style></title></titles><contributors><authors><author>Doe, Jane</author></authors></contributors><electronic-resource-num>10.1234/abc</electronic-resource-num></record></records></xml>'
const YAML =
  'references:\n- id: a\n  type: article-journal\n  title: "A title"\n  author:\n  - {family: Doe, given: Jane}\n  DOI: 10.1234/abc\n'
const CSL =
  '[{"id":"a","type":"article-journal","title":"A","author":[{"family":"Doe"}],"DOI":"10.1234/abc","issued":{"date-parts":[[2020,1]]}}]'
const TEXT =
  'Doe, J. (2020). A title. Journal 1(2), 3–4. https://doi.org/10.1234/abc\narXiv:2001.00001v2; PMID: 12345678, PMC1234567\n10.1016/S0022-\n5193(05)80057-3 (see also https://arxiv.org/abs/hep-th/9901001).\n'
const CSV =
  'title,authors,doi,year\n"A ""title""","Doe, J; Roe, R",10.1234/abc,2020\nB,,https://doi.org/10.1234/x,\n'
const LINE =
  '{"v":1,"artifact_id":"a","work_id":"w","path":"objects/ab/cd.pdf","paper_path":"papers/../../x.pdf","sha256":"ab","bytes":3}\n'
const PAGE =
  '<!doctype html><html><head><title>A</title><meta name="citation_title" content="A title"><meta name="citation_author" content="Doe, J"><meta name="citation_doi" content="10.1234/abc"><meta name="citation_pdf_url" content="/a.pdf"><meta http-equiv="refresh" content="0; url=/b"><link rel="alternate" type="application/pdf" href="/c.pdf"><script type="application/ld+json">{"@type":"ScholarlyArticle"}</script></head><body><a class="pdf" href="/d.pdf">Download PDF</a><iframe src="/e.pdf"></iframe></body></html>'
const JATS =
  '<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD" "x.dtd"><!-- c --><article><front><article-title>Sediment transport</article-title></front><body><sec><p>We measured.</p></sec></body><back><ref-list><ref>R</ref></ref-list></back></article>'

export const TEXT_READERS: Readonly<Record<string, TextReader>> = {
  'landing page': {
    read: (text) => findPdfLinks(text, at),
    seeds: [
      ['recorded/landing', '.html'],
      ['recorded/doi', '.html'],
      ['web', '.html']
    ],
    samples: [PAGE]
  },
  'landing page of a repository': {
    read: (text) => findPdfLinks(text, { ...at, url: 'https://zenodo.org/records/1' }),
    samples: [PAGE, `${'<a href="/records/1/files/2.pdf"><object>'.repeat(40)}${' x'.repeat(2_000)}`]
  },
  'page in place of a file': {
    read: (text) => [
      judgeHead(Buffer.from(text), { format: 'pdf', contentType: 'text/html', url: address }),
      namePage(text, address)
    ],
    seeds: [
      ['recorded/landing', '.html'],
      ['recorded/doi', '.html']
    ],
    samples: [PAGE, '<!--a--><?xml version="1.0"?><html>', '%PDF-1.4 1 0 obj']
  },
  'article as a page': { read: (text) => judgeHtml(text, address, rightPaper), samples: [PAGE] },
  'article in XML': { read: (text) => judgeXml(text, rightPaper), samples: [JATS] },
  'text of a paper': {
    read: rightPaper,
    samples: [
      'Sediment transport in alpine rivers\nAda Lovelace\ndoi:10.1234/geo.57\nAbstract\nReferences\n[1] X.'
    ]
  },
  'first page of a file of one’s own': {
    read: (text) =>
      ownIdentity(
        {
          pages: [text],
          prominent: [text.slice(0, 2_000)],
          metadataTitle: text.slice(0, 2_000),
          pageCount: 1,
          info: { Title: text.slice(0, 2_000), Subject: text.slice(0, 2_000) },
          xmp: text.slice(0, 200_000),
          xmpTitle: text.slice(0, 2_000)
        },
        `${text.slice(0, 200)}.pdf`
      ),
    samples: [
      'Sediment transport\nAda Lovelace\ndoi: 10.1234/geo.57\narXiv:2001.00001v1 [hep-th] 1 Jan 2020',
      '<x:xmpmeta><rdf:RDF><prism:doi>10.1234/abc</prism:doi><dc:identifier>doi:10.1/x</dc:identifier></rdf:RDF></x:xmpmeta>'
    ]
  },
  'robots.txt': {
    read: (text) =>
      decidingRule(parseRobots(text, 'sheaf'), robotsPath(`https://a.example/${text.slice(0, 3_000)}`)),
    seeds: [
      ['recorded/robots', '.txt'],
      ['net/robots', '']
    ],
    samples: ['User-agent: *\nDisallow: /a*b$\nAllow: /a\nCrawl-delay: 2\n']
  },
  OpenAlex: {
    read: parseOpenAlex,
    seeds: [
      ['recorded/openalex', '.json'],
      ['services', '.json']
    ]
  },
  Unpaywall: { read: parseUnpaywall, seeds: [['recorded/unpaywall', '.json']] },
  Crossref: { read: parseCrossref, seeds: [['recorded/crossref', '.json']] },
  DataCite: {
    read: parseDataCite,
    samples: ['{"data":{"attributes":{"doi":"10.1/a","titles":[{"title":"A"}]}}}']
  },
  'Europe PMC': { read: parseEuropePmc, seeds: [['recorded/europepmc', '.json']] },
  'id converter': { read: parseIdConverter, seeds: [['recorded/pmc', '.json']] },
  'PMC listing': {
    read: (text) => parseListing(text, 'PMC1234567'),
    samples: [
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><ListBucketResult><CommonPrefixes><Prefix>PMC1234567.1/</Prefix></CommonPrefixes></ListBucketResult>'
    ]
  },
  arXiv: { read: parseArxiv, seeds: [['recorded/arxiv', '.xml']] },
  'Wayback index': { read: parseCdx, seeds: [['recorded/wayback', '.json']] },
  BibTeX: { read: list('a.bib'), samples: [BIB] },
  RIS: { read: list('a.ris'), samples: [RIS] },
  NBIB: { read: list('a.nbib'), samples: [NBIB] },
  ENW: { read: list('a.enw'), samples: [ENW] },
  'Web of Science': { read: list('a.txt'), samples: [WOS] },
  MODS: { read: list('a.xml'), samples: [MODS] },
  'EndNote XML': { read: list('a.xml'), samples: [ENDNOTE] },
  YAML: { read: list('a.yaml'), samples: [YAML] },
  'CSL JSON': { read: list('a.json'), samples: [CSL] },
  'lines of JSON': { read: list('a.jsonl'), samples: [`${CSL.slice(1, -1)}\n`] },
  CSV: { read: list('a.csv'), samples: [CSV] },
  TSV: { read: list('a.tsv'), samples: [CSV.replaceAll(',', '\t')] },
  'saved page of references': { read: list('a.html'), samples: [`<ul><li>${TEXT}</li></ul>`] },
  'list of unknown kind': { read: list('a'), samples: [TEXT, BIB, RIS, CSV, WOS] },
  'pasted text': { read: findIdentifiers, samples: [TEXT] },
  identifier: {
    read: (text) => [
      recognise(text.slice(0, 4_096)),
      normaliseDoi(text),
      orRefused(() => canonicalUrl(text))
    ],
    samples: ['https://doi.org/10.1234/abc?x=1#y', 'doi: 10.1016/S0022-5193(05)80057-3', 'arXiv:2001.00001v2']
  },
  address: {
    read: (text) => [webUrl(text, at.url), orRefused(() => urlKey(text)), redactUrl(text), redactText(text)],
    samples: [
      'https://user:secret@a.example/x;jsessionid=1?token=abc&u=https%3A%2F%2Fb.example%2F%3Fkey%3D1#z'
    ]
  },
  names: {
    read: (text) => [...splitNames(text).map(splitName), familyNameOf(text)],
    samples: ['Doe, Jane and van der Berg, J.; {NASA Team}, Müller J-P']
  },
  titles: {
    read: (text) => [plainText(text), sameTitle(text, `${text} x`), rightPaperOf(text)],
    samples: ['A <i>title</i> of $\\alpha$&amp; more: part 2']
  },
  'name of a paper': {
    read: (text) => paperNameOf(text),
    samples: ['A title: of? many “words” / and ../.. dots...']
  },
  'file name': {
    read: (text) => [plainName(text), partsOfPath(text), isPaperPath(`papers/${text}.pdf`)],
    samples: ['a/../b c.pdf. . ', 'papers/A – B.pdf']
  },
  sidecar: {
    read: readSidecar,
    samples: [
      '{"v":1,"jobId":"j","url":"https://a.example","etag":null,"lastModified":null,"totalBytes":3,"syncedBytes":3,"bootId":"b"}'
    ]
  },
  'library file': { read: (text) => readManifestLines(Buffer.from(text)), samples: [LINE.repeat(3)] },
  journal: {
    read: (text) => readJournal(Buffer.from(text), Infinity, () => undefined),
    samples: ['00000000\t1\t{"first":2}\n00000000\t2\t[["INSERT INTO a VALUES (?)","x"]]\n']
  },
  'fallback plan': {
    read: (text) => parsePlan(text, 'plan.yaml'),
    samples: ['tiers:\n  - [unpaywall, arxiv]\npolicies:\n  unpaywall: {attempts: 2, timeoutMs: 120_000}\n']
  },
  headers: {
    read: (text) => [
      findPdfLinks('', { ...at, headers: { link: text, 'content-type': text } }),
      retryAtFrom({ 'retry-after': text, date: text }, 1_700_000_000, 3_600),
      readAnnounced({ ratelimit: text, 'ratelimit-policy': text, 'x-ratelimit-limit': text }, 1_700_000_000, {
        span: null,
        maxWaitSeconds: 60
      }),
      decodeText(Buffer.from(text), text)
    ],
    samples: [
      '<https://a.example/1.pdf>; rel="item"; type="application/pdf", </2>; rel=cite-as',
      'Wed, 21 Oct 2026 07:28:00 GMT',
      'text/html; charset="utf-8"; x=y',
      'limit=10, remaining=3, reset=5;w=60;q=10'
    ]
  },
  cookies: {
    read: (text) => {
      const jar = makeCookieJar()
      jar.keep(at.url, [text])
      return jar.header(at.url)
    },
    samples: ['a=b; Path=/; Domain=j.example; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly']
  }
}

function rightPaperOf(title: string): RightPaper {
  const text = { pages: [title], prominent: [title.slice(0, 500)], metadataTitle: title.slice(0, 500) }
  return judgeRightPaper(text, {
    ids: {},
    facts: { title: title.slice(0, 1_000), authors: [title.slice(0, 200)] }
  })
}

function paperNameOf(text: string): string {
  const facts = { title: text.slice(0, 1_000), authors: [text.slice(0, 200)], venue: text.slice(0, 500) }
  return paperName('{year} {firstAuthor} – {title} ({venue})', { ids: {}, facts, workId: 'w', format: 'pdf' })
}
