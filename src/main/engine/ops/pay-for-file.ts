/**
 * A request for a paid file: its key, the intent recorded before it is sent, and what its answer says about
 * the bill. Only OpenAlex's own copies cost money. Source: openalex-api-proxy,
 * developers.openalex.org/download/full-text-pdfs; docs/services.md.
 */
import { SheafError, fail } from '../../../contract/errors'
import { microsOf } from '../../../contract/money'
import type { Candidate } from '../../../contract/work'
import type { NetAnswer, NetRequest } from '../../net/net'
import { openAlexHeaders, refusalKind } from '../../sources/openalex-api'
import { paidItemOf } from '../../sources/openalex-content'
import type { JobContext } from '../job-context'
import type { Bought } from '../purchases'
import { nextMidnight } from '../../net/rate'

export interface Payment {
  readonly request: Pick<NetRequest, 'headers' | 'beforeSend' | 'once'>
  /** Notes what the answer cost; returns the service's own refusal, or null. */
  answered(answer: NetAnswer): SheafError | null
  /** Notes that nothing was sent, if that is certain. */
  failed(error: unknown): void
}

/** A missing file costs one credit instead of a hundred. */
const NOT_THERE_MICROS = 100
/** Errors thrown before any byte of the request left this computer. */
const NEVER_SENT: ReadonlySet<SheafError['code']> = new Set([
  'BREAKER_OPEN',
  'RATE_WAIT',
  'DNS_FAILED',
  'CONNECTION_REFUSED',
  'TLS_FAILED',
  'CA_FILE_UNUSABLE',
  'TIMEOUT_CONNECT',
  'PRIVATE_ADDRESS'
])

/** Null when the candidate is free. Throws PAID_NOT_REMEMBERED or KEY_NEEDED. */
export function paymentFor(context: JobContext, candidate: Candidate): Payment | null {
  const { priceUsd } = candidate
  if (priceUsd === undefined) return null
  const { settings, keyOf, runStats } = context.services
  const { buy } = context.jobStore.effects
  if (buy === null) return fail('PAID_NOT_REMEMBERED')
  const item = paidItemOf(candidate.url)
  if (item === null) return fail('BAD_URL', 'Only OpenAlex’s own copies are paid for.')
  const key = keyOf('openalex')
  if (key === null) return fail('KEY_NEEDED', 'OpenAlex’s own copies are sent only to a key.')
  let bought: Bought | null = null
  let isOver = false
  const end: Bought['end'] = (outcome, billedMicros) => {
    isOver = true
    bought?.end(outcome, billedMicros)
    runStats.paidMicros += billedMicros
  }
  return {
    request: {
      headers: openAlexHeaders(key),
      once: true,
      beforeSend: async () => {
        const budgetUsd = settings['sources.paidBudgetUsd']
        bought = await buy({ item, workId: context.job.workId, priceUsd, budgetUsd })
      }
    },
    answered(answer) {
      const bill = billOf(answer, priceUsd)
      if (bill !== null) end(bill.outcome, bill.micros)
      return refusalIn(answer, context.services.host.clock.now())
    },
    failed(error) {
      if (bought === null || isOver) return
      if (error instanceof SheafError && NEVER_SENT.has(error.code)) end('NOT_SENT', 0)
    }
  }
}

type Bill = { readonly outcome: Parameters<Bought['end']>[0]; readonly micros: number }

/** Null: the answer does not say whether it was billed. */
function billOf(answer: NetAnswer, priceUsd: number): Bill | null {
  const { status, headers, chain } = answer
  const said = /^\d+(\.\d+)?$/.exec(headers['x-ratelimit-cost-usd'] ?? '')
  const cost = said === null ? null : microsOf(Number(said[0]))
  if (status === 200 || status === 206) return { outcome: 'PAID', micros: cost ?? microsOf(priceUsd) }
  if (cost === 0) return { outcome: 'REFUSED', micros: 0 }
  // After a redirect the answer comes from a storage host, whose headers say nothing about the bill.
  if (chain.length > 1) return null
  if (status === 404 || status === 410) return { outcome: 'NOT_THERE', micros: cost ?? NOT_THERE_MICROS }
  if (status === 401 || status === 403 || status === 429) return { outcome: 'REFUSED', micros: cost ?? 0 }
  return null
}

function refusalIn(answer: NetAnswer, now: number): SheafError | null {
  switch (refusalKind(answer, { text: '', hasKey: true })) {
    case 'bad_key':
      return new SheafError('KEY_REFUSED', 'OpenAlex does not accept the key.')
    case 'budget':
      return new SheafError('RATE_LIMITED', 'OpenAlex’s own budget of the day for this key is spent.', {
        retryAt: nextMidnight(now)
      })
    default:
      return null
  }
}
