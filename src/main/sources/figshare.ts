/**
 * Figshare: the files of an item named by its own DOI (10.6084/m9.figshare.…).
 * Source: docs.figshare.com, GET /v2/articles/{id}/files (limits unverified); docs/services.md.
 */
import { z } from 'zod'
import type { Work } from '../../contract/work'
import { pdfsOfDeposit, type DepositFile } from './deposit-files'
import type { SourceQuery } from './source-query'
import { isReading, noOpenCopy, readJson, readKnownStatus, type Failure, type Reading } from './reading'
import type { Question, Source } from './sources'
import { looseNumber, looseText, requiredList } from './tolerant'

export function parseFigshareFiles(text: string): readonly DepositFile[] | Failure {
  const raw = readJson(
    text,
    requiredList(
      z.looseObject({ name: looseText, size: looseNumber, mimetype: looseText, download_url: looseText })
    )
  )
  if (isReading(raw)) return raw
  return pdfsOfDeposit(
    raw.map(({ name, size, mimetype, download_url: address }) => ({
      name,
      address,
      size,
      isPdf: mimetype === 'application/pdf'
    }))
  )
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
    const files = await sourceQuery.ask(
      `https://api.figshare.com/v2/articles/${item}/files`,
      (answer) => readKnownStatus(answer, 'Figshare does not know this item.') ?? readFiles(answer.text)
    )
    files?.forEach(({ url, bytes }, rank) => {
      const evidence = `Figshare keeps this file in item ${item}.`
      sourceQuery.propose({ url, format: 'pdf', rank, evidence, ...(bytes === undefined ? {} : { bytes }) })
    })
  }
}

function readFiles(text: string): Reading<readonly DepositFile[]> {
  const files = parseFigshareFiles(text)
  if (isReading(files)) return files
  if (files.length > 0) return { outcome: 'success', value: files, detail: 'The item holds a PDF.' }
  return noOpenCopy('The item holds no single PDF.')
}
