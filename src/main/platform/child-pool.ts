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

/** Size: its inner functions share one child, its queue and its timers. */
export function makeChildPool(
  world: { readonly clock: Clock; readonly log: Log; readonly startChild: StartChild },
  modulePath: string,
  wanted: Partial<PoolLimits> = {}
): ChildPool {
  const limits = { ...LIMITS, ...wanted }
  const jobLimits = { cpuMs: limits.cpuMs, residentBytes: limits.residentMegabytes * 1_048_576 }
  const idle: Child[] = []
  const all = new Set<Child>()
  const waiting: (() => void)[] = []
  let busy = 0
  let nextId = 1
  let closed = false
  let stopLooking: (() => void) | null = null

  function start(): Child {
    const port = world.startChild(modulePath, {
      heapMegabytes: limits.heapMegabytes,
      args: [String(limits.heapMegabytes)]
    })
    const child: Child = { port, jobs: 0, idleSinceMs: 0, hear: null }
    all.add(child)
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
      forget(child)
      child.hear?.end({ kind: 'died', ...(lastWords ?? { death: 'crash', because }) }, 0)
    })
    stopLooking ??= world.clock.every(limits.idleMs / 2, endIdle)
    return child
  }

  function forget(child: Child): void {
    all.delete(child)
    const at = idle.indexOf(child)
    if (at >= 0) idle.splice(at, 1)
    if (all.size > 0) return
    stopLooking?.()
    stopLooking = null
  }

  function end(child: Child): void {
    forget(child)
    child.port.kill()
  }

  function endIdle(): void {
    const now = world.clock.monotonicMs()
    for (const child of [...idle]) if (now - child.idleSinceMs > limits.idleMs) end(child)
  }

  async function turn(signal: AbortSignal): Promise<void> {
    if (busy < limits.processes) {
      busy += 1
      return
    }
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = (): void => {
        waiting.splice(waiting.indexOf(go), 1)
        reject(abortError(signal))
      }
      waiting.push(go)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  /** Passes the slot to the next waiting job, or frees it. */
  function pass(): void {
    const next = waiting.shift()
    if (next === undefined) busy -= 1
    else next()
  }

  async function askOnce(kind: string, question: unknown, signal: AbortSignal): Promise<Asked> {
    // It may have been aborted while waiting for the slot.
    signal.throwIfAborted()
    const child = idle.pop() ?? start()
    const id = nextId++
    const { promise: ended, resolve, reject } = deferred<{ asked: Asked; keptBytes: number }>()
    let deadline = new AbortController()
    const expect = (): void => {
      deadline.abort(OVER)
      deadline = new AbortController()
      world.clock.sleep(limits.wallMs, deadline.signal).then(
        () => {
          const because = `it was not done after ${String(Math.round(limits.wallMs / 1000))} s`
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
    child.port.hold(true)
    try {
      expect()
      child.port.post({ id, kind, question, ...jobLimits } satisfies Job)
      const { asked, keptBytes } = await ended
      child.hear = null
      child.jobs += 1
      const isSpent = child.jobs >= limits.mostJobs || keptBytes > limits.keptMegabytes * 1_048_576
      if (asked.kind === 'died' || isSpent || closed) end(child)
      else if (all.has(child)) {
        child.idleSinceMs = world.clock.monotonicMs()
        idle.push(child)
      }
      return asked
    } catch (error) {
      child.hear = null
      end(child)
      throw error
    } finally {
      deadline.abort(OVER)
      signal.removeEventListener('abort', onAbort)
      child.port.hold(false)
    }
  }

  return {
    prepare(kind) {
      if (closed || all.size > 0) return
      const child = start()
      child.port.post({ id: PREPARING, kind, question: null, ...jobLimits } satisfies Job)
      child.port.hold(false)
      child.idleSinceMs = world.clock.monotonicMs()
      idle.push(child)
    },
    async ask(kind, question, signal) {
      signal.throwIfAborted()
      await turn(signal)
      try {
        const first = await askOnce(kind, question, signal)
        // After a limit it would end in the same way; after an external kill the job is retried.
        if (first.kind !== 'died' || first.death !== 'crash') return first
        world.log.warn('A process that reads files ended; it is tried once more', {
          kind,
          because: first.because
        })
        return await askOnce(kind, question, signal)
      } finally {
        pass()
      }
    },
    close() {
      closed = true
      for (const child of [...all]) end(child)
    }
  }
}
