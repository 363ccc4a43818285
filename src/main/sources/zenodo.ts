/**
 * Zenodo: the files of a record named by its own DOI (10.5281/zenodo.…).
 * Source: developers.zenodo.org, GET /api/records/{id} (read 2026-11); docs/services.md.
 */
import { z } from 'zod'
import type { Work } from '../../contract/work'
import { pdfsOfDeposit, type DepositFile } from './deposit-files'
import { licenseOf } from './facts'
import type { SourceQuery } from './source-query'
import { isReading, noOpenCopy, readJson, readKnownStatus, type Failure, type Reading } from './reading'
import type { Question, Source } from './sources'
import { looseList, looseNumber, looseText } from './tolerant'

const recordSchema = z.looseObject({
  metadata: z
    .looseObject({
      license: z
        .union([z.looseObject({ id: looseText }), z.string().transform((id) => ({ id }))])
        .nullish()
        .catch(null)
    })
    .nullish()
    .catch(null),
  files: looseList(
    z.looseObject({
      key: looseText,
      size: looseNumber,
      links: z.looseObject({ self: looseText }).nullish().catch(null)
    })
  )
})

export interface ZenodoFiles {
  readonly files: readonly DepositFile[]
  readonly license?: string | undefined
}

export function parseZenodo(text: string): ZenodoFiles | Failure {
  const raw = readJson(text, recordSchema)
  if (isReading(raw)) return raw
  const files = pdfsOfDeposit(
    raw.files.map(({ key, size, links }) => ({ name: key, address: links?.self, size }))
  )
  return { files, license: licenseOf(raw.metadata?.license?.id) }
}

const recordOf = (work: Work): string | null =>
  /^10\.5281\/zenodo\.(\d+)$/.exec(work.ids.doi ?? '')?.[1] ?? null

export const zenodo: Source = {
  name: 'zenodo',

  cannot(work: Work): string | null {
    return recordOf(work) === null ? 'This is no DOI of Zenodo.' : null
  },

  async ask(question: Question, sourceQuery: SourceQuery): Promise<void> {
    const record = recordOf(question.work)
    if (record === null) return
    const found = await sourceQuery.ask(
      `https://zenodo.org/api/records/${record}`,
      (answer) => readKnownStatus(answer, 'Zenodo does not know this record.') ?? readFiles(answer.text)
    )
    const license = found?.license
    found?.files.forEach(({ url, bytes }, rank) => {
      sourceQuery.propose({
        url,
        format: 'pdf',
        rank,
        evidence: `Zenodo keeps this file in record ${record}.`,
        ...(license === undefined ? {} : { license }),
        ...(bytes === undefined ? {} : { bytes })
      })
    })
  }
}

function readFiles(text: string): Reading<ZenodoFiles> {
  const found = parseZenodo(text)
  if (isReading(found)) return found
  if (found.files.length > 0) return { outcome: 'success', value: found, detail: 'The record holds a PDF.' }
  return noOpenCopy('The record holds no single PDF.')
}
