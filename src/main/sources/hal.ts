/**
 * HAL: the file of a DOI deposited in the French national archive. Off until the user enables it, since it
 * has few of the requested works. Source: api.archives-ouvertes.fr/docs/search (licence field unverified);
 * docs/services.md.
 */
import { z } from 'zod'
import type { Work } from '../../contract/work'
import { licenseOf, namesDoi, phraseOf } from './facts'
import type { SourceQuery } from './source-query'
import { isReading, noOpenCopy, readJson, readStatus, type Failure, type Reading } from './reading'
import type { Question, Source } from './sources'
import { looseList, looseText } from './tolerant'
import { webUrl } from './web-text'

const answerSchema = z.looseObject({
  response: z.looseObject({
    docs: looseList(z.looseObject({ doiId_s: looseText, fileMain_s: looseText, licence_s: looseText }))
  })
})

export interface HalFile {
  readonly url: string
  readonly license?: string | undefined
}

export function parseHal(text: string, doi: string): HalFile | null | Failure {
  const raw = readJson(text, answerSchema)
  if (isReading(raw)) return raw
  for (const doc of raw.response.docs) {
    const url = webUrl(doc.fileMain_s)
    if (namesDoi(doc.doiId_s, doi) && url !== null) return { url, license: licenseOf(doc.licence_s) }
  }
  return null
}

export const hal: Source = {
  name: 'hal',

  cannot(work: Work): string | null {
    return work.ids.doi === undefined ? 'HAL is asked by DOI, and none is known.' : null
  },

  async ask(question: Question, sourceQuery: SourceQuery): Promise<void> {
    const { doi } = question.work.ids
    if (doi === undefined) return
    const query = encodeURIComponent(`doiId_s:(${phraseOf(doi)})`)
    const file = await sourceQuery.ask(
      `https://api.archives-ouvertes.fr/search/?q=${query}&fl=doiId_s,fileMain_s,licence_s&wt=json`,
      (answer) => readStatus(answer) ?? readFile(answer.text, doi)
    )
    if (file === null) return
    const { url, license } = file
    sourceQuery.propose({
      url,
      format: 'pdf',
      rank: 0,
      evidence: 'HAL keeps this file of the DOI.',
      ...(license === undefined ? {} : { license })
    })
  }
}

function readFile(text: string, doi: string): Reading<HalFile> {
  const file = parseHal(text, doi)
  if (isReading(file)) return file
  if (file === null) return noOpenCopy('HAL keeps no file of it.')
  return { outcome: 'success', value: file, detail: 'HAL keeps a file.' }
}
