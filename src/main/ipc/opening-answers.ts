/**
 * Answers while the ledger is being opened. Opening a large one takes seconds and blocks this process, so the
 * page's first requests are answered before: from the queue cache; without one, from the preview of the
 * ledger's file; without a ledger, with the frame alone. Invariant: only the requests named here are answered
 * early. All others, and every change, wait for the session, and once it is open only it answers.
 */
import type { RequestName } from '../../contract/request-names'
import type { CheckedInputOf } from '../../contract/requests'
import type { GroupCounts, JobPage, JobView } from '../../contract/views'
import type { Host } from '../platform/host'
import { opensSlowly, readQueueCache, type EarlyQueue } from '../session/queue-cache'
import type { EarlySession } from '../session/session-api'
import { check, isRequestName, type AnswerRequest } from './answer'
import { isEmpty } from '../../contract/stored-provenance'
import { isObject } from '../../contract/unknown-values'
import { deferred } from '../platform/deferred'

/** Time for the page to draw what it received: its resources come from this process. */
const DRAWN_MS = 60
/** A page that starts with the queue requests its rows within this time after its first request. */
const ASKED_MS = 2_000
/** A page that starts elsewhere has received everything available after this time. */
const ELSEWHERE_MS = 300
/** Without a request within this time there is no page. */
const THERE_MS = 5_000

export interface OpeningAnswers {
  /** Available from the start; requests that cannot be answered yet wait. */
  readonly answer: AnswerRequest
  /** The session has read its settings: resolves when it may open the ledger. Never rejects. */
  readonly beforeOpening: (early: EarlySession) => Promise<void>
  /** An answer came from the cache; the open session has to send the current one. */
  readonly hasAnswered: () => boolean
}

export interface OpeningParts {
  readonly host: Pick<Host, 'files' | 'log' | 'clock'>
  readonly dataDir: string
  /** the queue of a ledger that is not open yet; null when there is nothing to show */
  readonly preview: () => Promise<EarlyQueue | null>
  /** resolves when the session is open */
  readonly opened: Promise<AnswerRequest>
  /** resolves when the page has its scripts */
  readonly pageServed: Promise<void>
  /** Aborted when the app closes. */
  readonly signal: AbortSignal
}

export function answerWhileOpening({
  host,
  dataDir,
  preview,
  opened,
  pageServed,
  signal
}: OpeningParts): OpeningAnswers {
  const early = deferred<{ readonly session: EarlySession; readonly seen: EarlyQueue | null } | null>()
  const firstQuestion = deferred<undefined>()
  const rowsAsked = deferred<undefined>()
  let isOpen = false
  let hasAnswered = false
  const over = (): void => {
    isOpen = true
    early.resolve(null)
  }
  opened.then(over, over)
  const wait = (ms: number): Promise<void> => host.clock.sleep(ms, signal).catch(() => undefined)

  const fromWhatWasSeen = async (name: RequestName, input: unknown): Promise<unknown> => {
    const there = await early.promise
    if (there === null || isOpen) return undefined
    const { session, seen } = there
    // The frame needs no ledger; only its numbers do.
    if (name === 'app.state') return session.view()
    if (seen === null) return undefined
    const { run, counts } = seen
    if (name === 'jobs.list') {
      const asked = check(name, input)
      return asked.ok ? pageOf(seen, asked.value) : undefined
    }
    if (name === 'run.state' && run !== null)
      return {
        ...session.run.view(),
        because: 'Opening the ledger…',
        counts: withoutActive(run.counts),
        progress: run.progress
      }
    if (name === 'jobs.counts' && counts !== null && isObject(input) && isEmpty(input))
      return { ...counts, ...withoutActive(counts), revision: 0 }
    return undefined
  }

  return {
    async answer(name, input) {
      firstQuestion.resolve(undefined)
      if (isRequestName(name) && !isOpen && check(name, input).ok) {
        const value = await fromWhatWasSeen(name, input)
        if (name === 'jobs.list') rowsAsked.resolve(undefined)
        if (value !== undefined) {
          hasAnswered = true
          return { ok: true, value }
        }
      }
      const answer = await opened
      return answer(name, input)
    },
    async beforeOpening(session) {
      const beginsElsewhere = (session.view().remembered['place'] ?? 'queue') !== 'queue'
      const isSlow = await opensSlowly(host, dataDir)
      const seen =
        (await readQueueCache(host, dataDir)) ?? (isSlow && !beginsElsewhere ? await preview() : null)
      early.resolve(seen !== null || isSlow ? { session, seen } : null)
      if (seen === null) {
        // Engine and ledger are loaded while the page evaluates its scripts, not while it waits for them.
        await Promise.race([pageServed, firstQuestion.promise, wait(THERE_MS)])
        return
      }
      const asked = firstQuestion.promise.then(() =>
        Promise.race([rowsAsked.promise, wait(beginsElsewhere ? ELSEWHERE_MS : ASKED_MS)])
      )
      await Promise.race([asked, wait(THERE_MS)])
      await wait(DRAWN_MS)
    },
    hasAnswered: () => hasAnswered
  }
}

/** The cached rows of exactly this request. */
function pageOf(seen: EarlyQueue, question: CheckedInputOf<'jobs.list'>): JobPage | undefined {
  const { offset, limit, ...asked } = question
  const { rows, total } = seen
  const isSame = JSON.stringify(sorted(asked)) === JSON.stringify(sorted(seen.asked))
  const isKept = offset + limit <= rows.length || rows.length === total
  // No job is active before the session is open.
  if (!isSame || !isKept || asked.query.group === 'active') return undefined
  return { total, offset, rows: rows.slice(offset, offset + limit).map(atRest), revision: 0 }
}

function sorted({ query, sort, direction }: EarlyQueue['asked']): readonly unknown[] {
  return [
    query.group,
    query.reasons ?? null,
    query.source ?? null,
    query.runId ?? null,
    query.text ?? null,
    query.list ?? null,
    sort,
    direction
  ]
}

/** After any end of the process no worker holds a job. */
function atRest(job: JobView): JobView {
  if (job.group !== 'active') return job
  const nothing = { bytes: null, totalBytes: null, bytesPerSecond: null, continuedFrom: null }
  return { ...job, group: 'waiting', leased: false, ...nothing }
}

function withoutActive(counts: GroupCounts): GroupCounts {
  const { all, waiting, active, attention, done, ignored } = counts
  return { all, waiting: waiting + active, active: 0, attention, done, ignored }
}
