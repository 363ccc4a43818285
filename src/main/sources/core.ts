/**
 * CORE: where a repository keeps the full text of a DOI. Queried only with a key. Its own download host is
 * behind a bot check, so files there are not proposed. Source: api.core.ac.uk/docs/v3, POST /discover (read
 * 2026-11); docs/services.md.
 */
import { z } from 'zod'
import type { Work } from '../../contract/work'
import { looksLikeFile } from '../platform/file-address'
import type { SourceQuery } from './source-query'
import { isReading, noOpenCopy, readJson, readStatus, type Failure, type Reading } from './reading'
import type { Question, Source } from './sources'
import { looseText } from './tolerant'
import { hostnameOf, isUnder } from '../../contract/addresses'
import { webUrl } from './web-text'

export function parseCore(text: string): string | null | Failure {
  const raw = readJson(text, z.looseObject({ fullTextLink: looseText }))
  return isReading(raw) ? raw : webUrl(raw.fullTextLink)
}

export const core: Source = {
  name: 'core',
  key: 'core',

  cannot(work: Work): string | null {
    return work.ids.doi === undefined ? 'CORE is asked by DOI, and none is known.' : null
  },

  async ask(question: Question, sourceQuery: SourceQuery): Promise<void> {
    const { doi } = question.work.ids
    const key = sourceQuery.services.keys?.('core') ?? null
    if (doi === undefined || key === null) return
    const url = await sourceQuery.ask(
      'https://api.core.ac.uk/v3/discover',
      (answer) => readStatus(answer) ?? readLink(answer.text),
      {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ doi })
      }
    )
    if (url === null) return
    if (looksLikeFile(url)) {
      sourceQuery.propose({ url, format: 'pdf', rank: 0, evidence: 'CORE names this full text.' })
    } else sourceQuery.suggest({ landingUrl: url, isOa: true })
  }
}

function readLink(text: string): Reading<string> {
  const url = parseCore(text)
  if (isReading(url)) return url
  if (url === null) return noOpenCopy('CORE knows no full text.')
  if (isUnder(hostnameOf(url), 'core.ac.uk')) {
    const detail = 'CORE names only its own download, which is closed to programs.'
    return noOpenCopy(detail)
  }
  return { outcome: 'success', value: url, detail: 'CORE names a full text.' }
}
