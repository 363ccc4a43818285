/**
 * The inside of a process that reads hostile bytes. A thread of it reads; the main thread only watches time and
 * memory, and whether the parent still runs, which it could not while reading. At a limit the process reports
 * which one, and kills itself.
 */
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import { PREPARING, type Death, type Job } from './child-messages'
import type { Report } from './child-report'
import { messageOf } from '../../contract/errors'

/** Answers one kind of question. `step` says that a part is done: the limit of time begins anew. */
export type JobHandler = (question: never, step: () => void) => Promise<unknown>

const LOOK_EVERY_MS = 10
/** How long a process that kills itself waits until its report has been sent. */
const LAST_WORDS_MS = 50

/** Electron gives a utility process its port here. Source: Electron, `process.parentPort`. */
interface UtilityPort {
  on(event: 'message', listener: (event: { readonly data: Job }) => void): void
  postMessage(message: unknown): void
}

export function serveJobs(handlers: Readonly<Record<string, JobHandler>>, moduleUrl: string): void {
  if (isMainThread) keepWatch(moduleUrl)
  else if (workerData === 'jobs') work(handlers)
}

function work(handlers: Readonly<Record<string, JobHandler>>): void {
  const say = (report: Report): void => {
    parentPort?.postMessage(report)
  }
  parentPort?.on('message', ({ id, kind, question }: Job) => {
    const handler = handlers[kind]
    const residentBytes = (): number => process.memoryUsage.rss()
    if (handler === undefined) {
      say({ type: 'failed', id, because: `no reader is named ${kind}`, residentBytes: residentBytes() })
      return
    }
    // The parent is of the same build, and what it asks is its own.
    handler(question as never, () => {
      say({ type: 'step', id })
    }).then(
      (value) => {
        say({ type: 'answer', id, value, residentBytes: residentBytes() })
      },
      (error: unknown) => {
        const because = messageOf(error)
        say({ type: 'failed', id, because, residentBytes: residentBytes() })
      }
    )
  })
  say({ type: 'ready' })
}

function keepWatch(moduleUrl: string): void {
  const port = portOfParent()
  const heapMegabytes = Number(process.argv.at(-1))
  const worker = new Worker(new URL(moduleUrl), {
    workerData: 'jobs',
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes }
  })
  worker.stdout.resume()
  worker.stderr.resume()
  let job: Job | null = null
  let cpuBefore = process.cpuUsage()
  let timer: NodeJS.Timeout | null = null

  const die = (death: Death, because: string): void => {
    const id = job?.id ?? -1
    if (timer !== null) clearInterval(timer)
    port.post({ type: 'dying', id, death, because } satisfies Report, () => {
      process.kill(process.pid, 'SIGKILL')
    })
  }
  const look = (): void => {
    if (job === null) return
    const resident = process.memoryUsage.rss()
    if (resident > job.residentBytes) {
      die('memory', `it took more than ${megabytes(job.residentBytes)} MB of memory`)
      return
    }
    const { user, system } = process.cpuUsage(cpuBefore)
    if ((user + system) / 1000 > job.cpuMs) {
      die('time', `it was not done after ${String(Math.round(job.cpuMs / 1000))} s`)
    }
  }
  const rest = (): void => {
    job = null
    if (timer !== null) clearInterval(timer)
    timer = null
  }
  worker.on('message', (report: Report) => {
    if ('id' in report && report.id === PREPARING) return
    if (report.type === 'step') cpuBefore = process.cpuUsage()
    if (report.type === 'answer' || report.type === 'failed') rest()
    port.post(report)
  })
  worker.on('error', (error: unknown) => {
    const isFull = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    die(isFull ? 'memory' : 'crash', isFull ? 'it took more memory than allowed' : String(error))
  })
  worker.on('exit', () => {
    die('crash', 'the thread that read it ended')
  })
  port.onMessage((next) => {
    if (next.id === PREPARING) {
      // A question may come before this has ended, and is watched alone.
      worker.postMessage(next)
      return
    }
    job = next
    cpuBefore = process.cpuUsage()
    timer ??= setInterval(look, LOOK_EVERY_MS)
    worker.postMessage(job)
  })
  // Ctrl-C in a terminal reaches every process of the command; when this one ends is the parent's to say.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
}

const megabytes = (bytes: number): string => String(Math.round(bytes / 1_048_576))

function isUtilityPort(value: unknown): value is UtilityPort {
  return typeof value === 'object' && value !== null && 'postMessage' in value && 'on' in value
}

interface ParentPort {
  post(report: Report, left?: () => void): void
  /** The parent is of the same build: what it asks is its own. */
  onMessage(listener: (job: Job) => void): void
}

function portOfParent(): ParentPort {
  const utility: unknown = 'parentPort' in process ? process.parentPort : undefined
  if (isUtilityPort(utility)) {
    return {
      post(report, left) {
        utility.postMessage(report)
        if (left !== undefined) setTimeout(left, LAST_WORDS_MS)
      },
      onMessage(listener) {
        utility.on('message', ({ data }) => {
          listener(data)
        })
      }
    }
  }
  endWithParent()
  return {
    post(report, left) {
      process.send?.(report, undefined, undefined, () => left?.())
      if (left !== undefined) setTimeout(left, LAST_WORDS_MS)
    },
    onMessage(listener) {
      process.on('message', listener)
    }
  }
}

/** How often the parent's death is looked for, where its end of the channel did not say so. */
const PARENT_EVERY_MS = 2_000

/**
 * No process outlives its parent, however that ended. The channel may have closed before this line ran,
 * since modules load while events are delivered already: hence the question whether it is open still.
 */
function endWithParent(): void {
  const parent = process.ppid
  const end = (): void => {
    process.kill(process.pid, 'SIGKILL')
  }
  process.on('disconnect', end)
  if (!process.connected) end()
  setInterval(() => {
    if (!process.connected || process.ppid !== parent) end()
  }, PARENT_EVERY_MS)
}
