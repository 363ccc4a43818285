/**
 * OpenAlex's own copies of open papers, $0.01 each: the only source that costs money. Queried last, with a
 * key and a budget that the user set, and only for works for which OpenAlex reports a PDF. Nothing is paid
 * here: a work is looked up by its identifier, which is free. Source:
 * developers.openalex.org/download/full-text-pdfs (read 2026-11); docs/services.md.
 */
import type { Work } from '../../contract/work'
import { NO_OPENALEX_NAME, singletonUrl } from './openalex-api'
import { askSingleWork } from './openalex-single'
import { openAlexWorkSchema } from './openalex-work'
import { isReading, noOpenCopy, readJson, type Reading } from './reading'
import type { SourceQuery } from './source-query'
import type { Question, Source } from './sources'
import { idsOf } from './facts'

export const OPENALEX_CONTENT = 'https://content.openalex.org'
export const OPENALEX_FILE_USD = 0.01

const NONE = 'OpenAlex has no copy of its own.'

export const openalexContent: Source = {
  name: 'openalex_content',
  lookup: 'openalex',
  key: 'openalex',
  priceUsd: OPENALEX_FILE_USD,

  cannot: (work: Work) => (singletonUrl(work.ids) === null ? NO_OPENALEX_NAME : null),

  async ask({ work, part }: Question, sourceQuery: SourceQuery): Promise<void> {
    const id =
      part === null
        ? await askSingleWork(work, sourceQuery, { read: readCopy, notKnown: NONE })
        : sourceQuery.answered(part, readCopy, NONE)
    if (id === null) return
    sourceQuery.propose({
      url: `${OPENALEX_CONTENT}/works/${id}.pdf`,
      format: 'pdf',
      rank: 0,
      priceUsd: OPENALEX_FILE_USD,
      evidence: 'OpenAlex has a copy of its own, which costs $0.01.'
    })
  }
}

/** The id of the stored copy. */
function readCopy(text: string): Reading<string> {
  const raw = readJson(text, openAlexWorkSchema)
  if (isReading(raw)) return raw
  const { openalex: id } = idsOf({ openalex: raw.id ?? raw.ids?.openalex })
  if (id === undefined || raw.has_content?.pdf !== true) return noOpenCopy(NONE)
  return { outcome: 'success', value: id, detail: 'OpenAlex has a PDF of its own.' }
}

/**
 * The paid item at this address; null when it is not one of OpenAlex's files. The same file always has the
 * same name.
 */
export function paidItemOf(url: string): string | null {
  const name = /^https:\/\/content\.openalex\.org\/works\/(W\d+)\.pdf$/.exec(url)?.[1]
  return name === undefined ? null : `openalex:${name}:pdf`
}
