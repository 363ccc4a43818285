/**
 * Figshare: the files of an item named by its own DOI (10.6084/m9.figshare.…).
 * Source: docs.figshare.com, GET /v2/articles/{id}/files (limits unverified); docs/services.md.
 */
import { z } from 'zod'
import type { Work } from '../../contract/work'
import type { SourceQuery } from './source-query'
import { isReading, readJson, readStatus, type Reading, type Failure } from './reading'
import type { Question, Source } from './sources'
import { looseList, looseNumber, looseText } from './tolerant'
import { webUrl } from './web-text'

export interface FigshareFile {
  readonly url: string
  readonly bytes?: number | undefined
}

/** The PDFs of an item; an item of many files is a data set. */
export function parseFigshareFiles(text: string): readonly FigshareFile[] | Failure {
  const raw = readJson(
    text,
    z
      .custom<unknown>(Array.isArray, 'a list was expected')
      .pipe(
        looseList(
          z.looseObject({ name: looseText, size: looseNumber, mimetype: looseText, download_url: looseText })
        )
      )
  )
  if (isReading(raw)) return raw
  const files = raw
    .filter((file) => /\.pdf$/i.test(file.name ?? '') || file.mimetype === 'application/pdf')
    .flatMap(({ download_url: address, size }) => {
      const url = webUrl(address)
      return url === null ? [] : [{ url, bytes: size ?? undefined }]
    })
  return files.length <= 4 ? files.slice(0, 2) : []
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
    const files = await sourceQuery.ask(`https://api.figshare.com/v2/articles/${item}/files`, (answer) =>
      answer.status === 404
        ? { outcome: 'no_pdf', reason: 'NO_OPEN_COPY', detail: 'Figshare does not know this item.' }
        : (readStatus(answer) ?? readFiles(answer.text))
    )
    files?.forEach(({ url, bytes }, rank) => {
      const evidence = `Figshare keeps this file in item ${item}.`
      sourceQuery.propose({ url, format: 'pdf', rank, evidence, ...(bytes === undefined ? {} : { bytes }) })
    })
  }
}

function readFiles(text: string): Reading<readonly FigshareFile[]> {
  const files = parseFigshareFiles(text)
  if (isReading(files)) return files
  if (files.length > 0) return { outcome: 'success', value: files, detail: 'The item holds a PDF.' }
  return { outcome: 'no_pdf', reason: 'NO_OPEN_COPY', detail: 'The item holds no single PDF.' }
}
