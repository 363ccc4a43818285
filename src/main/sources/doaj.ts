/**
 * DOAJ: pages of articles in open-access journals. Most of its links are pages; one that looks like a file is
 * proposed as such. It is off until the user enables it.
 * Source: doaj.org/api/v4/docs (the search field is unverified); docs/services.md.
 */
import { z } from 'zod'
import { counted } from '../../contract/counted'
import type { Work } from '../../contract/work'
import { doiInPath, namesDoi } from './facts'
import { looksLikeFile } from '../platform/file-address'
import { landingUrl } from './file-urls'
import type { SourceQuery } from './source-query'
import { isReading, noOpenCopy, readJson, readStatus, type Failure, type Reading } from './reading'
import type { Question, Source } from './sources'
import { looseList, looseText } from './tolerant'

const answerSchema = z.looseObject({
  results: looseList(
    z.looseObject({
      bibjson: z.looseObject({
        identifier: looseList(z.looseObject({ type: looseText, id: looseText })),
        link: looseList(z.looseObject({ type: looseText, content_type: looseText, url: looseText }))
      })
    })
  )
})

/** Full-text pages of exactly the requested DOI. */
export function parseDoaj(text: string, doi: string): readonly string[] | Failure {
  const raw = readJson(text, answerSchema)
  if (isReading(raw)) return raw
  const own = raw.results.filter(({ bibjson }) =>
    bibjson.identifier.some(({ type, id }) => /^doi$/i.test(type ?? '') && namesDoi(id, doi))
  )
  return own.flatMap(({ bibjson }) => bibjson.link.flatMap((link) => landingUrl(link.url) ?? []))
}

export const doaj: Source = {
  name: 'doaj',

  cannot(work: Work): string | null {
    return work.ids.doi === undefined ? 'DOAJ is asked by DOI, and none is known.' : null
  },

  async ask(question: Question, sourceQuery: SourceQuery): Promise<void> {
    const { doi } = question.work.ids
    if (doi === undefined) return
    const pages = await sourceQuery.ask(
      `https://doaj.org/api/v4/search/articles/doi:${doiInPath(doi)}`,
      (answer) => readStatus(answer) ?? readPages(answer.text, doi)
    )
    pages?.forEach((url, rank) => {
      if (looksLikeFile(url)) {
        sourceQuery.propose({ url, format: 'pdf', rank, evidence: 'DOAJ lists this file of the article.' })
      } else sourceQuery.suggest({ landingUrl: url, isOa: true, version: 'publishedVersion' })
    })
  }
}

function readPages(text: string, doi: string): Reading<readonly string[]> {
  const pages = parseDoaj(text, doi)
  if (isReading(pages)) return pages
  if (pages.length === 0) return noOpenCopy('DOAJ does not list it.')
  return { outcome: 'success', value: pages, detail: `${counted(pages.length, 'page')} named.` }
}
