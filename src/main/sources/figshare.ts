/**
 * Figshare: the files of an item named by its own DOI (10.6084/m9.figshare.…).
 * Source: docs.figshare.com, GET /v2/articles/{id}/files (limits unverified); docs/services.md.
 */
import { z } from 'zod'
import type { Work } from '../../contract/work'
import type { SourceQuery } from './source-query'
import { isReading, readJson, readStatus, type Reading, type Failure } from './reading'
import type { Question, Source } from './sources'
import { looseList, looseText } from './tolerant'
import { webUrl } from './web-text'

/** The PDFs of an item; an item of many files is a data set. */
export function parseFigshareFiles(text: string): readonly string[] | Failure {
  const raw = readJson(
    text,
    z
      .custom<unknown>(Array.isArray, 'a list was expected')
      .pipe(looseList(z.looseObject({ name: looseText, mimetype: looseText, download_url: looseText })))
  )
  if (isReading(raw)) return raw
  const urls = raw
    .filter((file) => /\.pdf$/i.test(file.name ?? '') || file.mimetype === 'application/pdf')
    .flatMap((file) => webUrl(file.download_url) ?? [])
  return urls.length <= 4 ? urls.slice(0, 2) : []
}

const itemOf = (work: Work): string | null =>
  /^10\.6084\/m9\.figshare\.(\d+)(?:\.v\d+)?$/.exec(work.ids.doi ?? '')?.[1] ?? null

export const figshare: Source = {
  name: 'figshare',

  cannot(work: Work): string | null {
    return itemOf(work) === null ? 'This is no DOI of Figshare.' : null
  },

  async ask(question: Question, sourceQuery: SourceQuery): Promise<void> {
    const item = itemOf(question.work)
    if (item === null) return
    const urls = await sourceQuery.ask(`https://api.figshare.com/v2/articles/${item}/files`, (answer) =>
      answer.status === 404
        ? { outcome: 'no_pdf', reason: 'NO_OPEN_COPY', detail: 'Figshare does not know this item.' }
        : (readStatus(answer) ?? readFiles(answer.text))
    )
    urls?.forEach((url, rank) => {
      sourceQuery.propose({ url, format: 'pdf', rank, evidence: `Figshare keeps this file in item ${item}.` })
    })
  }
}

function readFiles(text: string): Reading<readonly string[]> {
  const urls = parseFigshareFiles(text)
  if (isReading(urls)) return urls
  if (urls.length > 0) return { outcome: 'success', value: urls, detail: 'The item holds a PDF.' }
  return { outcome: 'no_pdf', reason: 'NO_OPEN_COPY', detail: 'The item holds no single PDF.' }
}
