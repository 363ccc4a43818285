/** Works that nobody remembers, in the order in which they were asked for (the switch is off). */
import type { Line } from '../../contract/lines'
import type { Work } from '../../contract/work'
import type { Format } from '../../contract/words'
import type { Ledger } from '../ledger/ledger'
import type { Host } from '../platform/host'
import type { HeldJob } from './journey'
import { PlainKeeper } from './plain-keeper'
import { groupOf, type Load, type Supply } from './supply'

export interface PlainTask {
  readonly work: Work
  readonly jobId: string
  readonly canonicalUrl: string
  readonly format: Format
}

interface Waiting extends PlainTask {
  attempt: number
  notBefore: number
}

export interface PlainSupplyParts {
  readonly host: Host
  readonly ledger: Ledger
  readonly runId: string
  readonly emit: (line: Line) => void
}

/** How many waiting tasks are looked at for the sake of fairness to hosts. */
const WINDOW = 256

/** A supply whose tasks come back when they ended unfinished or may be tried again. */
export function plainSupply(parts: PlainSupplyParts, tasks: readonly PlainTask[]): Supply {
  const waiting: Waiting[] = tasks.map((task) => ({ ...task, attempt: 1, notBefore: 0 }))
  return {
    take(busy) {
      const now = parts.host.clock.now()
      const due = waiting.slice(0, WINDOW).filter((task) => task.notBefore <= now)
      const first = due.sort((a, b) => busy(groupOfTask(a)) - busy(groupOfTask(b)))[0]
      if (first === undefined) return null
      waiting.splice(waiting.indexOf(first), 1)
      return loadOf(parts, first, waiting)
    },
    nextDueAt: () => (waiting.length === 0 ? null : Math.min(...waiting.map((task) => task.notBefore)))
  }
}

function groupOfTask(task: PlainTask): string {
  return groupOf({ host: null, canonicalUrl: task.canonicalUrl })
}

function loadOf(parts: PlainSupplyParts, task: Waiting, waiting: Waiting[]): Load {
  const job: HeldJob = {
    jobId: task.jobId,
    workId: task.work.workId,
    artifactId: `${task.work.workId}#${task.format}`,
    canonicalUrl: task.canonicalUrl,
    format: task.format,
    attempt: task.attempt,
    beganAt: 0
  }
  return {
    job,
    work: task.work,
    group: groupOfTask(task),
    begin() {
      const keeper = new PlainKeeper({ ...parts, job, work: task.work })
      return {
        keeper,
        end() {
          const ended = keeper.end
          if (ended === null) return
          const again = ended.kind === 'open' ? (ended.notBefore ?? 0) : ended.nextAttemptAt
          if (again === null) return
          waiting.push({
            ...task,
            attempt: task.attempt + (ended.kind === 'failed' ? 1 : 0),
            notBefore: again
          })
        }
      }
    }
  }
}
