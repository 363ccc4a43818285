/**
 * The optional sources over real HTTP: what each proposes when the service has a file. A service that has
 * none, refuses, or answers with something else proposes nothing and gives a reason. Answers have the shape
 * of the services' own documentation; docs/services.md lists what is unverified.
 */
import { afterEach, describe, expect, it, test } from 'vitest'
import type { SourceName } from '../../../src/contract/words'
import { nodeClock } from '../../../src/main/platform/node-host'
import { makeSources } from '../../../src/main/sources/ask-tier'
import { parseDataCite } from '../../../src/main/sources/datacite'
import type { TierAnswer } from '../../../src/main/sources/sources'
import { onlySources, openWeb, work, type Answer, type Web } from './loopback-web'

let web: Web | null = null
afterEach(async () => {
  await web?.close()
  web = null
})

interface Row {
  readonly source: SourceName
  readonly doi: string
  /** how the requested address begins */
  readonly asks: string
  /** an answer with a file */
  readonly known: unknown
  /** answers without a usable file */
  readonly nothing: readonly unknown[]
  readonly url: string
  readonly license?: string
  readonly version?: string
  readonly bytes?: number
}

const ROWS: readonly Row[] = [
  {
    source: 'crossref',
    doi: '10.1234/x',
    asks: 'https://api.crossref.org/works/10.1234/x',
    known: {
      message: {
        DOI: '10.1234/x',
        title: ['A title'],
        license: [{ URL: 'https://creativecommons.org/licenses/by/4.0/', 'content-version': 'vor' }],
        link: [
          { URL: 'https://pub.example/x.pdf', 'content-type': 'application/pdf', 'content-version': 'vor' }
        ]
      }
    },
    nothing: [
      { message: { DOI: '10.1234/x', title: ['A title'] } },
      // A link without an open licence does not count.
      {
        message: {
          DOI: '10.1234/x',
          link: [{ URL: 'https://pub.example/x.pdf', 'content-type': 'application/pdf' }]
        }
      }
    ],
    url: 'https://pub.example/x.pdf',
    license: 'cc-by'
  },
  {
    source: 'semantic_scholar',
    doi: '10.1234/x',
    asks: 'https://api.semanticscholar.org/graph/v1/paper/batch',
    known: [{ externalIds: { DOI: '10.1234/x' }, openAccessPdf: { url: 'https://repo.example/x.pdf' } }],
    nothing: [[null], [{ externalIds: { DOI: '10.1234/x' }, openAccessPdf: null }], []],
    url: 'https://repo.example/x.pdf'
  },
  {
    source: 'core',
    doi: '10.1234/x',
    asks: 'https://api.core.ac.uk/v3/discover',
    known: { fullTextLink: 'https://repo.example/x.pdf' },
    nothing: [{ fullTextLink: null }, { fullTextLink: 'https://core.ac.uk/download/1.pdf' }],
    url: 'https://repo.example/x.pdf'
  },
  {
    source: 'doaj',
    doi: '10.1234/x',
    asks: 'https://doaj.org/api/v4/search/articles/doi:10.1234/x',
    known: {
      results: [
        {
          bibjson: {
            identifier: [{ type: 'doi', id: '10.1234/X' }],
            link: [{ type: 'fulltext', url: 'https://journal.example/x.pdf' }]
          }
        }
      ]
    },
    nothing: [
      { results: [] },
      {
        results: [
          {
            bibjson: {
              identifier: [{ type: 'doi', id: '10.1234/another' }],
              link: [{ type: 'fulltext', url: 'https://journal.example/another.pdf' }]
            }
          }
        ]
      }
    ],
    url: 'https://journal.example/x.pdf'
  },
  {
    source: 'hal',
    doi: '10.1234/x',
    asks: 'https://api.archives-ouvertes.fr/search/?q=',
    known: {
      response: { docs: [{ doiId_s: '10.1234/X', fileMain_s: 'https://hal.science/hal-1/document' }] }
    },
    nothing: [
      { response: { numFound: 0, docs: [] } },
      { response: { docs: [{ doiId_s: '10.1234/x' }] } },
      { response: { docs: [{ doiId_s: '10.1234/other', fileMain_s: 'https://hal.science/hal-2/document' }] } }
    ],
    url: 'https://hal.science/hal-1/document'
  },
  {
    source: 'zenodo',
    doi: '10.5281/zenodo.123',
    asks: 'https://zenodo.org/api/records/123',
    known: {
      metadata: { license: { id: 'cc-by-4.0' } },
      files: [
        { key: 'table.csv', links: { self: 'https://zenodo.org/api/records/123/files/table.csv/content' } },
        {
          key: 'paper.pdf',
          size: 1_204,
          links: { self: 'https://zenodo.org/api/records/123/files/paper.pdf/content' }
        }
      ]
    },
    nothing: [
      { files: [] },
      { files: [{ key: 'data.zip', links: { self: 'https://zenodo.org/data.zip' } }] },
      // A data set of many PDFs: none of them is the paper.
      {
        files: Array.from({ length: 9 }, (_, at) => ({
          key: `${String(at)}.pdf`,
          links: { self: `https://zenodo.org/${String(at)}.pdf` }
        }))
      }
    ],
    url: 'https://zenodo.org/api/records/123/files/paper.pdf/content',
    bytes: 1_204
  },
  {
    source: 'figshare',
    doi: '10.6084/m9.figshare.55.v2',
    asks: 'https://api.figshare.com/v2/articles/55/files',
    known: [
      {
        name: 'poster.pdf',
        size: 77_000,
        mimetype: 'application/pdf',
        download_url: 'https://ndownloader.figshare.com/files/9'
      }
    ],
    nothing: [[], [{ name: 'data.csv', mimetype: 'text/csv', download_url: 'https://x.example/1' }]],
    url: 'https://ndownloader.figshare.com/files/9',
    bytes: 77_000
  },
  {
    source: 'openaire',
    doi: '10.1234/x',
    asks: 'https://api.openaire.eu/graph/v3/research-products?pid=10.1234%2Fx',
    known: {
      results: [
        {
          pids: [{ scheme: 'doi', value: '10.1234/x' }],
          instances: [
            { urls: ['https://closed.example/x.pdf'], accessRight: { label: 'CLOSED' } },
            { urls: ['https://repo.example/x.pdf'], accessRight: { label: 'OPEN' } }
          ]
        }
      ]
    },
    nothing: [
      { results: [] },
      {
        results: [
          {
            pids: [{ scheme: 'doi', value: '10.1234/other' }],
            instances: [{ urls: ['https://repo.example/other.pdf'] }]
          }
        ]
      }
    ],
    url: 'https://repo.example/x.pdf'
  },
  {
    source: 'datacite',
    doi: '10.5281/zenodo.123',
    asks: 'https://api.datacite.org/dois/10.5281/zenodo.123',
    known: {
      data: {
        attributes: {
          titles: [{ title: 'A title' }],
          contentUrl: ['https://repo.example/x.pdf'],
          sizes: ['1.2 MB'],
          rightsList: [{ rightsIdentifier: 'cc-by-4.0' }],
          url: 'https://repo.example/x'
        }
      }
    },
    nothing: [{ data: { attributes: { titles: [{ title: 'A title' }], contentUrl: null } } }],
    url: 'https://repo.example/x.pdf',
    bytes: 1_200_000
  },
  {
    source: 'biorxiv',
    doi: '10.64898/2025.12.03.691234',
    asks: 'https://api.biorxiv.org/details/biorxiv/10.64898/2025.12.03.691234/na/json',
    known: {
      messages: [{ status: 'ok' }],
      collection: [
        { doi: '10.64898/2025.12.03.691234', version: '1', license: 'cc_by' },
        { doi: '10.64898/2025.12.03.691234', version: '2', license: 'cc_by' }
      ]
    },
    nothing: [{ messages: [{ status: 'no posts found' }], collection: [] }],
    url: 'https://www.biorxiv.org/content/10.64898/2025.12.03.691234v2.full.pdf',
    version: 'submittedVersion'
  }
]

async function ask({ source, doi }: Pick<Row, 'source' | 'doi'>, answer: Answer): Promise<TierAnswer> {
  web = await openWeb(() => answer)
  const sources = makeSources({
    net: web.net,
    clock: nodeClock,
    mailto: 'someone@university.example',
    keys: () => 'a-key'
  })
  const plan = onlySources([source])
  return sources.askTier({
    work: work({ doi }),
    formats: ['pdf'],
    tier: 'direct_oa',
    plan: {
      ...plan,
      tiers: [{ name: 'direct_oa', parallel: 1, sources: [source] }],
      policies: { ...plan.policies, [source]: { ...plan.policies[source], retries: 0 } }
    },
    budget: { endsAtMs: nodeClock.monotonicMs() + 20_000, attemptsLeft: 20 },
    landingPages: [],
    failedUrls: [],
    signal: new AbortController().signal,
    cookies: web.net.newCookieJar()
  })
}

const outcomes = (answer: TierAnswer): unknown[] => [
  ...new Set(answer.attempts.map(({ outcome, reason }) => `${outcome} ${String(reason)}`))
]

describe.each(ROWS)('$source', (row) => {
  it('proposes the file of the service', async () => {
    const answer = await ask(row, { body: JSON.stringify(row.known) })
    expect(answer.candidates[0]).toMatchObject({
      url: row.url,
      source: row.source,
      ...(row.license === undefined ? {} : { license: row.license }),
      ...(row.version === undefined ? {} : { version: row.version }),
      ...(row.bytes === undefined ? {} : { bytes: row.bytes })
    })
    expect(decodeURIComponent(web?.asked[0] ?? '').startsWith(decodeURIComponent(row.asks))).toBe(true)
  })

  it.each(row.nothing.map((body) => [JSON.stringify(body).slice(0, 90), body]))(
    'proposes nothing for %s',
    async (_, body) => {
      const answer = await ask(row, { body: JSON.stringify(body) })
      expect(answer.candidates).toEqual([])
      expect(outcomes(answer)).toEqual(['no_pdf NO_OPEN_COPY'])
      expect(answer.retryable).toBe(false)
    }
  )

  it('a refusal is reported, and a retryable one is marked', async () => {
    const forbidden = await ask(row, { status: 403, body: '{"error":"forbidden"}' })
    expect(forbidden.candidates).toEqual([])
    expect(outcomes(forbidden)).toEqual(['nonretryable FORBIDDEN'])
    await web?.close()
    const busy = await ask(row, { status: 503, body: 'Busy' })
    expect(busy).toMatchObject({ candidates: [], retryable: true })
    expect(outcomes(busy)).toEqual(['retryable SERVER_ERROR'])
  })

  it.each(['', '<!doctype html><title>Oops</title>', '{"results":[', 'null', '"a word"'])(
    'an answer of another kind is no answer: %j',
    async (body) => {
      const answer = await ask(row, { body })
      expect(answer.candidates).toEqual([])
      expect(outcomes(answer)).toEqual(['error BAD_ANSWER'])
    }
  )
})

it('osf: the file of a preprint follows from its DOI without a request', async () => {
  const answer = await ask({ source: 'osf', doi: '10.31219/osf.io/ab3cd' }, { status: 500 })
  expect(answer.candidates).toMatchObject([{ url: 'https://osf.io/download/ab3cd/', source: 'osf' }])
  expect(web?.asked).toEqual([])
})

test.each([
  [['x.pdf'], ['12345 bytes'], 12_345],
  [['x.pdf'], ['2 KiB'], 2_048],
  [['x.pdf'], ['1.5GB'], 1_500_000_000],
  [['x.pdf'], ['12 pages'], undefined],
  [['x.pdf'], ['1,2 MB'], undefined],
  [['x.pdf'], ['10 kB', '20 kB'], undefined],
  [['x.pdf', 'y.pdf'], ['10 kB'], undefined],
  [['x.pdf'], null, undefined]
])('DataCite: %j with sizes %j has %s bytes', (files, sizes, bytes) => {
  const contentUrl = files.map((name) => `https://repo.example/${name}`)
  const read = parseDataCite(JSON.stringify({ data: { attributes: { contentUrl, sizes } } }))
  expect(read).toMatchObject({ bytes })
})
