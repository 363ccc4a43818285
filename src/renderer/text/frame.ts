/** Sentences of the frame: rail, run bar, states of the whole. */
import type { Place } from '../../contract/events'
import type { RunPhase } from '../../contract/views'

export const PLACE_NAMES: Readonly<Record<Exclude<Place, 'add'>, string>> = {
  queue: 'Queue',
  library: 'Library',
  recover: 'Recover',
  insights: 'Insights',
  settings: 'Settings'
}

export const PHASE_NAMES: Readonly<Record<RunPhase, string>> = {
  idle: 'Idle',
  running: 'Running',
  paused: 'Paused',
  offline: 'Offline',
  asleep: 'Asleep',
  stuck: 'Stalled'
}

export const FRAME = {
  addPapers: 'Add papers',
  pause: 'Pause',
  resume: 'Resume',
  active: 'active',
  waiting: 'waiting',
  attention: 'need attention',
  done: 'done',
  noLimit: 'no limit',
  nothingLeft: 'nothing to do',
  overall: 'Overall progress',
  sample: 'This is the sample library. Nothing leaves this computer.',
  leaveSample: 'Leave the sample',
  opening: 'Opening your library…',
  failedTitle: 'This screen had a problem',
  failedText: 'Nothing is lost: downloads continue in the background.',
  tryAgain: 'Try again'
} as const
