/**
 * One pass of look-ups over several hundred works: each service is queried for all works that it may know, in
 * as few queries as its limits allow. A failed query is halved until the faulty entry is alone, and that
 * work's source queries by itself. A service that refuses is not queried again in the pass.
 *
 * Invariant: every work gets exactly one result from every service, a part or null.
 */
import type { SourceName } from '../../../contract/words'
import type { Work } from '../../../contract/work'
import type { KeyName } from '../../../contract/keys'
import type { Net, TextAnswer } from '../../net/net'
import { isSuccessStatus, reasonOfStatus } from '../../net/statuses'
import type { Clock } from '../../platform/host'
import type { ReadingMark } from '../../platform/reading-mark'
import { nothingWasSent } from '../reading'
import { SheafError } from '../../../contract/errors'
import { learnedFrom, withLearned } from './learned'
import { LOOKUP_SERVICES, type LookupPart, type LookupService } from './lookups'
import {
  ARXIV_BY_ID,
  CROSSREF_BY_DOI,
  EUROPE_PMC_BY_QUERY,
  OPENALEX_BY_DOI,
  OPENALEX_BY_PMID,
  PMC_IDS_BY_DOI,
  PMC_IDS_BY_PMCID,
  PMC_IDS_BY_PMID,
  SEMANTIC_SCHOLAR_BY_ID,
  type Batch
} from './services'

/** Which source reads a service's parts: a service whose source is disabled is not queried either. */
export const SOURCE_OF: Readonly<Record<LookupService, SourceName>> = {
  openalex: 'openalex',
  pmc_ids: 'pmc',
  arxiv: 'arxiv',
  crossref: 'crossref',
  europe_pmc: 'europe_pmc',
  semantic_scholar: 'semantic_scholar'
}

/** A work in a pass; services add to its identifiers. */
export interface PassWork {
  work: Work
  /** the answers from before this pass and from it */
  readonly parts: Map<LookupService, LookupPart>
}

export interface PassParts {
  readonly net: Net
  readonly clock: Clock
  readonly mailto: string
  readonly keys: (name: KeyName) => string | null
  readonly isAsked: (source: SourceName) => boolean
  readonly mark: ReadingMark
  readonly signal: AbortSignal
  /** all answers of one query at once */
  readonly deliver: (parts: readonly (readonly [PassWork, LookupPart])[]) => void
  /** this service has no more answers for this work */
  readonly close: (about: PassWork, service: LookupService) => void
}

const TIMEOUT_MS = 30_000
/** Each work of a batch stores the address: long enough to show the query. */
const LONGEST_SHOWN = 120

export async function runPass(works: readonly PassWork[], parts: PassParts): Promise<void> {
  const ask = (batch: Batch, who: readonly PassWork[] = works): Promise<void> => askAll(batch, who, parts)
  const isDone = closeWhatIsKnown(works, parts)
  const numbers = works.filter(({ work }) => PMC_IDS_BY_PMCID.valueOf(work) !== null)
  const openalex = Promise.all([ask(OPENALEX_BY_DOI), ask(OPENALEX_BY_PMID)]).then(() => {
    for (const one of works) if (!numbers.includes(one)) parts.close(one, 'openalex')
  })
  // A PMCID leads to a DOI, and the DOI to the authors.
  const named = ask(PMC_IDS_BY_PMCID)
    .then(() => ask(OPENALEX_BY_DOI, numbers))
    .then(() => openalex)
    .then(() => {
      isDone('openalex')
    })
  const others = [ask(ARXIV_BY_ID), ask(CROSSREF_BY_DOI), named]
  const converted = openalex
    .then(() => Promise.all([ask(PMC_IDS_BY_DOI), ask(PMC_IDS_BY_PMID)]))
    .then(() => {
      isDone('pmc_ids')
    })
  // Awaited below with the rest: without a handler, a cancelled pass would cause an unhandled rejection here.
  const marked = (['arxiv', 'crossref'] as const).map((service, index) =>
    others[index]?.then(() => {
      isDone(service)
    })
  )
  const last = converted
    .then(() => {
      const rest = works.filter(hasNoFile)
      return Promise.all([ask(EUROPE_PMC_BY_QUERY, rest), ask(SEMANTIC_SCHOLAR_BY_ID, rest)])
    })
    .then(() => {
      isDone('europe_pmc')
      isDone('semantic_scholar')
    })
  await Promise.all([...others, ...marked, last])
}

/** Returns a function that closes a service for every work without an answer. */
function closeWhatIsKnown(works: readonly PassWork[], parts: PassParts): (service: LookupService) => void {
  const closed = new Set<LookupService>()
  const isDone = (service: LookupService): void => {
    if (closed.has(service)) return
    closed.add(service)
    for (const one of works) parts.close(one, service)
  }
  for (const service of LOOKUP_SERVICES) if (!isServiceAsked(service, parts)) isDone(service)
  // Queries about other works are in progress: this one need not wait for their answers.
  for (const [service, batches] of ASKED_AT_ONCE) {
    for (const one of works) {
      if (batches.every((batch) => batch.valueOf(one.work) === null)) parts.close(one, service)
    }
  }
  return isDone
}

/** Services whose queries use only the identifiers that a work has when the pass begins. */
const ASKED_AT_ONCE: readonly (readonly [LookupService, readonly Batch[]])[] = [
  ['openalex', [OPENALEX_BY_DOI, OPENALEX_BY_PMID, PMC_IDS_BY_PMCID]],
  ['arxiv', [ARXIV_BY_ID]],
  ['crossref', [CROSSREF_BY_DOI]]
]

function isServiceAsked(service: LookupService, parts: PassParts): boolean {
  if (service === 'semantic_scholar' && parts.keys('semantic_scholar') === null) return false
  return parts.isAsked(SOURCE_OF[service])
}

/** No service named a file yet: neither a location, nor a PMCID or arXiv id. */
function hasNoFile({ work }: PassWork): boolean {
  return (
    work.ids.pmcid === undefined &&
    work.ids.arxiv === undefined &&
    !work.locations.some((one) => one.pdfUrl !== undefined)
  )
}

interface Item {
  readonly about: PassWork
  readonly value: string
}

async function askAll(batch: Batch, works: readonly PassWork[], parts: PassParts): Promise<void> {
  if (!isServiceAsked(batch.service, parts)) return
  const items = works.flatMap((about): Item[] => {
    if (about.parts.has(batch.service)) return []
    const value = batch.valueOf(about.work)
    return value === null ? [] : [{ about, value }]
  })
  await Promise.all(chunksOf(items, batch, parts).map((chunk) => askChunk(batch, chunk, parts)))
}

/** As many values in one query as the service accepts, in number and in length of the address. */
function chunksOf(items: readonly Item[], batch: Batch, parts: PassParts): Item[][] {
  const chunks: Item[][] = []
  let chunk: Item[] = []
  const fits = (more: Item): boolean => {
    if (chunk.length >= batch.most) return false
    if (batch.mostUrl === undefined) return true
    const values = [...chunk, more].map((one) => one.value)
    return batch.question(values, around(batch, parts)).url.length <= batch.mostUrl
  }
  for (const item of items) {
    if (chunk.length > 0 && !fits(item)) {
      chunks.push(chunk)
      chunk = []
    }
    chunk.push(item)
  }
  return chunk.length === 0 ? chunks : [...chunks, chunk]
}

const KEY_OF: Readonly<Partial<Record<LookupService, KeyName>>> = {
  openalex: 'openalex',
  semantic_scholar: 'semantic_scholar'
}

function around(batch: Batch, parts: PassParts): { mailto: string; key: string | null } {
  const name = KEY_OF[batch.service]
  return { mailto: parts.mailto, key: name === undefined ? null : parts.keys(name) }
}

async function askChunk(batch: Batch, chunk: readonly Item[], parts: PassParts): Promise<void> {
  const { clock, signal } = parts
  const values = [...new Set(chunk.map((one) => one.value))]
  const question = batch.question(values, around(batch, parts))
  const began = clock.monotonicMs()
  const heard = await exchange(question, parts)
  signal.throwIfAborted()
  const workIds = chunk.map(({ about }) => about.work.workId)
  const records =
    heard.kind === 'answer' ? parts.mark.during(workIds, () => batch.read(heard.answer.text, values)) : null
  if (records !== null && !('outcome' in records)) {
    const elapsedMs = clock.monotonicMs() - began
    const facts = {
      service: batch.service,
      url: question.url.slice(0, LONGEST_SHOWN),
      together: values.length,
      elapsedMs: Math.round(elapsedMs),
      at: clock.now()
    }
    parts.deliver(
      chunk.map(({ about, value }) => {
        const part: LookupPart = { ...facts, record: records.get(value) ?? null }
        about.parts.set(batch.service, part)
        about.work = withLearned(about.work, learnedFrom([part]))
        return [about, part] as const
      })
    )
    return
  }
  // One work left, or a service that must not be queried: its source sends the query, or reports why it
  // cannot.
  if (values.length === 1 || heard.kind === 'refused') return
  const middle = Math.ceil(chunk.length / 2)
  await askChunk(batch, chunk.slice(0, middle), parts)
  await askChunk(batch, chunk.slice(middle), parts)
}

type Heard =
  | { readonly kind: 'answer'; readonly answer: TextAnswer }
  /** not queried, or the service refused: more queries would not help */
  | { readonly kind: 'refused' }
  /** something in this query may be the cause */
  | { readonly kind: 'failed' }

/** The service, or the proxy before it (407), refuses every query for now. */
function isRefusal(status: number): boolean {
  const reason = reasonOfStatus(status)
  return reason === 'FORBIDDEN' || reason === 'RATE_LIMITED' || status === 407
}

async function exchange(question: ReturnType<Batch['question']>, parts: PassParts): Promise<Heard> {
  const { net, signal } = parts
  try {
    const answer = await net.text({ ...question, purpose: 'api', signal, timeoutMs: TIMEOUT_MS, retries: 1 })
    if (isSuccessStatus(answer.status)) return { kind: 'answer', answer }
    return { kind: isRefusal(answer.status) ? 'refused' : 'failed' }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof SheafError)) throw error
    return { kind: nothingWasSent(error) || UNREACHABLE.has(error.code) ? 'refused' : 'failed' }
  }
}

const UNREACHABLE: ReadonlySet<string> = new Set([
  'DNS_FAILED',
  'CONNECTION_REFUSED',
  'TLS_FAILED',
  'CA_FILE_UNUSABLE',
  'TIMEOUT_CONNECT',
  'RATE_LIMITED',
  'PRIVATE_ADDRESS',
  'BOT_CHECK'
])
