/**
 * The public API of `net`: all requests that leave this machine go through `open`, within the services'
 * limits. Any HTTP status is an answer, a value; only a missing answer (reset, timeout, unknown host, refused
 * address, robots, breaker) is thrown, as a SheafError whose family determines the consequence.
 */
import type { HostStanding } from '../../contract/insights-views'
import type { Hop } from '../../contract/work'

/** The purpose of a request: determines robots, downgrade rules and size limits. */
export type Purpose = 'api' | 'landing' | 'file'

/** Size: a record: one member for each option of a request. */
export interface NetRequest {
  readonly url: string
  readonly purpose: Purpose
  readonly method?: 'GET' | 'HEAD' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
  /** obey robots.txt of the host (only meaningful for landing pages) */
  readonly robots?: boolean
  /** throw RATE_WAIT when the request would have to wait longer than this; absent: wait as long as needed */
  readonly maxRateWaitMs?: number
  /** throw RATE_WAIT when the host must not be requested for longer than this, whatever the queue */
  readonly maxRestMs?: number | undefined
  /**
   * Time limit of the whole exchange including the body, counted from the end of the queue, and separately
   * for each of `retries`; absent: only the limits of the stages apply.
   */
  readonly timeoutMs?: number
  /** refuse a longer body with TOO_LARGE; absent means the setting `files.maxBytes` */
  readonly maxBytes?: number
  /** how often a `RetryLater` failure or a retryable status is retried internally (default 0) */
  readonly retries?: number
  /** called once per hop with the time spent in the queue, which is not the server's */
  readonly onTurn?: (waitedMs: number) => void
  /** called once per hop when the request has to wait in the queue; `onTurn` follows */
  readonly onQueued?: () => void
  /** Awaited once, just before the request is sent; throws to prevent it. */
  readonly beforeSend?: () => Promise<void>
  /** never sent a second time, not even after the server closed an idle connection */
  readonly once?: boolean
  /** keep a cookie jar for this exchange's redirects (cookie-dependent pages); default true */
  readonly cookies?: CookieJar
}

/** The cookies of one job execution; never stored, never shared between jobs. */
export interface CookieJar {
  header(url: string): string | null
  keep(url: string, setCookie: readonly string[]): void
}

export interface AnswerFacts {
  /** requested URL, and the final one */
  readonly url: string
  readonly finalUrl: string
  readonly status: number
  /** lower-case names; a repeated header is joined with ", " */
  readonly headers: Readonly<Record<string, string>>
  /** every hop in order, including the last */
  readonly chain: readonly Hop[]
  readonly elapsedMs: number
  /**
   * epoch seconds: when the service may be requested again, by Retry-After (both forms, capped by the
   * setting), by the table's own rest after a refusal without a time, or by a spent budget; null when none
   * applies
   */
  readonly retryAt: number | null
}

export interface NetAnswer extends AnswerFacts {
  /**
   * The body as it arrives, under the stall timeout and the bandwidth limit, identity-encoded (a
   * content-encoding that the server forces is decoded and `decoded` is true). Ends only when the body is
   * complete as far as HTTP can tell; throws CONNECTION_RESET, STALLED, TOO_LARGE, TIMEOUT otherwise, and
   * TRUNCATED or BAD_ANSWER when a forced encoding cannot be undone. Can be read once.
   */
  readonly body: AsyncIterable<Uint8Array>
  readonly decoded: boolean
  /** Must be called when the body is not read to its end. Idempotent. */
  discard(): void
}

export interface TextAnswer extends AnswerFacts {
  /** decoded by BOM, header charset, <meta charset>, else UTF-8 */
  readonly text: string
}

export interface Net {
  /** One exchange, redirects followed (at most 10, each hop address-checked). The body is streamed. */
  open(request: NetRequest): Promise<NetAnswer>
  /** The same for a small body, read completely (default at most 20 MB). */
  text(request: NetRequest): Promise<TextAnswer>
  /** Milliseconds until the host of `url` may be requested (rate, rest, queue); 0: now. */
  waitMs(url: string, purpose?: Purpose): number
  /** The budget that this request shares with others, and the milliseconds between two of them. */
  paceOf(url: string): { readonly budget: string; readonly spacingMs: number }
  /** Is the host's breaker open? Epoch seconds when it may be probed, or null when it is closed. */
  breakerOpenUntil(url: string): number | null
  /** Number of active requests to the host of `url`. */
  activeOn(url: string): number
  /** Number of hosts with a request for a file that waits only for a file slot. */
  filesReady(): number
  /** Why the host of `url`, or this kind of request to it, is closed for today; null when it is not. */
  closed(url: string): { readonly until: number; readonly because: 'challenge' | 'budget' | 'user' } | null
  /** A body was a bot check: its host is closed for today. */
  challenged(url: string): void
  /** The contacted hosts with their state. */
  board(): readonly HostStanding[]
  /** Closes a host for a day, until opened again; `open` ends every rest, closure and open breaker. */
  setOpen(host: string, isOpen: boolean): void
  newCookieJar(): CookieJar
  /** Sets another limit for all downloads together, at once; null removes it. */
  limitTo(bytesPerSecond: number | null): void
  /**
   * Rates, rests, closures, breakers and the log of hosts, to be kept across restarts: plain JSON, opaque to
   * others. `isLast`: no request follows, so the next process need not be cautious.
   */
  saveState(how: { readonly isLast: boolean }): unknown
  /** Ends every active exchange and closes idle sockets. */
  close(): Promise<void>
}

/** The options of a Net. */
export interface NetOptions {
  /** from `saveState` of an earlier process, or null */
  readonly state: unknown
  /** called when state changed that should be saved soon: a rest, a closure, a breaker */
  readonly stateChanged?: () => void
  /** concurrent requests by kind, read whenever a slot is given; absent: the settings at creation */
  readonly lanes?: () => { readonly lookUps: number; readonly pages: number; readonly files: number }
}
