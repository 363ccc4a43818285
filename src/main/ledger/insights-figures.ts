/**
 * The figures of Insights, summed from what was counted of the ledger's rows (`insights-rows.ts`, by the hour), over any
 * time that begins with a whole hour. Pure arithmetic in memory: it reads the ledger for names and recoveries only.
 * This module only counts; `insights` interprets.
 */
import type { Endings } from './insights-queries'
import {
  endOfRecovered,
  HOUR,
  sourceName,
  type AttemptPart,
  type FiledPart,
  type JobPart,
  type LeasePart,
  type LooseAttempts,
  type NameTables,
  type OpPart
} from './insights-rows'
import type { Reader } from './ledger'

export interface Counting {
  /** epoch seconds, a whole hour: only later events count */
  readonly since: number
  /** start for recoveries: they are rare and may be counted over a longer time */
  readonly recoveriesSince: number
  /** whole hours */
  readonly bucketSeconds: number
  /** a named list; null: everything */
  readonly list: string | null
}

export interface InsightsFigures {
  readonly endings: Endings
  /** failed for good and not ignored, by reason */
  readonly failures: ReadonlyMap<string, number>
  /** of downloads, from the first lease to the end; ascending */
  readonly secondsToComplete: readonly number[]
  readonly leaseWaitsMs: readonly number[]
  readonly recoveries: { readonly well: number; readonly badly: number; readonly all: number }
  readonly performed: number
  readonly replayed: number
  readonly bytesFetched: number
  readonly bytesSavedByResume: number
  readonly bytesFetchedTwice: number
  /** by bucket number, counted from `since` */
  readonly papers: ReadonlyMap<number, number>
  readonly bytes: ReadonlyMap<number, number>
  readonly tried: ReadonlyMap<string, number>
  readonly succeeded: ReadonlyMap<string, number>
  readonly legacy: LegacyFigures
}

/** Works that are not recorded: only their attempts remain. */
export interface LegacyFigures {
  readonly works: number
  readonly completed: number
  /** no source had a copy: neither a success nor a failure of fetching */
  readonly withoutCopy: number
  readonly bytesFetchedTwice: number
  /** ascending */
  readonly seconds: readonly number[]
}

/** Yields to other work before each call. */
export type ReadSlice = <T>(ask: (reader: Reader) => T) => Promise<T>

/** What was counted, in parts of a few thousand rows at most, each in the order of the rows. */
export interface Counted {
  readonly names: NameTables
  readonly ops: readonly OpPart[]
  readonly leases: readonly LeasePart[]
  readonly attempts: readonly AttemptPart[]
  readonly filed: readonly FiledPart[]
  readonly jobs: readonly JobPart[]
  readonly recovered: readonly number[]
}

/** Parts that are summed between two yields: a few milliseconds. */
const PARTS_AT_ONCE = 16

async function visit<T>(
  read: ReadSlice,
  parts: readonly T[],
  note: (part: T, r: Reader) => void
): Promise<void> {
  for (let from = 0; from < parts.length; from += PARTS_AT_ONCE) {
    await read((r) => {
      for (const part of parts.slice(from, from + PARTS_AT_ONCE)) note(part, r)
    })
  }
}

function add<K>(counts: Map<K, number>, key: K, more: number): void {
  counts.set(key, (counts.get(key) ?? 0) + more)
}

export async function sumFigures(read: ReadSlice, counted: Counted, how: Counting): Promise<InsightsFigures> {
  const named = new Map<number, number>()
  await visit(read, counted.jobs, (part) => {
    for (const [text, job] of part.named) named.set(text, job)
  })
  const sum = new Sum(how, named, counted.names)
  const { byHand, ...ops } = await sum.ops(read, counted.ops)
  const { firstLeases, leaseWaitsMs } = await sum.leases(read, counted.leases)
  const jobs = await sum.jobs(read, counted.jobs, { byHand, firstLeases })
  const { papers, succeeded } = await sum.filed(read, counted.filed)
  const { tried, ...attempts } = await sum.attempts(read, counted.attempts)
  // A file without an attempt (attached, adopted) counts as requested, too.
  for (const [source, n] of succeeded) tried.set(source, Math.max(n, tried.get(source) ?? 0))
  const recoveries = await sum.recoveries(read, counted.recovered)
  return { ...jobs, ...ops, leaseWaitsMs, recoveries, papers, succeeded, tried, ...attempts }
}

class Sum {
  readonly #how: Counting
  readonly #hour: number
  readonly #named: ReadonlyMap<number, number>
  readonly #names: NameTables

  constructor(how: Counting, named: ReadonlyMap<number, number>, names: NameTables) {
    this.#how = how
    this.#hour = how.since / HOUR
    this.#named = named
    this.#names = names
  }

  async ops(
    read: ReadSlice,
    parts: readonly OpPart[]
  ): Promise<
    Pick<InsightsFigures, 'performed' | 'replayed' | 'bytesSavedByResume' | 'bytesFetchedTwice'> & {
      readonly byHand: ReadonlySet<number>
    }
  > {
    const counts = { performed: 0, replayed: 0, bytesSavedByResume: 0, bytesFetchedTwice: 0 }
    const byHand = new Set<number>()
    await visit(read, parts, (part) => {
      for (const job of part.byHand) byHand.add(this.#job(job))
      for (const [hour, { performed, replayed, saved, twice }] of part.hours) {
        if (hour < this.#hour) continue
        counts.performed += performed
        counts.replayed += replayed
        counts.bytesSavedByResume += saved
        counts.bytesFetchedTwice += twice
      }
    })
    return { ...counts, byHand }
  }

  async leases(
    read: ReadSlice,
    parts: readonly LeasePart[]
  ): Promise<{
    readonly firstLeases: TimesByJob
    readonly leaseWaitsMs: readonly number[]
  }> {
    const firstLeases = new TimesByJob()
    const waits: number[] = []
    await visit(read, parts, (part) => {
      part.at.forEach((at, n) => {
        const job = this.#job(part.jobs[n] ?? 0)
        if (at < firstLeases.of(job)) firstLeases.set(job, at)
        const wait = part.waits[n] ?? Number.NaN
        if (at >= this.#how.since && !Number.isNaN(wait)) waits.push(wait)
      })
    })
    return { firstLeases, leaseWaitsMs: await ascending(read, waits) }
  }

  async jobs(
    read: ReadSlice,
    parts: readonly JobPart[],
    of: { readonly byHand: ReadonlySet<number>; readonly firstLeases: TimesByJob }
  ): Promise<Pick<InsightsFigures, 'endings' | 'failures' | 'secondsToComplete'>> {
    const endings = { done: 0, duplicates: 0, noOpenCopy: 0, cancelled: 0, failed: 0 }
    const failures = new Map<string, number>()
    const seconds: number[] = []
    await visit(read, parts, (part) => {
      part.doneAt.forEach((at, n) => {
        if (at < this.#how.since) return
        endings.done += 1
        const job = part.done[n] ?? 0
        const leased = of.firstLeases.of(job)
        if (leased !== Infinity && !of.byHand.has(job)) seconds.push(Math.max(0, at - leased))
      })
      for (const { hour, isDuplicate, reason, isOpen, jobs } of part.ended) {
        if (hour < this.#hour) continue
        if (isDuplicate) endings.duplicates += jobs
        else {
          endings[endOf(reason)] += jobs
          if (isOpen) add(failures, reason, jobs)
        }
      }
    })
    return { endings, failures, secondsToComplete: await ascending(read, seconds) }
  }

  async filed(
    read: ReadSlice,
    parts: readonly FiledPart[]
  ): Promise<{ readonly papers: Map<number, number>; readonly succeeded: Map<string, number> }> {
    const papers = new Map<number, number>()
    const succeeded = new Map<string, number>()
    await visit(read, parts, (part) => {
      for (const { hour, source, files } of part.files) {
        if (hour < this.#hour) continue
        add(papers, this.#bucket(hour), files)
        if (source !== null) add(succeeded, source, files)
      }
    })
    return { papers, succeeded }
  }

  async attempts(
    read: ReadSlice,
    parts: readonly AttemptPart[]
  ): Promise<
    Pick<InsightsFigures, 'bytesFetched' | 'bytes' | 'legacy'> & { readonly tried: Map<string, number> }
  > {
    let bytesFetched = 0
    const bytes = new Map<number, number>()
    const asked = new Map<number, Jobs>()
    const works = new Map<number, LooseAttempts>()
    const note = (source: number, job: number): void => {
      const jobs = asked.get(source) ?? new Jobs()
      asked.set(source, jobs)
      jobs.add(job)
    }
    await visit(read, parts, (part) => {
      for (const [hour, n] of part.bytes) {
        if (hour < this.#hour) continue
        bytesFetched += n
        add(bytes, this.#bucket(hour), n)
      }
      part.hours.forEach((hour, n) => {
        if (hour >= this.#hour) note(part.sources[n] ?? 0, part.jobs[n] ?? 0)
      })
      for (const loose of part.loose) {
        if (loose.hour < this.#hour) continue
        for (const source of loose.sources) note(source, this.#job(loose.asked))
        if (this.#isLegacy(loose)) works.set(loose.asked, joined(works.get(loose.asked), loose))
      }
    })
    return { bytesFetched, bytes, tried: await this.#byName(read, asked), legacy: legacyFigures(works) }
  }

  async recoveries(read: ReadSlice, recovered: readonly number[]): Promise<InsightsFigures['recoveries']> {
    const jobs = [...new Set(recovered.map((job) => this.#job(job)))]
    const ends = { well: 0, badly: 0, all: jobs.length }
    for (let from = 0; from < jobs.length; from += JOBS_AT_ONCE) {
      await read((r) => {
        for (const job of jobs.slice(from, from + JOBS_AT_ONCE)) {
          const end = endOfRecovered(r, job, this.#names)
          if (end !== null) ends[end] += 1
        }
      })
    }
    return ends
  }

  /** A source may have rows by number and, from before it had one, by text. */
  async #byName(read: ReadSlice, asked: ReadonlyMap<number, Jobs>): Promise<Map<string, number>> {
    const jobs = new Map<string, Jobs>()
    await visit(read, [...asked], ([source, of], r) => {
      const name = sourceName(r, source, this.#names)
      jobs.set(name, jobs.get(name)?.with(of) ?? of)
    })
    return new Map([...jobs].map(([name, of]) => [name, of.size]))
  }

  /** In no list, and its job has no row. */
  #isLegacy({ namesJob, asked }: LooseAttempts): boolean {
    return namesJob && this.#how.list === null && !this.#named.has(asked)
  }

  #job(job: number): number {
    return job < 0 ? (this.#named.get(job) ?? job) : job
  }

  #bucket(hour: number): number {
    return Math.floor((hour * HOUR - this.#how.since) / this.#how.bucketSeconds)
  }
}

/** An array by the numbers of jobs is ten times as fast as a Map of as many. */
const FIRST_ROOM = 1_024

/** A set of jobs. */
class Jobs {
  size = 0
  #isIn = new Uint8Array(FIRST_ROOM)
  readonly #named = new Set<number>()

  add(job: number): void {
    if (job < 0) {
      this.size += this.#named.has(job) ? 0 : 1
      this.#named.add(job)
      return
    }
    if (job >= this.#isIn.length) {
      const more = new Uint8Array(job * 2)
      more.set(this.#isIn)
      this.#isIn = more
    }
    this.size += this.#isIn[job] === 1 ? 0 : 1
    this.#isIn[job] = 1
  }

  with(other: Jobs): this {
    for (const job of other.#named) this.add(job)
    other.#isIn.forEach((isIn, job) => {
      if (isIn === 1) this.add(job)
    })
    return this
  }
}

/** A time for each job; Infinity where there is none. */
class TimesByJob {
  #times = new Float64Array(FIRST_ROOM).fill(Infinity)
  readonly #named = new Map<number, number>()

  of(job: number): number {
    return (job < 0 ? this.#named.get(job) : this.#times[job]) ?? Infinity
  }

  set(job: number, time: number): void {
    if (job < 0) {
      this.#named.set(job, time)
      return
    }
    if (job >= this.#times.length) {
      const more = new Float64Array(job * 2).fill(Infinity)
      more.set(this.#times)
      this.#times = more
    }
    this.#times[job] = time
  }
}

const JOBS_AT_ONCE = 500

function endOf(reason: string): 'noOpenCopy' | 'cancelled' | 'failed' {
  if (reason === 'NO_OPEN_COPY') return 'noOpenCopy'
  return reason === 'CANCELLED' ? 'cancelled' : 'failed'
}

/** Typed arrays sort numbers without a comparison in JavaScript. */
function ascending(read: ReadSlice, values: readonly number[]): Promise<readonly number[]> {
  return read(() => Array.from(Float64Array.from(values).sort()))
}

function joined(before: LooseAttempts | undefined, next: LooseAttempts): LooseAttempts {
  if (before === undefined) return next
  return {
    ...before,
    doneAt: next.doneAt ?? before.doneAt,
    bytes: before.bytes + next.bytes,
    largest: Math.max(before.largest, next.largest),
    hadCopy: before.hadCopy || next.hadCopy
  }
}

function legacyFigures(works: ReadonlyMap<number, LooseAttempts>): LegacyFigures {
  const all = [...works.values()]
  const seconds = all.flatMap((work) =>
    work.doneAt === null ? [] : [Math.max(0, work.doneAt - work.firstAt)]
  )
  return {
    works: all.length,
    completed: seconds.length,
    withoutCopy: all.filter((work) => work.doneAt === null && !work.hadCopy).length,
    bytesFetchedTwice: all.reduce((sum, work) => sum + work.bytes - work.largest, 0),
    seconds: seconds.sort((a, b) => a - b)
  }
}
