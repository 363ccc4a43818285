/**
 * Collects the works that wait for look-ups and queries the services in batches (docs/design.md §8). The
 * first worker that needs an answer starts a pass over all due works; each other worker waits only for the
 * service it needs. Answers about recorded works are in the ledger before they are used, so that no query is
 * repeated after a crash.
 */
import type { FallbackPlan } from '../../contract/settings'
import type { LookupPart, LookupService } from '../../contract/lookups'
import type { KeyName } from '../../contract/keys'
import type { ForecastFacts } from '../../contract/lines'
import type { Work } from '../../contract/work'
import type { SourceName } from '../../contract/words'
import { arxivFile } from '../sources/file-urls'
import { LOOKUP_SERVICES, type Lookups } from '../sources/lookups/lookups'
import { learnedFrom, withLearned, type Learned } from '../sources/lookups/learned'
import { SOURCE_OF, runPass, type PassWork } from '../sources/lookups/pass'
import type { Ledger } from '../ledger/ledger'
import { forgetLookups, lookupsOf, saveLookup } from '../ledger/lookups'
import { mergeFacts } from '../ledger/works'
import type { Net } from '../net/net'
import { deferred } from '../platform/deferred'
import type { Host } from '../platform/host'
import type { ReadingMark } from '../platform/reading-mark'
import { Forecast } from './forecast'
import { messageOf } from '../../contract/errors'
import { orAborted } from '../platform/or-aborted'
import { DAY_SECONDS } from '../../contract/durations'

export interface DeskParts {
  readonly host: Host
  readonly ledger: Ledger
  readonly mark: ReadingMark
  readonly net: () => Net
  readonly plan: () => FallbackPlan
  /** no service may be queried now; answers of any age are used */
  readonly isSilent: () => boolean
  readonly mailto: () => string
  readonly keys: (name: KeyName) => string | null
  /** works of the next jobs, the most urgent first */
  readonly upcoming: (most: number) => readonly Work[]
  /** is this work recorded in the ledger? */
  readonly isRecorded: (workId: string) => boolean
  /** called when the queries of a pass have been sent and their answers are pending */
  readonly onAsked?: () => void
}

/** Works in one pass. */
const MOST_WORKS = 400
/** How long a pass waits for more works before it begins. */
const GATHER_MS = 40
/** When the first queries of a pass have been sent, counted from its start. */
const ASKED_MS = 50
/** Answers older than this are queried again. */
export const LOOKUP_HOLDS_SECONDS = DAY_SECONDS
/** Works cached in this process; the oldest are evicted first. */
const MOST_REMEMBERED = 4_000

interface Entry extends PassWork {
  readonly at: number
  /** services with pending answers, each with the promise of its answer */
  readonly open: Map<LookupService, { readonly ended: Promise<void>; readonly end: () => void }>
}

export class LookUpBatches implements Lookups {
  readonly #parts: DeskParts
  readonly #entries = new Map<string, Entry>()
  readonly #wanted = new Map<string, Work>()
  #gathering: Promise<void> | null = null
  #forecast: Forecast
  #stop = new AbortController()

  constructor(parts: DeskParts) {
    this.#parts = parts
    this.#forecast = new Forecast(parts.net)
  }

  /** Starts the forecast of a run: look-ups from now on are counted in it. */
  beginForecast(): void {
    this.#forecast = new Forecast(this.#parts.net)
  }

  /** The forecast from all look-ups so far. */
  forecast(files: number): ForecastFacts | null {
    return this.#forecast.facts(files)
  }

  async part(service: LookupService, work: Work, signal: AbortSignal): Promise<LookupPart | null> {
    if (!isAsked(this.#parts.plan(), SOURCE_OF[service])) return null
    const entry = await this.#entryOf(work, signal)
    await untilEnded(entry?.open.get(service)?.ended, signal)
    return entry?.parts.get(service) ?? null
  }

  /**
   * What the services that identify a work know about it: waits for OpenAlex and arXiv, and adds the other
   * answers present.
   */
  async learned(work: Work, signal: AbortSignal): Promise<Learned> {
    await this.part('openalex', work, signal)
    await this.part('arxiv', work, signal)
    const entry = this.#parts.isSilent() ? await this.#entryOf(work, signal) : this.#entries.get(work.workId)
    this.#forecast.addOnce(work.workId, fileNamedIn(entry?.work ?? work))
    return learnedFrom([...(entry?.parts.values() ?? [])])
  }

  /** Adds works without a job that will be looked up soon: those of a preview. */
  gather(works: readonly Work[]): void {
    for (const work of works) if (!this.#entries.has(work.workId)) this.#wanted.set(work.workId, work)
  }

  /** Discards the answers about this work, in memory and in the ledger. */
  forget(workId: string): void {
    this.drop(workId)
    const { ledger } = this.#parts
    if (ledger.trouble() !== null || !this.#parts.isRecorded(workId)) return
    ledger.transact((w) => forgetLookups(w, workId))
  }

  /** Time of the oldest answer about this work, in epoch seconds; null when there is none. */
  oldestAnswer(workId: string): number | null {
    const parts = [...(this.#entries.get(workId)?.parts.values() ?? [])]
    return parts.length === 0 ? null : Math.min(...parts.map(({ at }) => at))
  }

  /** Discards them in this process only; the caller updates the ledger. */
  drop(workId: string): void {
    this.#entries.delete(workId)
  }

  /** Ends the pending queries: received answers stay, the rest is queried when needed again. */
  stop(reason: Error): void {
    this.#stop.abort(reason)
    this.#stop = new AbortController()
    for (const [workId, entry] of this.#entries) {
      if (entry.open.size === 0) continue
      for (const one of entry.open.values()) one.end()
      this.#entries.delete(workId)
    }
  }

  async #entryOf(work: Work, signal: AbortSignal): Promise<Entry | null> {
    // Not cached: once online again, the services are queried.
    if (this.#parts.isSilent()) return this.#makeEntry(work, { since: 0, isClosed: true })
    const known = this.#entries.get(work.workId)
    const { clock } = this.#parts.host
    if (known !== undefined && clock.now() - known.at < LOOKUP_HOLDS_SECONDS) return known
    this.#entries.delete(work.workId)
    this.#wanted.set(work.workId, work)
    this.#gathering ??= clock.sleep(GATHER_MS).then(() => {
      this.#gathering = null
      this.#begin()
    })
    await untilEnded(this.#gathering, signal)
    return this.#entries.get(work.workId) ?? null
  }

  #begin(): void {
    const { upcoming, ledger } = this.#parts
    const fresh: Entry[] = []
    const take = (work: Work): void => {
      if (fresh.length >= MOST_WORKS || this.#entries.has(work.workId)) return
      const since = this.#parts.host.clock.now() - LOOKUP_HOLDS_SECONDS
      const entry = this.#makeEntry(work, { since, isClosed: false })
      this.#entries.set(work.workId, entry)
      fresh.push(entry)
    }
    for (const work of this.#wanted.values()) take(work)
    for (const entry of fresh) this.#wanted.delete(entry.work.workId)
    if (ledger.trouble() === null) for (const work of upcoming(MOST_WORKS)) take(work)
    this.#makeRoom()
    const stopped = this.#stop.signal
    const pass = runPass(fresh, {
      net: this.#parts.net(),
      mark: this.#parts.mark,
      clock: this.#parts.host.clock,
      mailto: this.#parts.mailto(),
      keys: this.#parts.keys,
      isAsked: (source) => isAsked(this.#parts.plan(), source),
      signal: stopped,
      deliver: (delivered) => {
        this.#keep(delivered)
      },
      close: (about, service) => {
        close(fresh, about, service)
      }
    })
    void this.#parts.host.clock.sleep(ASKED_MS).then(() => this.#parts.onAsked?.())
    void pass
      .catch((error: unknown) => {
        if (!stopped.aborted)
          this.#parts.host.log.warn('Look-ups ended early; sources ask by themselves', {
            because: messageOf(error)
          })
      })
      .finally(() => {
        for (const entry of fresh) for (const service of [...entry.open.keys()]) close(fresh, entry, service)
      })
  }

  #makeEntry(work: Work, how: { readonly since: number; readonly isClosed: boolean }): Entry {
    const { host, ledger, isRecorded } = this.#parts
    const { since, isClosed } = how
    const kept = isRecorded(work.workId) ? ledger.read((r) => lookupsOf(r, work.workId, since)) : []
    const open: Entry['open'] = new Map()
    for (const service of LOOKUP_SERVICES) {
      if (isClosed || kept.some((part) => part.service === service)) continue
      const { promise, resolve } = deferred<undefined>()
      const end = (): void => {
        resolve(undefined)
      }
      open.set(service, { ended: promise, end })
    }
    const parts = new Map(kept.map((part) => [part.service, part]))
    return { work: withLearned(work, learnedFrom(kept)), parts, open, at: host.clock.now() }
  }

  /** Stores the answers of one query in one transaction. A retraction becomes a fact of the work. */
  #keep(delivered: readonly (readonly [PassWork, LookupPart])[]): void {
    const { ledger, host, isRecorded } = this.#parts
    const recorded = delivered.filter(([about]) => isRecorded(about.work.workId))
    if (ledger.trouble() === null && recorded.length > 0) {
      ledger.transact((w) => {
        for (const [about, part] of recorded) {
          saveLookup(w, about.work.workId, part)
          const { retracted } = learnedFrom([part]).facts
          if (retracted !== undefined)
            mergeFacts(w, about.work.workId, { facts: { retracted } }, host.clock.now())
        }
      })
    }
    host.probe('LOOKUP: answered')
    for (const [about, part] of delivered) end(this.#entries.get(about.work.workId), part.service)
  }

  #makeRoom(): void {
    for (const [workId, entry] of this.#entries) {
      if (this.#entries.size <= MOST_REMEMBERED) return
      if (entry.open.size === 0) this.#entries.delete(workId)
    }
  }
}

/** The source is on and in a tier of the plan. */
function isAsked({ policies, tiers }: FallbackPlan, source: SourceName): boolean {
  return policies[source].enabled && tiers.some((tier) => tier.sources.includes(source))
}

/** The first file location of this work in the look-ups, in the order in which sources are queried. */
function fileNamedIn({ ids, locations }: Work): string | null {
  if (ids.pmcid !== undefined) return PMC_BUCKET
  if (ids.arxiv !== undefined) return arxivFile(ids.arxiv)
  return locations.find((one) => one.pdfUrl !== undefined)?.pdfUrl ?? null
}
const PMC_BUCKET = 'https://pmc-oa-opendata.s3.amazonaws.com/'

function close(entries: readonly Entry[], about: PassWork, service: LookupService): void {
  end(
    entries.find((entry) => entry === about),
    service
  )
}

function end(entry: Entry | undefined, service: LookupService): void {
  entry?.open.get(service)?.end()
  entry?.open.delete(service)
}

/** Resolves with the promise; rejects with the signal's reason. */
function untilEnded(promise: Promise<void> | undefined | null, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  return promise === undefined || promise === null ? Promise.resolve() : orAborted(promise, signal)
}
