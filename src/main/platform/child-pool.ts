/**
 * A pool of child processes that parse untrusted bytes, one job each at a time. A job that exceeds its time
 * or memory limit costs only its process: it is killed and replaced, and the job gets a result that says so.
 * Invariant: no job blocks this process, and no child outlives its use or its owner.
 */
import type { ChildPort, StartChild } from './child-process'
import { PREPARING, type Death, type Job } from './child-messages'
import { reportSchema } from './child-report'
import { OVER } from './ended-with'
import type { Clock } from './host'
import type { Log } from './log'
import { abortError } from './or-aborted'
import { deferred } from './deferred'
import { Slots } from './slots'

export type Asked =
  | { readonly kind: 'answer'; readonly value: unknown }
  /** the handler threw */
  | { readonly kind: 'failed'; readonly because: string }
  /** the process died */
  | { readonly kind: 'died'; readonly death: Death; readonly because: string }

export interface ChildPool {
  /** Rejects only with the signal's reason; then the process that worked on it is killed. */
  ask(kind: string, question: unknown, signal: AbortSignal): Promise<Asked>
  /** Starts a process if none runs, and lets it load the libraries for `kind` before the first job. */
  prepare(kind: string): void
  close(): void
}

export interface PoolLimits {
  readonly processes: number
  /** CPU time limit of one job, or of one step */
  readonly cpuMs: number
  /** wall-clock limit of one job or step, however little CPU time it got */
  readonly wallMs: number
  readonly residentMegabytes: number
  readonly heapMegabytes: number
  /** idle time after which a process ends */
  readonly idleMs: number
  /** a process ends after this many jobs, or when it keeps more memory than this after one */
  readonly mostJobs: number
  readonly keptMegabytes: number
}

/** Resident memory is checked every 10 ms; allocations in between fit into the rest of 500 MB. */
export const LIMITS: PoolLimits = {
  processes: 2,
  cpuMs: 10_000,
  wallMs: 30_000,
  residentMegabytes: 420,
  heapMegabytes: 320,
  idleMs: 60_000,
  // A start costs one second of CPU time: once per 1,000 papers.
  mostJobs: 1_000,
  keptMegabytes: 250
}

interface Child {
  readonly port: ChildPort
  jobs: number
  idleSinceMs: number
  /** callback of the current job; null when idle */
  hear: Hear | null
}
interface Hear {
  readonly id: number
  readonly step: () => void
  readonly end: (asked: Asked, keptBytes: number) => void
}

interface Ended {
  readonly asked: Asked
  readonly keptBytes: number
}

interface World {
  readonly clock: Clock
  readonly log: Log
  readonly startChild: StartChild
}

export function makeChildPool(world: World, modulePath: string, wanted: Partial<PoolLimits> = {}): ChildPool {
  return new Pool(world, modulePath, { ...LIMITS, ...wanted })
}

class Pool implements ChildPool {
  readonly #world: World
  readonly #modulePath: string
  readonly #limits: PoolLimits
  readonly #jobLimits: Pick<Job, 'cpuMs' | 'residentBytes'>
  readonly #slots: Slots
  readonly #idle: Child[] = []
  readonly #all = new Set<Child>()
  #nextId = 1
  #isClosed = false
  #stopLooking: (() => void) | null = null

  constructor(world: World, modulePath: string, limits: PoolLimits) {
    this.#world = world
    this.#modulePath = modulePath
    this.#limits = limits
    this.#jobLimits = { cpuMs: limits.cpuMs, residentBytes: limits.residentMegabytes * 1_048_576 }
    this.#slots = new Slots(limits.processes)
  }

  prepare(kind: string): void {
    if (this.#isClosed || this.#all.size > 0) return
    const child = this.#start()
    child.port.post({ id: PREPARING, kind, question: null, ...this.#jobLimits } satisfies Job)
    child.port.hold(false)
    this.#rest(child)
  }

  async ask(kind: string, question: unknown, signal: AbortSignal): Promise<Asked> {
    signal.throwIfAborted()
    await this.#slots.take(signal)
    try {
      const first = await this.#askOnce(kind, question, signal)
      // After a limit it would end in the same way; after an external kill the job is retried.
      if (first.kind !== 'died' || first.death !== 'crash') return first
      this.#world.log.warn('A process that reads files ended; it is tried once more', {
        kind,
        because: first.because
      })
      return await this.#askOnce(kind, question, signal)
    } finally {
      this.#slots.give()
    }
  }

  close(): void {
    this.#isClosed = true
    for (const child of [...this.#all]) this.#end(child)
  }

  #start(): Child {
    const { heapMegabytes, idleMs } = this.#limits
    const port = this.#world.startChild(this.#modulePath, { heapMegabytes, args: [String(heapMegabytes)] })
    const child: Child = { port, jobs: 0, idleSinceMs: 0, hear: null }
    this.#all.add(child)
    let lastWords: { readonly death: Death; readonly because: string } | null = null
    port.onMessage((message) => {
      const report = reportSchema.safeParse(message).data
      if (report === undefined || report.type === 'ready') return
      if (report.type === 'dying') {
        lastWords = report
        // It ends by itself if it can; it is killed in any case.
        port.kill()
        return
      }
      const { hear } = child
      if (hear?.id !== report.id) return
      if (report.type === 'step') hear.step()
      else if (report.type === 'failed') {
        hear.end({ kind: 'failed', because: report.because }, report.residentBytes)
      } else hear.end({ kind: 'answer', value: report.value }, report.residentBytes)
    })
    port.onGone((because) => {
      this.#forget(child)
      child.hear?.end({ kind: 'died', ...(lastWords ?? { death: 'crash', because }) }, 0)
    })
    this.#stopLooking ??= this.#world.clock.every(idleMs / 2, () => {
      this.#endIdle()
    })
    return child
  }

  #rest(child: Child): void {
    child.idleSinceMs = this.#world.clock.monotonicMs()
    this.#idle.push(child)
  }

  #forget(child: Child): void {
    this.#all.delete(child)
    const at = this.#idle.indexOf(child)
    if (at >= 0) this.#idle.splice(at, 1)
    if (this.#all.size > 0) return
    this.#stopLooking?.()
    this.#stopLooking = null
  }

  #end(child: Child): void {
    this.#forget(child)
    child.port.kill()
  }

  #endIdle(): void {
    const now = this.#world.clock.monotonicMs()
    for (const child of [...this.#idle]) if (now - child.idleSinceMs > this.#limits.idleMs) this.#end(child)
  }

  async #askOnce(kind: string, question: unknown, signal: AbortSignal): Promise<Asked> {
    // It may have been aborted while waiting for the slot.
    signal.throwIfAborted()
    const child = this.#idle.pop() ?? this.#start()
    const { mostJobs, keptMegabytes } = this.#limits
    child.port.hold(true)
    try {
      const { asked, keptBytes } = await this.#work(child, { kind, question }, signal)
      child.jobs += 1
      const isSpent = child.jobs >= mostJobs || keptBytes > keptMegabytes * 1_048_576
      if (asked.kind === 'died' || isSpent || this.#isClosed) this.#end(child)
      else if (this.#all.has(child)) this.#rest(child)
      return asked
    } catch (error) {
      this.#end(child)
      throw error
    } finally {
      child.port.hold(false)
    }
  }

  /** One job in this process. Rejects only with the signal's reason; a job over its time has died. */
  async #work(
    child: Child,
    job: { readonly kind: string; readonly question: unknown },
    signal: AbortSignal
  ): Promise<Ended> {
    const { wallMs } = this.#limits
    const id = this.#nextId++
    const { promise: ended, resolve, reject } = deferred<Ended>()
    let deadline = new AbortController()
    const expect = (): void => {
      deadline.abort(OVER)
      deadline = new AbortController()
      this.#world.clock.sleep(wallMs, deadline.signal).then(
        () => {
          const because = `it was not done after ${String(Math.round(wallMs / 1000))} s`
          resolve({ asked: { kind: 'died', death: 'time', because }, keptBytes: 0 })
        },
        () => undefined
      )
    }
    const onAbort = (): void => {
      reject(abortError(signal))
    }
    signal.addEventListener('abort', onAbort, { once: true })
    child.hear = {
      id,
      step: expect,
      end: (asked, keptBytes) => {
        resolve({ asked, keptBytes })
      }
    }
    try {
      expect()
      child.port.post({ id, ...job, ...this.#jobLimits } satisfies Job)
      return await ended
    } finally {
      child.hear = null
      deadline.abort(OVER)
      signal.removeEventListener('abort', onAbort)
    }
  }
}
