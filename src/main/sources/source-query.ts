/**
 * One source's exchanges for one work: every request uses this class, so that every gate, budget and retry of
 * docs/design.md §8 applies to it and every answer is recorded as a row. Results are kept as they are found:
 * when the time is over, everything found until then counts.
 *
 * Invariant: never more exchanges than the budget had attempts, none after the deadline.
 */
import type { AttemptFacts, Candidate, Identifiers, OaLocation, WorkFacts } from '../../contract/work'
import type { ErrorCode } from '../../contract/errors'
import { MOST_CHARS, cutTo, limitFacts } from '../../contract/limits'
import { redactUrl } from '../../contract/redact'
import type { Outcome, SourceName } from '../../contract/words'
import type { NetRequest, TextAnswer } from '../net/net'
import { NO_MARK } from '../platform/reading-mark'
import type { LookupPart } from './lookups/lookups'
import { isPmcPage } from './file-urls'
import { readPage, type Page, type PageCache } from './found-page'
import {
  mayPass,
  noOpenCopy,
  nothingWasSent,
  readError,
  readStatus,
  type Failure,
  type Reading
} from './reading'
import type { Budget, Question, SourceServices } from './question'
import { urlKey } from './web-text'
import { isRetryableStatus } from '../net/statuses'

export interface HowToAsk {
  /** may carry a key: headers are never recorded */
  readonly headers?: Readonly<Record<string, string>>
  readonly method?: 'GET' | 'POST'
  readonly body?: string
  /** this service's meaning of a temporary status; null: the default meaning */
  readonly refusal?: (answer: TextAnswer) => Failure | null
}

export type Proposal = Omit<Candidate, 'source' | 'tier'>

interface Setting {
  readonly name: SourceName
  readonly budget: Budget
  /** monotonic milliseconds */
  readonly deadlineMs: number
  readonly pages: PageCache
}

/** The longest wait for the turn of the last remaining source: a queue of several hundred works. */
const LAST_RESORT_WAIT_MS = 600_000
/** A service that asks for a longer pause is queried in a later attempt of the job. */
const LAST_RESORT_REST_MS = 45_000
const ACCEPT_PAGE = 'text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8'

export class SourceQuery {
  readonly candidates: Proposal[] = []
  readonly landingPages: OaLocation[] = []
  readonly attempts: AttemptFacts[] = []
  ids: Identifiers = {}
  facts: WorkFacts = {}
  /** an exchange failed finally in a way that may be temporary */
  mayPass = false
  /** the service returned a record of exactly this work, with or without a file */
  knowsWork = false
  /** it was not queried because its turn comes too late while others are left */
  wasPassedOver = false
  retryAt: number | null = null

  readonly question: Question
  readonly services: SourceServices
  readonly #setting: Setting
  #inFlight: { url: string; since: number } | null = null
  #closed = false
  #waitedMs = 0
  #waitsSince: number | null = null
  /** pages that are being read now, and the start of the current uninterrupted period */
  #reads = 0
  #readsSince: number | null = null
  #hasAsked = false

  constructor(question: Question, services: SourceServices, setting: Setting) {
    this.question = question
    this.services = services
    this.#setting = setting
  }

  /** Milliseconds left for this source. */
  get leftMs(): number {
    const now = this.services.clock.monotonicMs()
    // Waiting for a host's turn and reading a page are not counted, whether finished or in progress.
    const waiting = now - Math.min(this.#waitsSince ?? now, this.#readsSince ?? now)
    return this.#setting.deadlineMs + this.#waitedMs + waiting - now
  }

  /** Pages that any source opened in this job execution. */
  get pages(): ReadonlyMap<string, Page> {
    return this.#setting.pages
  }

  propose(proposal: Proposal): void {
    if (this.#closed || proposal.url.length > MOST_CHARS.url) return
    this.candidates.push({ ...proposal, evidence: cutTo(proposal.evidence, 'reason') })
  }

  suggest(page: OaLocation): void {
    if (this.#closed || (page.landingUrl?.length ?? 0) > MOST_CHARS.url) return
    this.landingPages.push(page)
  }

  /** The first value is kept. */
  mergeMetadata(ids: Identifiers, facts: WorkFacts = {}): void {
    if (this.#closed) return
    this.ids = { ...ids, ...this.ids }
    this.facts = { ...limitFacts(facts), ...this.facts }
  }

  /** A row without an exchange: a decision that needed no request. */
  note(outcome: Outcome, reason: ErrorCode | null, detail: string, url: string | null = null): void {
    this.#record({ url, outcome, reason, detail, elapsedMs: 0 })
  }

  /** A batch's answer about this work, as a row of its own; null when it could not be read. */
  answered<T>(part: LookupPart, read: (record: string) => Reading<T>, notKnown: string): T | null {
    const { record } = part
    const reading: Reading<T> = record === null ? noOpenCopy(notKnown) : this.#marked(() => read(record))
    const isShared = part.together > 1
    const others = isShared ? ` Asked together with ${String(part.together - 1)} more.` : ''
    const row = rowOf(reading)
    return this.#settle(part.url, reading, {
      elapsedMs: part.elapsedMs,
      ...(isShared ? { isShared } : {}),
      ...(row.detail === undefined ? {} : { detail: `${row.detail}${others}` })
    })
  }

  /**
   * One query to a service, with its retries; null when the answer could not be read. `read` receives every
   * status except the retryable ones.
   */
  async ask<T>(url: string, read: (answer: TextAnswer) => Reading<T>, how: HowToAsk = {}): Promise<T | null> {
    const { refusal, ...sent } = how
    // A service that has answered once is queried to the end, even if another source would have a shorter
    // wait.
    const isLast = this.question.isLast || this.#hasAsked
    return this.#exchange(url, isLast, async (request) => {
      const answer = await this.services.net.text({ ...request, ...sent, purpose: 'api' })
      this.#hasAsked = true
      const reading = this.#marked((): Reading<T> => {
        const trouble = isRetryableStatus(answer.status) ? (refusal?.(answer) ?? readStatus(answer)) : null
        return trouble ?? read(answer)
      })
      return { reading, status: answer.status, bytes: answer.text.length }
    })
  }

  /**
   * Opens a page about the work; a file at the address is recognised by its first bytes and not read. `read`
   * receives every answer, except error pages with a retryable status.
   */
  async open<T>(
    url: string,
    read: (page: Page) => Reading<T>,
    /** the base address of its links, when it is not its own (a copy in an archive) */
    addressOf: (finalUrl: string) => string = (finalUrl) => finalUrl
  ): Promise<T | null> {
    if (isPmcPage(url)) {
      const detail = 'PMC’s article pages are closed to programs; its open-data bucket is asked instead.'
      this.note('skipped', 'ROBOTS_DISALLOWED', detail, url)
      return null
    }
    const known = this.#setting.pages.get(urlKey(url))
    if (known !== undefined) {
      const reading = this.#marked(() => read(known))
      this.#record({ url, ...rowOf(reading), status: known.status, elapsedMs: 0 })
      return valueOf(reading)
    }
    return this.#exchange(url, this.question.isLast, async (request) => {
      const answer = await this.services.net.open({
        ...request,
        purpose: 'landing',
        robots: this.question.robots,
        headers: { accept: ACCEPT_PAGE }
      })
      try {
        const { page: bare, bytes } = await readPage(url, answer)
        const trouble = isRetryableStatus(answer.status) ? readStatus(answer) : null
        const page = await this.#readText(bare, addressOf(bare.finalUrl))
        if (!('kind' in page)) return { reading: page, status: answer.status, bytes }
        const reading = this.#marked(() => read(page))
        // A bot check often has status 403, 429 or 503: an immediate retry would not help.
        const isBotCheck = reading.outcome !== 'success' && reading.reason === 'BOT_CHECK'
        if (isBotCheck) this.services.net.challenged(page.finalUrl)
        const isFinal = trouble === null || isBotCheck
        if (isFinal && (answer.status < 400 || page.text !== '')) this.#keep(page)
        return { reading: isFinal ? reading : trouble, status: answer.status, bytes }
      } finally {
        answer.discard()
      }
    })
  }

  /**
   * Results of this source after this call are ignored. An exchange in progress is recorded as a row of its
   * own.
   */
  close(because: { outcome: 'timeout' | 'error'; detail: string; reason: ErrorCode } | null): void {
    if (this.#closed) return
    if (because !== null) {
      const flight = this.#inFlight
      const elapsedMs = flight === null ? 0 : this.services.clock.monotonicMs() - flight.since
      this.#record({ url: flight?.url ?? null, ...because, elapsedMs })
      this.mayPass = this.mayPass || because.outcome === 'timeout'
    }
    this.#closed = true
  }

  /** `isLast`: waits for its turn, since no other source is left. */
  async #exchange<T>(
    url: string,
    isLast: boolean,
    perform: (
      request: Omit<NetRequest, 'purpose'>
    ) => Promise<{ reading: Reading<T>; status: number; bytes: number }>
  ): Promise<T | null> {
    const { clock } = this.services
    const { budget } = this.#setting
    for (let tries = 0; ; tries += 1) {
      this.question.signal.throwIfAborted()
      const refused = this.#gate(url, isLast)
      if (refused !== null) return this.#settle(url, refused, {})
      budget.attemptsLeft -= 1
      const since = clock.monotonicMs()
      this.#inFlight = { url, since }
      const timeoutMs = Math.max(1, Math.floor(this.leftMs))
      this.#waitsSince = since
      let reading: Reading<T>
      let status: number | undefined
      let bytes: number | undefined
      try {
        const answer = await perform({
          url,
          signal: this.question.signal,
          timeoutMs,
          onQueued: () => {
            budget.queued?.(true)
          },
          onTurn: (waitedMs) => {
            this.#waitsSince = null
            this.#waitedMs += waitedMs
            budget.queued?.(false)
            budget.waited?.(waitedMs)
          },
          ...(isLast
            ? { maxRateWaitMs: LAST_RESORT_WAIT_MS, maxRestMs: LAST_RESORT_REST_MS }
            : { maxRateWaitMs: this.question.maxRateWaitMs }),
          retries: 0,
          cookies: this.question.cookies
        })
        ;({ reading, status, bytes } = answer)
      } catch (error) {
        this.question.signal.throwIfAborted()
        if (nothingWasSent(error)) budget.attemptsLeft += 1
        reading = readError(error)
      } finally {
        budget.queued?.(false)
        this.#inFlight = null
        this.#waitsSince = null
      }
      const row = {
        elapsedMs: clock.monotonicMs() - since,
        ...(status === undefined ? {} : { status }),
        ...(bytes === undefined ? {} : { bytes })
      }
      const waitMs = this.#waitBeforeRetry(reading, tries)
      if (waitMs === null) return this.#settle(url, reading, row)
      this.#record({ url, ...rowOf(reading), ...row })
      await clock.sleep(waitMs, this.question.signal)
    }
  }

  /** The page with its parsed text, or the reason why it could not be parsed. */
  async #readText(page: Page, url: string): Promise<Page | Failure> {
    const { pages } = this.services
    if (page.kind !== 'text' || pages === undefined) return page
    const { headers, status } = page
    // Sheaf's own work on a busy machine is not charged to the source.
    const { clock } = this.services
    const began = clock.monotonicMs()
    this.#readsSince ??= began
    this.#reads += 1
    const read = await pages.read(page.text, { url, headers, status }, this.question.signal).finally(() => {
      this.#reads -= 1
      if (this.#reads > 0) return
      this.#waitedMs += clock.monotonicMs() - (this.#readsSince ?? began)
      this.#readsSince = null
    })
    if (read.kind === 'read') return { ...page, finding: read.finding }
    const detail = `The page ${page.finalUrl} could not be read: ${read.because}.`
    return { outcome: 'nonretryable', reason: 'READING_LIMIT', detail }
  }

  #marked<T>(read: () => T): T {
    return (this.services.mark ?? NO_MARK).during([this.question.work.workId], read)
  }

  /** Why this exchange must not be sent now, or null. */
  #gate(url: string, isLast: boolean): Failure | null {
    const { net, clock } = this.services
    const { maxRateWaitMs } = this.question
    if (this.#setting.budget.attemptsLeft <= 0) {
      return {
        outcome: 'skipped',
        reason: 'BUDGET_SPENT',
        detail: 'The attempts allowed for this work are used up.'
      }
    }
    if (this.leftMs <= 0) {
      return { outcome: 'timeout', reason: 'TIMEOUT', detail: 'The time allowed for this source is over.' }
    }
    const openUntil = net.breakerOpenUntil(url)
    if (openUntil !== null && openUntil > clock.now()) {
      const detail = `${new URL(url).hostname} is in trouble and is left alone until ${new Date(openUntil * 1000).toISOString()}.`
      return { outcome: 'skipped', reason: 'BREAKER_OPEN', detail, retryAt: openUntil }
    }
    const waitMs = isLast ? 0 : net.waitMs(url)
    if (waitMs > maxRateWaitMs) {
      const detail = `The turn at ${new URL(url).hostname} comes in ${Math.ceil(waitMs)} ms, later than the ${maxRateWaitMs} ms allowed.`
      return { outcome: 'skipped', reason: 'RATE_WAIT', detail, retryAt: clock.now() + waitMs / 1000 }
    }
    return null
  }

  /** Milliseconds until the next try, or null when this was the last. Full jitter, base 300 ms. */
  #waitBeforeRetry(reading: Reading<unknown>, tries: number): number | null {
    if (reading.outcome !== 'retryable' && reading.outcome !== 'timeout') return null
    if (
      reading.reason === 'TIMEOUT' ||
      tries >= this.question.retries ||
      this.#setting.budget.attemptsLeft <= 0
    )
      return null
    const { clock, random } = this.services
    const drawn = (random?.uniform() ?? 0.5) * Math.min(5_000, 300 * 2 ** tries)
    const asked =
      reading.retryAt === undefined || reading.retryAt === null ? 0 : (reading.retryAt - clock.now()) * 1000
    const waitMs = Math.max(drawn, asked)
    return waitMs >= this.leftMs ? null : waitMs
  }

  #settle<T>(url: string, reading: Reading<T>, row: Partial<AttemptFacts>): T | null {
    this.#record({ url, elapsedMs: 0, ...rowOf(reading), ...row })
    if (reading.outcome === 'skipped' && reading.reason === 'RATE_WAIT' && !this.question.isLast) {
      // It is queried later if the others find nothing.
      this.wasPassedOver = true
      return valueOf(reading)
    }
    if (mayPass(reading) && !this.#closed) {
      this.mayPass = true
      const at = reading.outcome === 'success' ? null : (reading.retryAt ?? null)
      if (at !== null) this.retryAt = this.retryAt === null ? at : Math.min(this.retryAt, at)
    }
    return valueOf(reading)
  }

  #record(row: Omit<AttemptFacts, 'source' | 'tier'>): void {
    if (this.#closed) return
    const url = row.url === null ? null : redactUrl(row.url)
    const { detail } = row
    this.attempts.push({
      source: this.#setting.name,
      tier: this.question.tier,
      ...row,
      ...(detail === undefined ? {} : { detail: cutTo(detail, 'reason') }),
      url
    })
  }

  #keep(page: Page): void {
    this.#setting.pages.set(urlKey(page.askedUrl), page)
    this.#setting.pages.set(urlKey(page.finalUrl), page)
  }
}

function rowOf(reading: Reading<unknown>): Pick<AttemptFacts, 'outcome' | 'reason' | 'detail'> {
  if (reading.outcome === 'success') {
    return {
      outcome: 'success',
      reason: null,
      ...(reading.detail === undefined ? {} : { detail: reading.detail })
    }
  }
  return { outcome: reading.outcome, reason: reading.reason, detail: reading.detail }
}

function valueOf<T>(reading: Reading<T>): T | null {
  return reading.value ?? null
}
