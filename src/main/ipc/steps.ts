/**
 * The path of a job as a stepper, from the table of states. Pure. A step counts as entered only since the job
 * last started over; an optional step that did not occur (nothing to resume, no new file because the bytes
 * exist) is shown as skipped.
 */
import { STATES, type State } from '../../contract/words'
import type { StepView } from '../../contract/job-views'
import { wordIn, type Row } from './rows'
import { numberIn } from '../../contract/unknown-values'

const PATH = [
  'PLANNED',
  'LEASED',
  'HEAD_DONE',
  'RESUME_OK',
  'STREAMING',
  'FINALIZED',
  'INDEXED',
  'DEDUPED'
] as const satisfies readonly State[]

export interface StepsOf {
  readonly state: State
  readonly createdAt: number
  /** rows of `job_events`, in order; empty for an unrecorded job */
  readonly events: readonly Row[]
}

export function stepsOf(job: StepsOf): StepView[] {
  const entered = enteredAt(job)
  const steps = job.state === 'SKIPPED_DUPLICATE' ? [...PATH.slice(0, -1), job.state] : [...PATH]
  const now = job.state === 'FAILED' ? failedIndex(steps, entered) : steps.indexOf(job.state)
  return steps.map((state, index) => ({
    state,
    status: statusOf(job.state, { state, index, now, was: entered.has(state) }),
    at: entered.get(state) ?? null
  }))
}

function statusOf(
  current: State,
  step: { readonly state: State; readonly index: number; readonly now: number; readonly was: boolean }
): StepView['status'] {
  const { index, now } = step
  if (index === now) {
    if (current === 'FAILED') return 'failed'
    return current === 'DEDUPED' || current === 'SKIPPED_DUPLICATE' ? 'done' : 'now'
  }
  if (index > now) return 'ahead'
  // An unrecorded job has no events: earlier steps count as done.
  return step.was || !MAY_BE_LEFT_OUT.has(step.state) ? 'done' : 'skipped'
}

const MAY_BE_LEFT_OUT: ReadonlySet<State> = new Set(['RESUME_OK', 'FINALIZED', 'INDEXED'])

/** A job fails in the download that it began, or in the step after the last one reached. */
function failedIndex(steps: readonly State[], entered: ReadonlyMap<State, number>): number {
  const last = Math.max(...steps.map((state, index) => (entered.has(state) ? index : 0)))
  const streaming = steps.indexOf('STREAMING')
  // Between HEAD_DONE and the download, a failure belongs to the download.
  if (last >= steps.indexOf('HEAD_DONE') && last <= streaming) return streaming
  return Math.min(last + 1, steps.length - 1)
}

const STARTS_OVER: readonly unknown[] = ['requeued', 'restored', 'removed', 'retry', 'named']

function enteredAt(job: StepsOf): ReadonlyMap<State, number> {
  const entered = new Map<State, number>([['PLANNED', job.createdAt]])
  for (const row of job.events) {
    const at = numberIn(row, 'at') ?? 0
    if (STARTS_OVER.includes(row['kind'])) {
      entered.clear()
      entered.set('PLANNED', at)
    }
    if (row['kind'] !== 'lease' && row['kind'] !== 'state') continue
    const to = wordIn(row, 'to_state', STATES)
    if (to !== null) entered.set(to, at)
  }
  return entered
}
