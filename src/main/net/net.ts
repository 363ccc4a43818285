/**
 * The door of `net`: bytes on the wire, politely. Everything that leaves this machine goes through
 * `open`. Any HTTP status is an answer, a value; only what is no answer at all (reset, timeout, no
 * such host, refused address, robots, breaker) is thrown, as a SheafError that says what is next.
 */
import type { HostStanding } from '../../contract/insights-views'
import type { Hop } from '../../contract/work'

/** Why we ask: decides robots, downgrade rules and size limits. */
export type Purpose = 'api' | 'landing' | 'file'

/** Size: a record: one member for each thing that a request may ask for. */
export interface NetRequest {
  readonly url: string
  readonly purpose: Purpose
  readonly method?: 'GET' | 'HEAD' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
  /** obey robots.txt of the host (only meaningful for landing pages) */
  readonly robots?: boolean
  /** throw RATE_WAIT when the host's turn would come later than this; absent means wait as long as it takes */
  readonly maxRateWaitMs?: number
  /** throw RATE_WAIT when the host is to be left alone for longer than this, however short the line is */
  readonly maxRestMs?: number | undefined
  /**
   * End of patience for the whole exchange including the body, counted from the host's turn, and for
   * each of `retries` anew; absent means only the stage timeouts.
   */
  readonly timeoutMs?: number
  /** refuse a longer body with TOO_LARGE; absent means the setting `files.maxBytes` */
  readonly maxBytes?: number
  /** how often a `RetryLater` failure or a retryable status is tried again in here (default 0) */
  readonly retries?: number
  /** told how long the request waited for its turn, once for each hop: that time is not the server's */
  readonly onTurn?: (waitedMs: number) => void
  /** called when the request has to wait for its turn, once for each hop; `onTurn` follows */
  readonly onQueued?: () => void
  /** Awaited once, when the host's turn has come and just before the request leaves; throws to keep it here. */
  readonly beforeSend?: () => Promise<void>
  /** never sent a second time, not even over a connection that the server had closed while it was idle */
  readonly once?: boolean
  /** keep a cookie jar for this exchange's redirects (cookie-dependent pages); default true */
  readonly cookies?: CookieJar
}

/** Cookies of one walk through a site; never stored, never shared between jobs. */
export interface CookieJar {
  header(url: string): string | null
  keep(url: string, setCookie: readonly string[]): void
}

export interface AnswerFacts {
  /** as asked, and where it ended */
  readonly url: string
  readonly finalUrl: string
  readonly status: number
  /** lower-case names; a repeated header is joined with ", " */
  readonly headers: Readonly<Record<string, string>>
  /** every hop in order, the last one too */
  readonly chain: readonly Hop[]
  readonly elapsedMs: number
  /**
   * epoch seconds: when Retry-After (both forms, capped by the setting), the table's own rest after a
   * refusal that names no time, or a spent budget lets the service be asked again; null when nothing does
   */
  readonly retryAt: number | null
}

export interface NetAnswer extends AnswerFacts {
  /**
   * The body as it arrives, with the stall watch and the bandwidth limit applied, identity-encoded
   * (a content-encoding the server forces is decoded and `decoded` is true). Ends only when the body
   * is whole as far as HTTP can tell; throws CONNECTION_RESET, STALLED, TOO_LARGE, TIMEOUT otherwise,
   * and TRUNCATED or BAD_ANSWER when a forced encoding cannot be undone. Can be read once.
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
  /** The same with a small body read whole (default at most 20 MB). */
  text(request: NetRequest): Promise<TextAnswer>
  /** How long until the host of `url` may be asked (rate, rest, who waits already), 0 for now. */
  waitMs(url: string, purpose?: Purpose): number
  /** Which requests share a budget with this one, and the milliseconds between two of them. */
  paceOf(url: string): { readonly budget: string; readonly spacingMs: number }
  /** Is the host's breaker open? Epoch seconds when it may be probed, or null when it is closed. */
  breakerOpenUntil(url: string): number | null
  /** Requests under way to the host of `url`. */
  activeOn(url: string): number
  /** Hosts with a request for a file that could leave now if fewer files were under way. */
  filesReady(): number
  /** Why the host of `url`, or this kind of request to it, is not asked any more today; null when it is. */
  closed(url: string): { readonly until: number; readonly because: 'challenge' | 'budget' | 'user' } | null
  /** A body turned out to be a bot check: its host is not asked any more today. */
  challenged(url: string): void
  /** The hosts that were contacted, and how each stands. */
  board(): readonly HostStanding[]
  /** Not asked for a day, until opened again; `open` ends every rest, closure and open breaker. */
  setOpen(host: string, isOpen: boolean): void
  newCookieJar(): CookieJar
  /** Another limit for all downloads together, at once; null lifts it. */
  limitTo(bytesPerSecond: number | null): void
  /**
   * Rates, rests, closures, breakers and the log of hosts, to be kept across restarts: plain JSON, opaque
   * to others. `isLast`: nothing is asked after it, so that the next process need not be careful.
   */
  saveState(how: { readonly isLast: boolean }): unknown
  /** Ends every exchange under way and closes idle sockets. */
  close(): Promise<void>
}

/** What a Net is made with. */
export interface NetOptions {
  /** from `saveState` of an earlier process, or null */
  readonly state: unknown
  /** called when something changed that should be saved soon: a rest, a closure, a breaker */
  readonly stateChanged?: () => void
  /** requests at a time by kind, asked at every turn; absent: as the settings said when it was made */
  readonly lanes?: () => { readonly lookUps: number; readonly pages: number; readonly files: number }
}
