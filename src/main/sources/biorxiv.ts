/**
 * bioRxiv and medRxiv: the newest version of a preprint and the address of its PDF. Preprints have the prefix
 * 10.1101, since December 2025 10.64898. Source: api.biorxiv.org/details (an empty 200 was seen 2026-09-15);
 * docs/services.md.
 */
import { z } from 'zod'
import { BIORXIV_REGISTRANTS } from '../../contract/doi'
import type { Work } from '../../contract/work'
import { licenseOf, namesDoi } from './facts'
import type { SourceQuery } from './source-query'
import {
  isReading,
  noOpenCopy,
  notUnderstood,
  readJson,
  readStatus,
  type Failure,
  type Reading
} from './reading'
import type { Question, Source } from './sources'
import { looseList, looseNumber, looseText } from './tolerant'
import { webUrl } from './web-text'

const SERVERS = ['biorxiv', 'medrxiv'] as const
type Server = (typeof SERVERS)[number]

/** The journals of Cold Spring Harbor share the older prefix: their DOIs have words, preprints have numbers. */
const PREPRINT = new RegExp(`^${BIORXIV_REGISTRANTS}/(?:\\d{6}|\\d{4}\\.\\d{2}\\.\\d{2}\\.\\d{6,})$`)

const answerSchema = z.looseObject({
  messages: looseList(z.looseObject({ status: looseText })),
  collection: looseList(
    z.looseObject({
      doi: looseText,
      version: looseNumber,
      license: looseText,
      jatsxml: looseText,
      server: looseText
    })
  )
})

export interface Preprint {
  readonly pdfUrl: string
  readonly xmlUrl: string | null
  readonly version: number
  readonly license?: string | undefined
}

/** The newest version of exactly this preprint; null when the server does not have it. */
export function parseBiorxiv(text: string, doi: string, server: Server): Preprint | null | Failure {
  const raw = readJson(text, answerSchema)
  if (isReading(raw)) return raw
  const own = raw.collection.filter((one) => namesDoi(one.doi, doi))
  const newest = own.reduce<(typeof own)[number] | null>(
    (best, one) => (best === null || (one.version ?? 1) >= (best.version ?? 1) ? one : best),
    null
  )
  if (newest === null) return null
  const version = newest.version ?? 1
  const license = newest.license?.replace(/_/g, '-')
  return {
    pdfUrl: `https://www.${server}.org/content/${doi}v${String(version)}.full.pdf`,
    xmlUrl: webUrl(newest.jatsxml),
    version,
    license: license === undefined || license === 'cc-no' ? undefined : licenseOf(license)
  }
}

export const biorxiv: Source = {
  name: 'biorxiv',

  cannot(work: Work): string | null {
    return PREPRINT.test(work.ids.doi ?? '') ? null : 'This is no DOI of a bioRxiv or medRxiv preprint.'
  },

  async ask(question: Question, sourceQuery: SourceQuery): Promise<void> {
    const { doi } = question.work.ids
    if (doi === undefined) return
    for (const server of SERVERS) {
      const url = `https://api.biorxiv.org/details/${server}/${doi}/na/json`
      const heard = { isFailure: false }
      const found = await sourceQuery.ask(url, (answer) => {
        const reading = readStatus(answer) ?? readPreprint(answer.text, doi, server)
        heard.isFailure = reading.outcome !== 'success' && reading.outcome !== 'no_pdf'
        return reading
      })
      if (found !== null) {
        propose(found, doi, server, sourceQuery)
        return
      }
      // A failure of one server is no answer for the other.
      if (heard.isFailure) return
    }
  }
}

function readPreprint(text: string, doi: string, server: Server): Reading<Preprint> {
  if (text.trim() === '') return notUnderstood(`${server} answered with an empty body.`)
  const found = parseBiorxiv(text, doi, server)
  if (isReading(found)) return found
  if (found === null) return noOpenCopy(`${server} does not hold it.`)
  return { outcome: 'success', value: found, detail: `${server} holds version ${String(found.version)}.` }
}

function propose(found: Preprint, doi: string, server: Server, sourceQuery: SourceQuery): void {
  const details = {
    rank: 0,
    version: 'submittedVersion' as const,
    ...(found.license === undefined ? {} : { license: found.license })
  }
  const evidence = `${server} holds version ${String(found.version)} of ${doi}.`
  sourceQuery.propose({ url: found.pdfUrl, format: 'pdf', evidence, ...details })
  if (found.xmlUrl !== null) sourceQuery.propose({ url: found.xmlUrl, format: 'xml', evidence, ...details })
}
