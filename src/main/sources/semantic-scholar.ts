/**
 * Semantic Scholar: one open file of a paper. Queried only with a key: without one it answers 429. Source:
 * api.semanticscholar.org/api-docs/graph, POST /paper/batch (read 2026-11); docs/services.md.
 */
import { z } from 'zod'
import type { Identifiers, Work } from '../../contract/work'
import { idsOf, licenseOf } from './facts'
import { looksLikeFile } from '../platform/file-address'
import type { SourceQuery } from './source-query'
import { isReading, noOpenCopy, readJson, readStatus, type Failure, type Reading } from './reading'
import type { Question, Source } from './sources'
import { looseText } from './tolerant'
import { webUrl } from './web-text'

export const SEMANTIC_SCHOLAR_BATCH =
  'https://api.semanticscholar.org/graph/v1/paper/batch?fields=externalIds,openAccessPdf'
export const SEMANTIC_SCHOLAR_MOST = 500

/** `DOI:10.x/y`, `ARXIV:…`, `PMID:…`, `PMCID:123`; null when none is known. */
export function semanticScholarId(ids: Identifiers): string | null {
  if (ids.doi !== undefined) return `DOI:${ids.doi}`
  if (ids.arxiv !== undefined) return `ARXIV:${ids.arxiv}`
  if (ids.pmid !== undefined) return `PMID:${ids.pmid}`
  return ids.pmcid === undefined ? null : `PMCID:${ids.pmcid.replace(/^PMC/, '')}`
}

const paperSchema = z.looseObject({
  externalIds: z
    .looseObject({ DOI: looseText, ArXiv: looseText, PubMed: looseText, PubMedCentral: looseText })
    .nullish()
    .catch(null),
  openAccessPdf: z
    .looseObject({ url: looseText, status: looseText, license: looseText })
    .nullish()
    .catch(null)
})

export interface SemanticScholarPaper {
  readonly ids: Identifiers
  readonly url: string | null
  readonly license?: string | undefined
}

export function parsePaper(text: string): SemanticScholarPaper | Failure {
  const raw = readJson(text, paperSchema)
  if (isReading(raw)) return raw
  const { DOI, ArXiv, PubMed, PubMedCentral } = raw.externalIds ?? {}
  return {
    ids: idsOf({ doi: DOI, arxiv: ArXiv, pmid: PubMed, pmcid: PubMedCentral }),
    url: webUrl(raw.openAccessPdf?.url),
    license: licenseOf(raw.openAccessPdf?.license)
  }
}

export const semanticScholar: Source = {
  name: 'semantic_scholar',
  lookup: 'semantic_scholar',
  key: 'semantic_scholar',

  cannot(work: Work): string | null {
    return semanticScholarId(work.ids) === null
      ? 'Semantic Scholar is asked by DOI, arXiv id, PMID or PMCID, and none is known.'
      : null
  },

  async ask(question: Question, sourceQuery: SourceQuery): Promise<void> {
    const id = semanticScholarId(question.work.ids)
    const key = sourceQuery.services.keys?.('semantic_scholar') ?? null
    if (id === null || key === null) return
    const found =
      question.part === null
        ? await sourceQuery.ask(
            SEMANTIC_SCHOLAR_BATCH,
            (answer) => readStatus(answer) ?? readBatchOfOne(answer.text),
            {
              headers: { 'x-api-key': key, 'content-type': 'application/json' },
              method: 'POST',
              body: JSON.stringify({ ids: [id] })
            }
          )
        : sourceQuery.answered(question.part, readPaper, NOT_KNOWN)
    if (found === null) return
    const { url, license } = found
    sourceQuery.mergeMetadata(found.ids)
    if (url === null) return
    if (!looksLikeFile(url)) {
      sourceQuery.suggest({ landingUrl: url, isOa: true })
      return
    }
    sourceQuery.propose({
      url,
      format: 'pdf',
      rank: 0,
      evidence: 'Semantic Scholar names this open file.',
      ...(license === undefined ? {} : { license })
    })
  }
}

const NOT_KNOWN = 'Semantic Scholar does not know this work.'

function readBatchOfOne(text: string): Reading<SemanticScholarPaper> {
  const papers = readJson(text, z.array(z.unknown()))
  if (isReading(papers)) return papers
  if (papers[0] === null || papers[0] === undefined) return noOpenCopy(NOT_KNOWN)
  return readPaper(JSON.stringify(papers[0]))
}

function readPaper(text: string): Reading<SemanticScholarPaper> {
  const paper = parsePaper(text)
  if (isReading(paper)) return paper
  if (paper.url !== null) return { outcome: 'success', value: paper, detail: 'An open file is named.' }
  const detail = 'Semantic Scholar names no open file.'
  return noOpenCopy(detail, paper)
}
