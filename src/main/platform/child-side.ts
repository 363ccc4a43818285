/**
 * The child side of a pool, which parses untrusted bytes. The work runs in a worker thread; the main thread
 * only checks time, memory and the parent process, which would be impossible while parsing. At a limit the
 * process reports which one, and kills itself.
 */
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import { PREPARING, type Death, type Job } from './child-messages'
import type { Report } from './child-report'
import { systemCode } from './files'
import { STOP_SIGNALS } from './stop-signals'
import { messageOf } from '../../contract/errors'

/** A handler for each kind of job. `step` reports a finished part: the time limit restarts. */
type JobHandlers<Questions> = {
  readonly [K in keyof Questions]: (question: Questions[K], step: () => void) => Promise<unknown>
}

/** A message of the parent, which is of the same build: its kind tells the type of its question. */
interface JobOf<Questions, K extends keyof Questions> {
  readonly id: number
  readonly kind: K
  readonly question: Questions[K]
}

const LOOK_EVERY_MS = 10
/** Delay before a process kills itself, so that its report is sent. */
const LAST_WORDS_MS = 50

/** Electron provides the port of a utility process here. Source: Electron, `process.parentPort`. */
interface UtilityPort {
  on(event: 'message', listener: (event: { readonly data: Job }) => void): void
  postMessage(message: unknown): void
}

export function serveJobs<Questions>(handlers: JobHandlers<Questions>, moduleUrl: string): void {
  if (isMainThread) keepWatch(moduleUrl)
  else if (workerData === 'jobs') work(handlers)
}

function work<Questions>(handlers: JobHandlers<Questions>): void {
  const say = (report: Report): void => {
    parentPort?.postMessage(report)
  }
  const answer = <K extends keyof Questions>({ id, kind, question }: JobOf<Questions, K>): void => {
    const residentBytes = (): number => process.memoryUsage.rss()
    if (!Object.hasOwn(handlers, kind)) {
      const because = `no reader is named ${String(kind)}`
      say({ type: 'failed', id, because, residentBytes: residentBytes() })
      return
    }
    handlers[kind](question, () => {
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
  }
  parentPort?.on('message', answer)
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
    const isFull = systemCode(error) === 'ERR_WORKER_OUT_OF_MEMORY'
    die(isFull ? 'memory' : 'crash', isFull ? 'it took more memory than allowed' : String(error))
  })
  worker.on('exit', () => {
    die('crash', 'the thread that read it ended')
  })
  port.onMessage((next) => {
    if (next.id === PREPARING) {
      // A job may arrive before this has ended, and is limited separately.
      worker.postMessage(next)
      return
    }
    job = next
    cpuBefore = process.cpuUsage()
    timer ??= setInterval(look, LOOK_EVERY_MS)
    worker.postMessage(job)
  })
  // Ctrl-C in a terminal reaches every process of the command; the parent decides when this one ends.
  for (const signal of STOP_SIGNALS) process.on(signal, () => undefined)
}

const megabytes = (bytes: number): string => String(Math.round(bytes / 1_048_576))

function isUtilityPort(value: unknown): value is UtilityPort {
  return typeof value === 'object' && value !== null && 'postMessage' in value && 'on' in value
}

interface ParentPort {
  post(report: Report, left?: () => void): void
  /** The parent is the same build: its messages are trusted. */
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

/** Interval for checking the parent, where the closed channel did not report its death. */
const PARENT_EVERY_MS = 2_000

/**
 * No child outlives its parent, whatever ended it. The channel may have closed before this line ran, since
 * events are delivered while modules load: hence the check whether it is still open.
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
