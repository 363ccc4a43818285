/** All accepted identifier syntaxes: tables, and properties of every DOI and every text. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../../src/contract/errors'
import type { Identifiers, Scheme } from '../../../src/contract/work'
import { isPlainDoi, readDoi } from '../../../src/main/works/doi-text'
import { recognise, workIdOf } from '../../../src/main/works/works'

type Wanted = Identifiers & { readonly version?: string; readonly namedBy?: 'url' }

function check(text: string, wanted: Wanted | ErrorCode, field?: Scheme): void {
  const got = recognise(text, field)
  if (typeof wanted === 'string') {
    expect(got, text).toMatchObject({ kind: 'refused', code: wanted })
    return
  }
  const { version, namedBy, ...ids } = wanted
  expect(got, text).toEqual({
    kind: 'ids',
    ids,
    ...(version === undefined ? {} : { arxivVersion: version }),
    ...(namedBy === undefined ? {} : { namedBy })
  })
}

function table(rows: readonly (readonly [string, Wanted | ErrorCode])[]): void {
  it.each(rows.map(([text, wanted]) => ({ text, wanted })))('$text', ({ text, wanted }) => {
    check(text, wanted)
  })
}

describe('DOIs', () => {
  const doi = '10.1371/journal.pone.0031314'
  table([
    ['10.1371/journal.pone.0031314', { doi }],
    ['10.1371/JOURNAL.PONE.0031314', { doi }],
    ['doi:10.1371/journal.pone.0031314', { doi }],
    ['DOI: 10.1371/journal.pone.0031314', { doi }],
    ['doi 10.1371/journal.pone.0031314', { doi }],
    ['info:doi/10.1371/journal.pone.0031314', { doi }],
    ['urn:doi:10.1371/journal.pone.0031314', { doi }],
    ['doi.org/10.1371/journal.pone.0031314', { doi }],
    ['https://doi.org/10.1371/journal.pone.0031314', { doi }],
    ['HTTP://DX.DOI.ORG/10.1371/journal.pone.0031314', { doi }],
    ['https://www.doi.org/10.1371/journal.pone.0031314', { doi }],
    ['https://doi.org/10.1371%2Fjournal.pone.0031314', { doi }],
    ['10.1371%2Fjournal.pone.0031314', { doi }],
    ['https://doi.org/doi:10.1371/journal.pone.0031314', { doi }],
    ['https://doi.org/https://doi.org/10.1371/journal.pone.0031314', { doi }],
    ['https://doi.org/10.1371/journal.pone.0031314?utm_source=x#y', { doi }],
    ['https://login.ezproxy.lib.edu/login?url=https://doi.org/10.1371/journal.pone.0031314', { doi }],
    ['https://ezproxy.lib.edu/login?qurl=https%3A%2F%2Fdoi.org%2F10.1371%2Fjournal.pone.0031314', { doi }],
    ['https://doi-org.proxy.lib.edu/10.1371/journal.pone.0031314', { doi }],
    ['https://dx-doi-org.proxy.lib.edu/10.1371/journal.pone.0031314', { doi }],
    ['https://doi.org.proxy.lib.edu/10.1371/journal.pone.0031314', { doi }],
    ['https://www.google.com/url?q=https://doi.org/10.1371/journal.pone.0031314&sa=D', { doi }],
    ['https://api.crossref.org/works/10.1371/journal.pone.0031314', { doi }],
    ['https://api.unpaywall.org/v2/10.1371/journal.pone.0031314?email=a@b.org', { doi }],
    ['https://hdl.handle.net/10.1371/journal.pone.0031314', { doi }],
    ['(https://doi.org/10.1371/journal.pone.0031314).', { doi }],
    ['“10.1371/journal.pone.0031314”,', { doi }],
    ['<https://doi.org/10.1371/journal.pone.0031314>', { doi }],
    ['[10.1371/journal.pone.0031314];', { doi }],
    ['\\url{https://doi.org/10.1371/journal.pone.0031314}', { doi }],
    ['\ufeff10.1371/journal.pone.0031314\u200b', { doi }],
    ['\u00a010.1371/journal.pone.0031314…', { doi }],
    ['URL: https://doi.org/10.1371/journal.pone.0031314', { doi }],
    ['10.1016/S0140-6736(05)71146-6', { doi: '10.1016/s0140-6736(05)71146-6' }],
    ['10.1016/0022-1694(84)90008', { doi: '10.1016/0022-1694(84)90008' }],
    ['(10.1000/a(b))', { doi: '10.1000/a(b)' }],
    ['10.1007/978-3-540-24777-7\\_12', { doi: '10.1007/978-3-540-24777-7_12' }],
    [
      '10.1002/(SICI)1097-4547(19960215)43:4<439::AID-JNR5>3.0.CO;2-G',
      { doi: '10.1002/(sici)1097-4547(19960215)43:4<439::aid-jnr5>3.0.co;2-g' }
    ],
    [
      'https://doi.org/10.1002/(SICI)1097-4547(19960215)43:4%3C439::AID-JNR5%3E3.0.CO;2-G',
      { doi: '10.1002/(sici)1097-4547(19960215)43:4<439::aid-jnr5>3.0.co;2-g' }
    ],
    [
      'https://doi.org/10.1002/1521-3773(20010316)40:6<9823::AID-ANIE9823>3.3.CO;2-#',
      { doi: '10.1002/1521-3773(20010316)40:6<9823::aid-anie9823>3.3.co;2-#' }
    ],
    ['10.1000.10/123456', { doi: '10.1000.10/123456' }],
    ['10.1000/456#789', { doi: '10.1000/456#789' }],
    ['10.1000/ünïcode', { doi: '10.1000/ünïcode' }],
    ['10.1186/s12864- 015-1924-3', { doi: '10.1186/s12864-015-1924-3' }],
    ['10.123', 'BAD_IDENTIFIER'],
    ['doi:10.1000/', 'BAD_IDENTIFIER'],
    ['https://doi.org/', 'BAD_IDENTIFIER'],
    ['10.1000/a and more', 'BAD_IDENTIFIER'],
    ['10.1000/a,10.1000/b', 'BAD_IDENTIFIER'],
    ['10.1000/a;https://doi.org/10.1000/b', 'BAD_IDENTIFIER']
  ])
})

describe('arXiv', () => {
  table([
    ['2401.00001', { arxiv: '2401.00001' }],
    ['2401.00001v2', { arxiv: '2401.00001', version: 'v2' }],
    ['arXiv:2401.00001v2', { arxiv: '2401.00001', version: 'v2' }],
    ['ARXIV: 2401.00001', { arxiv: '2401.00001' }],
    ['arXiv:2401.00001v2 [cs.CL]', { arxiv: '2401.00001', version: 'v2' }],
    ['arXiv preprint arXiv:1706.03762', { arxiv: '1706.03762' }],
    ['0704.0001', { arxiv: '0704.0001' }],
    ['hep-th/9901001', { arxiv: 'hep-th/9901001' }],
    ['math.GT/0309136v1', { arxiv: 'math/0309136', version: 'v1' }],
    ['arXiv:math/0309136', { arxiv: 'math/0309136' }],
    ['https://arxiv.org/abs/2401.00001', { arxiv: '2401.00001' }],
    ['http://www.arxiv.org/pdf/2401.00001v3.pdf', { arxiv: '2401.00001', version: 'v3' }],
    ['https://arxiv.org/pdf/hep-th/9901001', { arxiv: 'hep-th/9901001' }],
    ['https://arxiv.org/html/2401.00001v1', { arxiv: '2401.00001', version: 'v1' }],
    ['https://export.arxiv.org/abs/math.GT/0309136', { arxiv: 'math/0309136' }],
    ['https://www.alphaxiv.org/abs/2401.00001v2', { arxiv: '2401.00001', version: 'v2' }],
    ['https://ar5iv.labs.arxiv.org/html/2401.00001', { arxiv: '2401.00001' }],
    ['arxiv.org/abs/2401.00001', { arxiv: '2401.00001' }],
    ['10.48550/arXiv.2401.00001', { doi: '10.48550/arxiv.2401.00001', arxiv: '2401.00001' }],
    ['10.48550/arXiv.2401.00001v2', { doi: '10.48550/arxiv.2401.00001', arxiv: '2401.00001', version: 'v2' }],
    [
      'https://doi.org/10.48550/ARXIV.HEP-TH/9901001',
      { doi: '10.48550/arxiv.hep-th/9901001', arxiv: 'hep-th/9901001' }
    ],
    ['arXiv:2401.0001', 'BAD_IDENTIFIER'],
    ['2413.00001', 'BAD_IDENTIFIER'],
    ['arXiv', 'BAD_IDENTIFIER'],
    ['https://arxiv.org/list/cs/new', { url: 'https://arxiv.org/list/cs/new' }]
  ])
})

describe('PubMed, PMC, OpenAlex', () => {
  table([
    ['PMID: 23175652', { pmid: '23175652' }],
    ['pmid:023175652', { pmid: '23175652' }],
    ['PubMed ID 23175652', { pmid: '23175652' }],
    ['http://www.ncbi.nlm.nih.gov/pubmed/23175652', { pmid: '23175652' }],
    ['https://pubmed.ncbi.nlm.nih.gov/23175652/', { pmid: '23175652' }],
    ['https://pubmed.ncbi.nlm.nih.gov/?term=23175652', { pmid: '23175652' }],
    ['https://europepmc.org/article/MED/23175652', { pmid: '23175652' }],
    ['https://www.ncbi.nlm.nih.gov/pmc/articles/pmid/23175652/', { pmid: '23175652' }],
    ['PMC2654146', { pmcid: 'PMC2654146' }],
    ['pmc2654146', { pmcid: 'PMC2654146' }],
    ['PMCID: PMC2654146', { pmcid: 'PMC2654146' }],
    ['PMCID: 2654146', { pmcid: 'PMC2654146' }],
    ['PMC2654146.2', { pmcid: 'PMC2654146' }],
    ['http://europepmc.org/articles/PMC2654146/', { pmcid: 'PMC2654146' }],
    ['https://europepmc.org/article/PMC/PMC2654146', { pmcid: 'PMC2654146' }],
    ['https://www.ncbi.nlm.nih.gov/pmc/articles/PMC2654146/pdf/nihms.pdf', { pmcid: 'PMC2654146' }],
    ['https://pmc.ncbi.nlm.nih.gov/articles/PMC2654146/', { pmcid: 'PMC2654146' }],
    ['W2741809807', { openalex: 'W2741809807' }],
    ['w123', { openalex: 'W123' }],
    ['https://openalex.org/W2741809807', { openalex: 'W2741809807' }],
    ['https://openalex.org/works/w2741809807', { openalex: 'W2741809807' }],
    ['https://api.openalex.org/works/W2741809807?select=id', { openalex: 'W2741809807' }],
    ['/works/W2741809807', { openalex: 'W2741809807' }],
    ['openalex:W2741809807', { openalex: 'W2741809807' }],
    ['https://api.openalex.org/works/https://doi.org/10.1000/xyz', { doi: '10.1000/xyz' }],
    ['https://api.openalex.org/works/pmid:123', { pmid: '123' }],
    ['A5003331050', 'BAD_IDENTIFIER'],
    ['23175652', 'BAD_IDENTIFIER'],
    ['PMID: none', 'BAD_IDENTIFIER']
  ])
  it('a bare number is a PMID only where the field says so, and the refusal says how to write it', () => {
    check('23175652', { pmid: '23175652' }, 'pmid')
    check('2654146', { pmcid: 'PMC2654146' }, 'pmcid')
    check('23175652', 'BAD_IDENTIFIER', 'doi')
    expect(recognise('23175652')).toMatchObject({
      because: expect.stringContaining('PMID: 23175652') as string
    })
  })
})

describe('addresses', () => {
  table([
    ['https://Example.org:443/a/../b?x=1#frag', { url: 'https://example.org/b?x=1' }],
    ['www.example.org/paper.pdf', { url: 'https://www.example.org/paper.pdf' }],
    [
      'https://www.nature.com/articles/d41586-020-02610-z',
      {
        url: 'https://www.nature.com/articles/d41586-020-02610-z',
        doi: '10.1038/d41586-020-02610-z',
        namedBy: 'url'
      }
    ],
    [
      'https://www.annualreviews.org/doi/10.1146/annurev-conmatphys-031214-014726',
      {
        url: 'https://www.annualreviews.org/doi/10.1146/annurev-conmatphys-031214-014726',
        doi: '10.1146/annurev-conmatphys-031214-014726',
        namedBy: 'url'
      }
    ],
    ['ftp://example.org/a.pdf', 'BAD_URL'],
    ['file:///etc/passwd', 'BAD_URL'],
    ['javascript:alert(1)', 'BAD_URL'],
    ['https://', 'BAD_URL'],
    ['http://exa mple.org/', 'BAD_URL'],
    ['', 'BAD_IDENTIFIER'],
    ['   ', 'BAD_IDENTIFIER'],
    ['Attention is all you need', 'BAD_IDENTIFIER']
  ])

  const inUrl = (url: string, doi: string | undefined) => {
    const got = recognise(url)
    expect(got.kind === 'ids' ? got.ids.doi : got, url).toBe(doi)
    expect(got.kind === 'ids' ? got.ids.url !== undefined : got, url).toBe(true)
    if (got.kind === 'ids' && doi !== undefined) expect(got.namedBy).toBe('url')
  }
  it.each([
    ['http://onlinelibrary.wiley.com/doi/10.1002/hipo.20995/abstract', '10.1002/hipo.20995'],
    [
      'http://www.plosone.org/article/info%3Adoi%2F10.1371%2Fjournal.pone.0031314',
      '10.1371/journal.pone.0031314'
    ],
    [
      'https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0031314',
      '10.1371/journal.pone.0031314'
    ],
    ['https://pubs.acs.org/doi/abs/10.1021/jp003647e', '10.1021/jp003647e'],
    ['https://link.springer.com/content/pdf/10.1007/s11355-024-00608-7.pdf', '10.1007/s11355-024-00608-7'],
    ['https://link.springer.com/article/10.1007/BF02727953', '10.1007/bf02727953'],
    ['https://www.biorxiv.org/content/10.1101/2020.01.01.123456v2.full.pdf', '10.1101/2020.01.01.123456'],
    // openRxiv's own prefix, since December 2025.
    ['https://www.biorxiv.org/content/10.64898/2025.12.05.123456v2', '10.64898/2025.12.05.123456'],
    ['https://www.medrxiv.org/content/10.64898/2025.12.05.123456v1.full-text', '10.64898/2025.12.05.123456'],
    ['https://iopscience.iop.org/article/10.1088/1361-6633/aa5e23/meta', '10.1088/1361-6633/aa5e23'],
    ['https://academic.oup.com/bib/article-abstract/doi/10.1093/bib/bbaa107/5847932', '10.1093/bib/bbaa107'],
    ['https://chooser.crossref.org/?doi=10.7765%2F9781526147547.00008', '10.7765/9781526147547.00008'],
    ['https://pubsonline.informs.org/do/10.1287/orms.2020.04.06/full/', '10.1287/orms.2020.04.06'],
    [
      'https://journals.aps.org/prl/abstract/10.1103/PhysRevLett.122.145901',
      '10.1103/physrevlett.122.145901'
    ],
    [
      'https://www.sciengine.com/JAHH/doi/10.3724/SP.J.1440-2807.2021.02.08',
      '10.3724/sp.j.1440-2807.2021.02.08'
    ],
    ['https://www.frontiersin.org/articles/10.3389/fpls.2020.00001/full', '10.3389/fpls.2020.00001'],
    ['http://bjo.bmj.com/content/98/3/377', undefined],
    ['https://www.sciencedirect.com/science/article/pii/S0304380005004965', undefined],
    ['https://example.org/a/10.1000/b/c/d/e/f', undefined]
  ])('a DOI that is unambiguous in %s', inUrl)
})

describe('ISBNs are refused with a reason', () => {
  table([
    ['978-3-16-148410-0', 'ISBN_NOT_SUPPORTED'],
    ['ISBN 9783161484100', 'ISBN_NOT_SUPPORTED'],
    ['ISBN-13: 978-3-16-148410-0', 'ISBN_NOT_SUPPORTED'],
    ['urn:isbn:9783161484100', 'ISBN_NOT_SUPPORTED'],
    ['0-306-40615-2', 'ISBN_NOT_SUPPORTED'],
    ['080442957X', 'ISBN_NOT_SUPPORTED'],
    ['9783161484101', 'BAD_IDENTIFIER']
  ])
})

describe('for every text', () => {
  const suffix = fc
    .array(fc.constantFrom(...'abcxyz0189.-_;()/:<>#?+&é%~[]'.split('')), { minLength: 1, maxLength: 20 })
    .map((chars) => chars.join(''))
  const anyDoi = fc
    .tuple(fc.integer({ min: 1000, max: 999_999 }), suffix)
    .map(([registrant, rest]) => recognise(`10.${registrant}/${rest}`))
    .filter((got) => got.kind === 'ids')
    .map((got) => got.ids.doi ?? '')
    // An address cannot hold such a DOI: parsing removes the segments.
    .filter((doi) => !/\/\.{1,2}(?:\/|$)/.test(doi))

  it('every spelling of a DOI gives one name', () => {
    fc.assert(
      fc.property(anyDoi, (doi) => {
        const inPath = doi.split('/').map(encodeURIComponent)
        const spellings = [
          doi,
          doi.toUpperCase(),
          `doi:${doi}`,
          `DOI: ${doi} `,
          `https://doi.org/${inPath.join('/')}`,
          `http://dx.doi.org/${inPath.join('%2F')}`,
          `https://doi-org.proxy.lib.edu/${inPath.join('/')}`,
          `https://login.ezproxy.lib.edu/login?url=https://doi.org/${inPath.join('/')}`,
          `“${doi}”.`,
          ...(/[()]/.test(doi) ? [] : [`(${doi})`])
        ]
        for (const spelling of spellings) {
          const got = recognise(spelling)
          expect(got.kind === 'ids' ? workIdOf(got.ids) : got, spelling).toBe(`doi:${doi}`)
        }
      }),
      { numRuns: 400 }
    )
  })
  it('the fast path for a plain DOI gives the result of all rules', () => {
    const word = fc.constantFrom(
      ...'a b v2 v10 1 2024 x9 full abstract text pdf epub abs html pmid pubmed arxiv doi https'.split(' ')
    )
    const mark = fc.constantFrom(...'. . - - / _ ; v 1'.split(' '), '')
    const written = fc
      .tuple(
        fc.constantFrom('10.1101', '10.5555', '10.13039', '10.48550', '10.1234.5', '10.999'),
        fc.array(fc.tuple(word, mark), { minLength: 1, maxLength: 4 })
      )
      .map(([registrant, parts]) => `${registrant}/${parts.flat().join('')}`)
    // Every run needs a plain DOI: one text in nine is one, and too many rejected texts fail the test.
    fc.assert(
      fc.property(written, (text) => {
        fc.pre(isPlainDoi(text))
        expect(readDoi(text)).toBe(text)
      }),
      { numRuns: 300 }
    )
  })
  it('any text gets an answer, never an exception; and a recognised name is recognised as itself', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.string()), (text) => {
        const got = recognise(text)
        if (got.kind === 'refused') expect(got.because).not.toBe('')
        else
          expect(workIdOf(got.ids, got.namedBy)).toMatch(
            /^(?:W\d+|doi:10\.|arxiv:|pmcid:PMC\d|url:[0-9a-f]{64}$)/
          )
      }),
      { numRuns: 500 }
    )
  })
})
