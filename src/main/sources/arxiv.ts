/**
 * arXiv: the file of a known id has a known address, so it is proposed even without an answer from the API;
 * the API (one request in three seconds) is queried only for unknown facts. Both id styles: `2401.00001` and
 * `hep-th/9901001`. Source: arXiv API user's manual; arXiv's identifier scheme.
 */
import { z } from 'zod'
import { arxivOfDoi } from '../../contract/doi'
import type { Identifiers, Work, WorkFacts } from '../../contract/work'
import { bareArxiv, factsOf, idsOf } from './facts'
import { arxivFile } from './file-urls'
import type { SourceQuery } from './source-query'
import { isReading, readJson, readStatus, readXml, type Failure, type Reading } from './reading'
import type { Question, Source } from './sources'
import { looseList, looseText } from './tolerant'
import { plainText, webUrl } from './web-text'

const textOrNode = z
  .union([z.string(), z.looseObject({ '#text': z.string() }).transform((node) => node['#text'])])
  .nullish()
  .catch(null)

const feedSchema = z.looseObject({
  feed: z.looseObject({
    totalResults: textOrNode,
    entry: looseList(
      z.looseObject({
        id: textOrNode,
        title: textOrNode,
        summary: textOrNode,
        published: textOrNode,
        doi: textOrNode,
        journal_ref: textOrNode,
        author: looseList(z.looseObject({ name: textOrNode })),
        link: looseList(
          z.looseObject({ '@href': looseText, '@rel': looseText, '@type': looseText, '@title': looseText })
        )
      })
    )
  })
})

export interface ArxivEntry {
  /** without version */
  readonly id: string
  /** `v3` */
  readonly version: string | null
  readonly pdfUrl: string | null
  readonly ids: Identifiers
  readonly facts: WorkFacts
}

export interface ArxivFeed {
  readonly entries: readonly ArxivEntry[]
  /** the feed's message when it is an error */
  readonly error: string | null
  readonly total: number
}

export function parseArxiv(text: string): ArxivFeed | Failure {
  const raw = readXml(text, feedSchema)
  if (isReading(raw)) return raw
  const { entry: entries, totalResults } = raw.feed
  const failed = entries.find(
    (entry) =>
      /\/api\/errors/.test(entry.id ?? '') || (entry.title === 'Error' && bareArxiv(entry.id) === null)
  )
  if (failed !== undefined) {
    return { entries: [], total: 0, error: plainText(failed.summary) ?? 'an error without words' }
  }
  return {
    error: null,
    total: Number.parseInt(totalResults ?? '0', 10) || 0,
    entries: entries.flatMap((entry): ArxivEntry[] => {
      const id = bareArxiv(entry.id)
      if (id === null) return []
      const link = entry.link.find((one) => one['@title'] === 'pdf' || one['@type'] === 'application/pdf')
      return [
        {
          id,
          version: /(v\d+)$/.exec(entry.id ?? '')?.[1] ?? null,
          pdfUrl: webUrl(link?.['@href']),
          ids: { ...idsOf({ doi: entry.doi?.split(/\s+/)[0] }), arxiv: id },
          facts: factsOf({
            title: entry.title,
            authors: entry.author.map((author) => author.name),
            year: entry.published?.slice(0, 4),
            type: 'preprint'
          })
        }
      ]
    })
  }
}

export const arxiv: Source = {
  name: 'arxiv',
  lookup: 'arxiv',

  cannot(work: Work): string | null {
    return arxivIdOf(work) === null ? 'arXiv is asked by arXiv id, and none is known.' : null
  },

  async ask(question: Question, sourceQuery: SourceQuery): Promise<void> {
    const { work } = question
    const id = arxivIdOf(work)
    if (id === null) return
    const wanted = withVersion(id, work)
    sourceQuery.propose({
      url: arxivFile(wanted),
      format: 'pdf',
      rank: 0,
      version: 'submittedVersion',
      evidence: `arXiv keeps ${wanted} at this address.`
    })
    if (hasMainFacts(work)) {
      sourceQuery.note(
        'success',
        null,
        `arXiv keeps the file of ${wanted} at a known address; its facts are known.`
      )
      return
    }
    const entry =
      question.part === null
        ? await sourceQuery.ask(
            arxivUrl([wanted]),
            (answer) => readEntry(answer.text, id, readStatus(answer)),
            {
              headers: { accept: 'application/atom+xml' }
            }
          )
        : sourceQuery.answered(question.part, readRecord, `arXiv’s API does not list ${id}.`)
    if (entry === null) return
    sourceQuery.mergeMetadata(entry.ids, entry.facts)
  }
}

export function hasMainFacts({ facts }: Pick<Work, 'facts'>): boolean {
  return facts.title !== undefined && facts.year !== undefined
}

/** `2401.00001v2`: the version that the user named, else the newest. */
export function withVersion(id: string, { arxivVersion }: Pick<Work, 'arxivVersion'>): string {
  return `${id}${arxivVersion ?? ''}`
}

/** arXiv answers with a feed of one error. */
export function refusedBy(error: string): Failure {
  return { outcome: 'nonretryable', reason: 'BAD_IDENTIFIER', detail: `arXiv says: ${error}.` }
}

/** In arXiv's own spelling: the slash of an old id escaped. `max_results` defaults to ten. */
export function arxivUrl(ids: readonly string[]): string {
  const listed = ids.map(encodeURIComponent).join(',')
  return `https://export.arxiv.org/api/query?id_list=${listed}&max_results=${String(ids.length)}`
}

const recordSchema = z.object({
  id: z.string(),
  version: z.string().nullable(),
  pdfUrl: z.string().nullable(),
  ids: z.record(z.string(), z.string()),
  facts: z.looseObject({
    title: z.string().optional(),
    authors: z.array(z.string()).optional(),
    year: z.number().optional(),
    type: z.string().optional()
  })
})

/** An entry as a batch stored it. */
export function readRecord(text: string): Reading<ArxivEntry> {
  const entry = readJson(text, recordSchema)
  if (isReading(entry)) return entry
  const { title, authors = [], year, type } = entry.facts
  return { outcome: 'success', value: { ...entry, facts: factsOf({ title, authors, year, type }) } }
}

export function arxivIdOf(work: Work): string | null {
  return (
    bareArxiv(work.ids.arxiv) ?? (work.ids.doi === undefined ? null : bareArxiv(arxivOfDoi(work.ids.doi)))
  )
}

function readEntry(text: string, id: string, trouble: Failure | null): Reading<ArxivEntry> {
  const feed = parseArxiv(text)
  if (isReading(feed)) return trouble ?? feed
  // An error feed is more specific than its status (400).
  if (feed.error !== null) return refusedBy(feed.error)
  if (trouble !== null) return trouble
  const entry = feed.entries.find((one) => one.id === id)
  if (entry === undefined)
    return { outcome: 'no_pdf', reason: 'NOT_FOUND', detail: `arXiv’s API does not list ${id}.` }
  return {
    outcome: 'success',
    value: entry,
    detail: `The newest version is ${entry.version ?? 'not stated'}.`
  }
}
