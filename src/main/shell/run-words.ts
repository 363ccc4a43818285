/**
 * The run as a short text and one number, for tray, menu and dock, and the notifications derived from it.
 * Pure: the result depends only on the session's previous and present state.
 */
import { counted } from '../../contract/counted'
import type { GroupCounts, RunPhase, RunView } from '../../contract/views'

/** “Downloading: 12 of 40 papers” */
export function runLine(run: RunView | null): string {
  if (run === null) return 'Opening the ledger…'
  const { counts } = run
  const left = counts.waiting + counts.active
  switch (run.phase) {
    case 'running':
      return `Downloading: ${papers(left)} to go${timeLeft(run.secondsLeft)}`
    case 'paused':
      return left === 0 ? 'Paused' : `Paused: ${papers(left)} to go`
    case 'offline':
      return 'Offline: continues automatically'
    case 'asleep':
      return 'Asleep: continues automatically'
    case 'stuck':
      return run.because ?? 'Stuck: the disk does not take any more'
    case 'idle':
      return counts.attention > 0
        ? `${papers(counts.attention)} ${counts.attention === 1 ? 'needs' : 'need'} you`
        : 'Nothing to do'
  }
}

export function timeLeft(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds) || seconds < 0) return ''
  if (seconds < 60) return ', less than a minute'
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return `, about ${minutes} min`
  return `, about ${Math.round(minutes / 60)} h`
}

export function papers(count: number): string {
  return counted(count, 'paper')
}

/** Does the button say Pause instead of Resume? */
export function mayPause(phase: RunPhase | null): boolean {
  return phase !== null && phase !== 'paused'
}

export interface DockView {
  /** 0…1; below 0: hidden */
  readonly progress: number
  readonly mode: 'none' | 'normal' | 'paused' | 'error'
  /** papers that need the user; 0: hidden */
  readonly badge: number
}

export function dockView(run: RunView | null): DockView {
  if (run === null) return { progress: -1, mode: 'none', badge: 0 }
  const badge = run.counts.attention
  const none: DockView = { progress: -1, mode: 'none', badge }
  if (run.progress === null || run.counts.waiting + run.counts.active === 0) return none
  const progress = Math.min(1, Math.max(0, run.progress))
  switch (run.phase) {
    case 'running':
      return { progress, mode: 'normal', badge }
    case 'paused':
    case 'offline':
    case 'asleep':
      return { progress, mode: 'paused', badge }
    case 'stuck':
      return { progress, mode: 'error', badge }
    case 'idle':
      return none
  }
}

export interface Notice {
  readonly title: string
  readonly body: string
  /** the screen opened by a click */
  readonly place: 'queue' | 'library' | 'insights'
}

/** State of the notifier between two reports of the session. */
export interface Noticing {
  readonly phase: RunPhase
  /** the counts when the run began */
  readonly before: GroupCounts
}

/**
 * One notification with counts when a run has ended, or when it is stuck; never one per paper. A run that did
 * nothing ends without one.
 */
export function noticeOf(
  kept: Noticing | null,
  run: RunView
): { readonly kept: Noticing; readonly notice: Notice | null } {
  if (kept === null) return { kept: { phase: run.phase, before: run.counts }, notice: null }
  const goesOn = (phase: RunPhase): boolean => phase !== 'idle'
  if (run.phase === 'stuck' && kept.phase !== 'stuck')
    return {
      kept: { ...kept, phase: 'stuck' },
      notice: { title: 'Sheaf cannot go on', body: run.because ?? 'The disk is full.', place: 'queue' }
    }
  if (goesOn(run.phase) || !goesOn(kept.phase)) {
    // Changes between two runs (a paper removed or attached) are not part of the next run's result.
    const before = goesOn(run.phase) && goesOn(kept.phase) ? kept.before : run.counts
    return { kept: { phase: run.phase, before }, notice: null }
  }
  return { kept: { phase: run.phase, before: run.counts }, notice: endNotice(kept.before, run.counts) }
}

function endNotice(before: GroupCounts, after: GroupCounts): Notice | null {
  const done = Math.max(0, after.done - before.done)
  const attention = Math.max(0, after.attention - before.attention)
  if (done === 0 && attention === 0) return null
  const arrived = `${papers(done)} in your library`
  if (attention === 0) return { title: 'All done', body: `${arrived}.`, place: 'library' }
  const need = `${papers(attention)} ${attention === 1 ? 'needs' : 'need'} you`
  return {
    title: done === 0 ? need : 'The run has ended',
    body: done === 0 ? 'Sheaf says why, and what to do next.' : `${arrived}; ${need}.`,
    place: 'queue'
  }
}
