/**
 * The sample library: a dozen invented papers with identifiers that can never be real ones, and for each the
 * copies that the sample web serves. They show a busy server, a web page in place of a paper, a wrong paper,
 * a duplicate, a slow stream, and a work without an open copy.
 */
import { makePdf } from './make-pdf'
import { SAMPLE_TEXTS, type SampleKey, type SampleText } from './sample-texts'
import { fail } from '../../contract/errors'
import type { Identifiers, WorkFacts } from '../../contract/work'

/** A location of a copy. `says` is a source's description, `gives` what is really served. */
export interface SampleCopy {
  readonly from: 'unpaywall' | 'openalex' | 'arxiv' | 'europe_pmc' | 'landing'
  readonly url: string
  readonly gives: 'paper' | 'paper-after-503' | 'sign-in-page' | 'other-paper' | 'paper-slowly'
}

export interface SampleWork {
  readonly key: SampleKey
  readonly text: SampleText
  readonly doi: string
  readonly openalex: string
  readonly arxiv?: string
  readonly pmid?: string
  readonly pmcid?: string
  readonly landingUrl: string
  readonly copies: readonly SampleCopy[]
  /** what the demonstration shows with it, in a sentence */
  readonly shows: string
  /** the bytes equal those of this work */
  readonly sameBytesAs?: string
}

export const SAMPLE_TOPIC = 'Sheaf sample library'
/** Size of the slow file: large enough to be killed in the middle. */
export const SLOW_BYTES = 480_000
export const SLOW_BYTES_PER_SECOND = 120_000

const host = (name: string, path: string): string => `https://${name}.example/${path}`
type Way = Pick<SampleWork, 'copies' | 'shows'> &
  Partial<Pick<SampleWork, 'arxiv' | 'pmid' | 'pmcid' | 'sameBytesAs'>> & { readonly key: SampleKey }

const good = (from: SampleCopy['from'], url: string): SampleCopy => ({ from, url, gives: 'paper' })

const WAYS: readonly Way[] = [
  {
    key: 'hedgerows',
    shows: 'a plain open copy, found by Unpaywall',
    copies: [good('unpaywall', host('repository.sample', 'files/hedgerows.pdf'))]
  },
  {
    key: 'ledgers',
    shows: 'a server that is busy at first (503) and well a moment later',
    copies: [
      {
        from: 'unpaywall',
        url: host('busy.sample', 'download/ledgers.pdf'),
        gives: 'paper-after-503'
      }
    ]
  },
  {
    key: 'lichens',
    shows: 'a sign-in page in place of the paper, and a good copy elsewhere',
    copies: [
      { from: 'unpaywall', url: host('members-only.sample', 'pdf/lichens.pdf'), gives: 'sign-in-page' },
      good('unpaywall', host('attic.sample', 'copies/lichens.pdf'))
    ]
  },
  {
    key: 'maps',
    shows: 'a different paper at the first address: put aside, and the right one found',
    copies: [
      { from: 'unpaywall', url: host('mixed-up.sample', 'vol13/maps.pdf'), gives: 'other-paper' },
      good('openalex', host('cartography.sample', 'maps.pdf'))
    ]
  },
  {
    key: 'starlight',
    shows: 'a large file that streams slowly: the process is killed in the middle of it',
    copies: [
      {
        from: 'unpaywall',
        url: host('slow.sample', 'observatory/starlight.pdf'),
        gives: 'paper-slowly'
      }
    ]
  },
  {
    key: 'tides',
    shows: 'a preprint on arXiv',
    arxiv: '2401.99991',
    copies: [good('arxiv', 'https://arxiv.org/pdf/2401.99991')]
  },
  {
    key: 'bridges',
    shows: 'a copy that only the publisher’s page names',
    copies: [good('landing', host('www.structures.sample', 'article/bridges/file.pdf'))]
  },
  {
    key: 'moss',
    shows: 'a copy in Europe PMC',
    pmid: '99999901',
    pmcid: 'PMC99999901',
    copies: [good('europe_pmc', 'https://europepmc.org/articles/PMC99999901?pdf=render')]
  },
  {
    key: 'bread',
    shows: 'a copy that OpenAlex knows of',
    copies: [good('openalex', host('accounts.sample', 'open/bread.pdf'))]
  },
  {
    key: 'proofreading',
    shows: 'a paper that was published twice; this is the first',
    copies: [good('unpaywall', host('letters.sample', 'proofreading.pdf'))]
  },
  {
    key: 'queues',
    shows: 'one more plain open copy',
    copies: [good('unpaywall', host('repository.sample', 'files/queues.pdf'))]
  },
  {
    key: 'letters',
    shows: 'a work of which no open copy exists',
    copies: []
  }
]

function work(way: Way, index: number): SampleWork {
  const number = String(index + 1).padStart(2, '0')
  return {
    ...way,
    text: SAMPLE_TEXTS[way.key],
    doi: `10.5555/sheaf.sample.${number}`,
    openalex: `W99000000${number}`,
    landingUrl: host('www.publisher.sample', `article/${way.key}`)
  }
}

/** The duplicate: another DOI for the same file as `proofreading`, as when a paper is reprinted. */
const REPRINT: SampleWork = {
  key: 'proofreading',
  text: { ...SAMPLE_TEXTS.proofreading, venue: 'Attention Reprints' },
  doi: '10.5555/sheaf.sample.13',
  openalex: 'W9900000013',
  landingUrl: host('www.reprints.sample', 'article/proofreading'),
  shows: 'the same file under a second DOI: stored once',
  sameBytesAs: '10.5555/sheaf.sample.10',
  copies: [good('unpaywall', host('reprints.sample', 'proofreading.pdf'))]
}

export const SAMPLE_WORKS: readonly SampleWork[] = [...WAYS.map(work), REPRINT]
/** The work whose file streams slowly. */
export const SLOW_WORK: SampleWork =
  SAMPLE_WORKS.find((each) => each.key === 'starlight') ?? fail('INTERNAL', 'The sample lost its slow paper.')

export function sampleWork(doi: string): SampleWork | undefined {
  return SAMPLE_WORKS.find((each) => each.doi === doi.toLowerCase())
}

/** A sample as an entry of a reading list. */
export function referenceOfSample({ doi, arxiv, text }: SampleWork): {
  readonly ids: Identifiers
  readonly facts: WorkFacts
} {
  const { title, authors, year, venue } = text
  return { ids: { doi, ...(arxiv === undefined ? {} : { arxiv }) }, facts: { title, authors, year, venue } }
}

/** The paper of a work; the same bytes at every call. */
export function samplePdf(sample: SampleWork): Uint8Array {
  const { text, key } = sample
  const original = sampleWork(sample.sameBytesAs ?? sample.doi) ?? sample
  const reprints = SAMPLE_WORKS.filter((each) => each.key === key && each.doi !== original.doi)
  const reprint = reprints.map((each) => `, reprinted as https://doi.org/${each.doi}`).join('')
  return makePdf({
    title: text.title,
    authors: text.authors,
    year: text.year,
    doi: original.doi,
    header: `${original.text.venue}. A made-up paper, written for the demonstration of Sheaf${reprint}.`,
    text: bodyOf(text),
    ...(key === SLOW_KEY ? { bytes: SLOW_BYTES } : {})
  })
}
const SLOW_KEY: SampleKey = 'starlight'

/** A valid paper that was not requested. */
export function otherPaper(): Uint8Array {
  return makePdf({
    title: 'An index of proverbs about weather, with remarks',
    authors: ['Nobody, Esther', 'Somebody, Karl'],
    year: 1987,
    doi: '10.5555/sheaf.other.99',
    header: 'Proverbs and Seasons. A made-up paper that is not in the sample library.'
  })
}

function bodyOf(text: SampleText): string {
  return [
    `Abstract. ${text.abstract}`,
    '1. Introduction',
    text.introduction,
    'The question is a small one, and it was chosen because it can be answered. Large questions have been put to this material before, and the answers have not agreed. We begin with what can be counted, say how it was counted, and leave the larger questions where we found them.',
    '2. Methods',
    text.methods,
    'What was to be counted, and how, was written down before the first count and not changed afterwards. Records that contradict each other were kept, both of them, and are marked as such in the tables. Nothing was left out because it did not fit. Where two people judged the same thing they did so apart, and they agreed in more than nine of ten cases; the others were settled by a third person who was told neither judgement.',
    '3. Findings',
    text.findings,
    'These figures are sums over all observations. Taken apart by year, by place or by observer they look the same within their uncertainty, with one exception in each case, and the three exceptions have nothing in common. A reader who distrusts sums will find the single observations in the appendix, in the order in which they were made.',
    '4. Discussion',
    text.discussion,
    'Three limits should be kept in mind. The observations come from one region. They cover the years that the people involved could spare, and not those that would have been best. And they were made by those who had put the question, which is never ideal, though it is usual.',
    '5. Conclusion',
    `${text.abstract} Whoever repeats the count elsewhere is invited to write to us, above all when the result is a different one.`,
    'Acknowledgements',
    'We thank those who opened doors, held lamps and lent ladders. No funds were received. All names and findings in this paper are invented.'
  ].join('\n\n')
}
