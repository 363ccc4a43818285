/**
 * OpenAIRE Graph: copies of a DOI in European repositories. Off until the user enables it: without a token it
 * allows 60 requests an hour. Source: graph.openaire.eu/docs (v3; the parameter `pid` and `instances[].urls`
 * are unverified); docs/services.md.
 */
import { z } from 'zod'
import { counted } from '../../contract/counted'
import type { Work } from '../../contract/work'
import { looksLikeFile } from '../platform/file-address'
import { isDoiAddress, namesDoi } from './facts'
import { landingUrl } from './file-urls'
import type { SourceQuery } from './source-query'
import { isReading, noOpenCopy, readJson, readStatus, type Failure, type Reading } from './reading'
import type { Question, Source } from './sources'
import { looseList, looseText } from './tolerant'

const answerSchema = z.looseObject({
  results: looseList(
    z.looseObject({
      pids: looseList(z.looseObject({ scheme: looseText, value: looseText })),
      instances: looseList(
        z.looseObject({
          urls: looseList(z.string()),
          accessRight: z.looseObject({ code: looseText, label: looseText }).nullish().catch(null)
        })
      )
    })
  )
})

/** Addresses of copies of exactly this DOI that are not marked as closed. */
export function parseOpenAire(text: string, doi: string): readonly string[] | Failure {
  const raw = readJson(text, answerSchema)
  if (isReading(raw)) return raw
  const own = raw.results.filter((one) => one.pids.some(({ value }) => namesDoi(value, doi)))
  const urls = own.flatMap((one) =>
    one.instances
      .filter(({ accessRight }) => !/closed|restricted|embargo/i.test(accessRight?.label ?? ''))
      .flatMap((instance) => instance.urls.flatMap((url) => landingUrl(url) ?? []))
  )
  return [...new Set(urls)].filter((url) => !isDoiAddress(url)).slice(0, 6)
}

export const openaire: Source = {
  name: 'openaire',

  cannot(work: Work): string | null {
    return work.ids.doi === undefined ? 'OpenAIRE is asked by DOI, and none is known.' : null
  },

  async ask(question: Question, sourceQuery: SourceQuery): Promise<void> {
    const { doi } = question.work.ids
    if (doi === undefined) return
    const key = sourceQuery.services.keys?.('openaire') ?? null
    const urls = await sourceQuery.ask(
      `https://api.openaire.eu/graph/v3/research-products?pid=${encodeURIComponent(doi)}`,
      (answer) => readStatus(answer) ?? readUrls(answer.text, doi),
      key === null ? {} : { headers: { authorization: `Bearer ${key}` } }
    )
    urls?.forEach((url, rank) => {
      if (looksLikeFile(url)) {
        sourceQuery.propose({ url, format: 'pdf', rank, evidence: 'OpenAIRE lists this copy.' })
      } else sourceQuery.suggest({ landingUrl: url, isOa: true })
    })
  }
}

function readUrls(text: string, doi: string): Reading<readonly string[]> {
  const urls = parseOpenAire(text, doi)
  if (isReading(urls)) return urls
  if (urls.length === 0) return noOpenCopy('OpenAIRE lists no copy.')
  return { outcome: 'success', value: urls, detail: `${counted(urls.length, 'address', 'addresses')} named.` }
}
