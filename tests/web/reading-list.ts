/**
 * A realistic reading list over many hosts: repositories and publishers that services name, papers only in
 * PMC, preprints on arXiv, landing pages, publishers behind a bot check with a copy in a repository, and
 * papers without an open copy.
 */
import type { WorldWork } from './works'

export interface ReadingList {
  readonly works: readonly WorldWork[]
  /** one reference per line, as in a text file */
  readonly lines: readonly string[]
  /** keys of the works with an open copy */
  readonly open: readonly string[]
}

interface Share {
  readonly of: number
  readonly make: (at: number, key: string) => WorldWork
  readonly name: (work: WorldWork) => string
}

const doi = (work: WorldWork): string => `10.5555/${work.key}`

const JOURNALS = 8

/** Percentages. About eighty hosts for four hundred references. */
const SHARES: readonly Share[] = [
  {
    of: 45,
    make: (at, key) => ({
      key,
      copies: [{ via: 'openalex', url: `https://files${String(at % 60)}.example/${key}.pdf` }]
    }),
    name: doi
  },
  {
    of: 17,
    make: (at, key) => ({
      key,
      copies: [
        {
          via: 'openalex',
          url: `https://repo${String(at % 12)}.example/${key}.pdf`,
          version: 'acceptedVersion'
        }
      ]
    }),
    name: doi
  },
  {
    of: 5,
    make: (at, key) => ({ key, pmcid: `PMC${String(7_000_000 + at)}`, copies: [{ via: 'pmc' }] }),
    name: (work) => work.pmcid ?? ''
  },
  {
    of: 3,
    make: (at, key) => ({
      key,
      pmid: String(31_000_000 + at),
      pmcid: `PMC${String(7_100_000 + at)}`,
      copies: [{ via: 'pmc' }]
    }),
    name: (work) => `PMID: ${work.pmid ?? ''}`
  },
  {
    of: 2,
    make: (at, key) => ({ key, pmcid: `PMC${String(7_200_000 + at)}`, copies: [{ via: 'pmc' }] }),
    name: doi
  },
  {
    of: 5,
    make: (at, key) => ({ key, arxiv: `2401.${String(10_000 + at)}`, doi: null, copies: [{ via: 'arxiv' }] }),
    name: (work) => `arXiv:${work.arxiv ?? ''}`
  },
  {
    of: 8,
    make: (at, key) => ({
      key,
      landingHost: `journal${String(at % JOURNALS)}.example`,
      copies: [{ via: 'landing_scrape', url: `https://journal${String(at % JOURNALS)}.example/${key}.pdf` }]
    }),
    name: doi
  },
  {
    of: 5,
    make: (at, key) => ({
      key,
      copies: [
        {
          via: 'openalex',
          url: `https://guarded${String(at % 4)}.example/${key}.pdf`,
          misbehave: { kind: 'html-bot-check' }
        },
        {
          via: 'openalex',
          url: `https://repo${String(at % 12)}.example/${key}.pdf`,
          version: 'acceptedVersion'
        }
      ]
    }),
    name: doi
  },
  { of: 4, make: (_, key) => ({ key, landing: 'none', copies: [] }), name: doi },
  {
    of: 6,
    make: (at, key) => ({ key, landingHost: `journal${String(at % JOURNALS)}.example`, copies: [] }),
    name: doi
  }
]

/** Only DOIs, each with a file at one of eighty hosts. */
const DOIS: readonly Share[] = [
  {
    of: 100,
    make: (at, key) => ({
      key,
      copies: [{ via: 'openalex', url: `https://files${String(at % 80)}.example/${key}.pdf` }]
    }),
    name: doi
  }
]

export function readingList(count: number, kind: 'mixed' | 'dois' = 'mixed'): ReadingList {
  const entries = (kind === 'dois' ? DOIS : SHARES).flatMap((share, kind) =>
    Array.from({ length: Math.round((count * share.of) / 100) }, (_, at) => {
      const work = share.make(at, `r${String(kind)}x${String(at)}`)
      return { work, line: share.name(work) }
    })
  )
  // Mixes the kinds, deterministically.
  const mixed = entries
    .map((entry, at) => ({ entry, at: (at * 7919) % entries.length }))
    .sort((a, b) => a.at - b.at)
    .map(({ entry }) => entry)
  return {
    works: mixed.map(({ work }) => work),
    lines: mixed.map(({ line }) => line),
    open: mixed.flatMap(({ work }) => ((work.copies ?? []).length > 0 ? [work.key] : []))
  }
}
