/**
 * robots.txt for landing pages: fetched once a day per origin, through the same net as everything else.
 * Invariant: a site whose rules cannot be read has not given permission (RFC 9309 §2.3.1.4); a site without
 * rules has.
 */
import { z } from 'zod'
import { fail, isSheafError, messageOf } from '../../contract/errors'
import type { Clock } from '../platform/host'
import type { NetAnswer, NetRequest } from './net'
import {
  decidingRule,
  NO_RULES,
  parseRobots,
  robotsPath,
  rulesSchema,
  type RobotsRules
} from './robots-rules'
import { isRetryableStatus, isSuccessStatus } from './statuses'
import { decodeText } from './text'
import { orAborted } from '../platform/or-aborted'
import { DAY_SECONDS } from '../../contract/durations'

const entrySchema = z.object({ until: z.number().min(0), rules: rulesSchema })
export const robotsStateSchema = z.record(z.string(), entrySchema)
export type RobotsState = z.infer<typeof robotsStateSchema>

export const PRODUCT = 'Sheaf'
const KEPT_SECONDS = DAY_SECONDS
/** Unreadable rules are requested again after this time. */
const UNREADABLE_SECONDS = 60
const MOST_REDIRECTS = 5
/** RFC 9309 §2.5: the rest may be ignored. */
const MOST_BYTES = 500 * 1024
const TIMEOUT_MS = 30_000
const LONGEST_DELAY_SECONDS = 30

interface Needs {
  readonly clock: Clock
  readonly kept: RobotsState
  readonly slowDown: (host: string, seconds: number) => void
  readonly fetch: (request: NetRequest) => Promise<NetAnswer>
}

type Reading =
  | { readonly kind: 'rules'; readonly rules: RobotsRules; readonly until: number }
  | { readonly kind: 'unreadable'; readonly because: string; readonly until: number; readonly cause: unknown }

export class Robots {
  private readonly readings = new Map<string, Reading>()
  private readonly inProgress = new Map<string, Promise<Reading>>()
  private readonly life = new AbortController()

  constructor(private readonly needs: Needs) {
    const latest = needs.clock.now() + KEPT_SECONDS
    for (const [origin, { rules, until }] of Object.entries(needs.kept)) {
      this.keep(origin, { kind: 'rules', rules, until: Math.min(until, latest) })
    }
  }

  /** Throws ROBOTS_DISALLOWED or ROBOTS_UNREACHABLE; returns when the visit is allowed. */
  async obey(url: URL, signal: AbortSignal): Promise<void> {
    const reading = await this.readingFor(url.origin, signal)
    if (reading.kind === 'unreadable') {
      fail('ROBOTS_UNREACHABLE', `${url.origin}/robots.txt could not be read: ${reading.because}.`, {
        cause: reading.cause,
        retryAt: reading.until,
        facts: { origin: url.origin, because: reading.because }
      })
    }
    const rule = decidingRule(reading.rules, robotsPath(url.href))
    if (rule === null || rule.allow) return
    fail('ROBOTS_DISALLOWED', `${url.host} asks programs not to visit ${url.pathname}.`, {
      facts: { url: url.href, rule: `Disallow: ${rule.pattern}`, line: rule.line }
    })
  }

  save(): RobotsState {
    const now = this.needs.clock.now()
    return Object.fromEntries(
      [...this.readings].flatMap(([origin, reading]) =>
        reading.kind === 'rules' && reading.until > now
          ? [[origin, { until: reading.until, rules: reading.rules }]]
          : []
      )
    )
  }

  close(reason: unknown): void {
    this.life.abort(reason)
  }

  private async readingFor(origin: string, signal: AbortSignal): Promise<Reading> {
    const kept = this.readings.get(origin)
    if (kept !== undefined && kept.until > this.needs.clock.now()) return kept
    const inProgress = this.inProgress.get(origin) ?? this.begin(origin)
    return orAborted(inProgress, signal)
  }

  /** One fetch serves all concurrent callers, so it does not end with the first caller's signal. */
  private begin(origin: string): Promise<Reading> {
    const reading = this.read(origin)
      .then((found) => this.keep(origin, found))
      .finally(() => this.inProgress.delete(origin))
    this.inProgress.set(origin, reading)
    return reading
  }

  private keep(origin: string, reading: Reading): Reading {
    this.readings.set(origin, reading)
    const delay = reading.kind === 'rules' ? reading.rules.crawlDelaySeconds : null
    if (delay !== null && delay > 0) {
      this.needs.slowDown(new URL(origin).host, Math.min(delay, LONGEST_DELAY_SECONDS))
    }
    return reading
  }

  private async read(origin: string): Promise<Reading> {
    try {
      const answer = await this.needs.fetch({
        url: `${origin}/robots.txt`,
        purpose: 'landing',
        headers: { Accept: 'text/plain,*/*;q=0.5' },
        signal: this.life.signal,
        timeoutMs: TIMEOUT_MS,
        maxBytes: Infinity
      })
      return await this.judge(answer)
    } catch (error) {
      // A redirect loop, or a redirect to a forbidden address: no rules are available (§2.3.1.2).
      if (
        isSheafError(error) &&
        ['TOO_MANY_REDIRECTS', 'REDIRECT_REFUSED', 'PRIVATE_ADDRESS'].includes(error.code)
      ) {
        return this.rules(NO_RULES)
      }
      if (this.life.signal.aborted) throw error
      const retryAt = isSheafError(error) ? error.retryAt : undefined
      return this.unreadable(messageOf(error), retryAt ?? null, error)
    }
  }

  private async judge(answer: NetAnswer): Promise<Reading> {
    const { status, retryAt } = answer
    // RFC 9309 §2.3.1.4 names every 5xx; a server that is busy has not answered either.
    if (isRetryableStatus(status) || status >= 500) {
      answer.discard()
      return this.unreadable(`the server answered ${String(status)}`, retryAt, null)
    }
    if (!isSuccessStatus(status) || answer.chain.length - 1 > MOST_REDIRECTS) {
      answer.discard()
      return this.rules(NO_RULES)
    }
    return this.rules(parseRobots(decodeText(await firstBytes(answer), 'charset=utf-8'), PRODUCT))
  }

  private rules(rules: RobotsRules): Reading {
    return { kind: 'rules', rules, until: this.needs.clock.now() + KEPT_SECONDS }
  }

  private unreadable(because: string, retryAt: number | null, cause: unknown): Reading {
    const until = Math.max(retryAt ?? 0, this.needs.clock.now() + UNREADABLE_SECONDS)
    return { kind: 'unreadable', because: because.replace(/\.$/, ''), until, cause }
  }
}

async function firstBytes(answer: NetAnswer): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of answer.body) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes >= MOST_BYTES) break
  }
  return Buffer.concat(chunks).subarray(0, MOST_BYTES)
}
