/** Sentences of the frame: rail, run bar, states of the whole. */
import type { Place } from '../../contract/events'
import type { RunPhase } from '../../contract/views'
import { count, isolate } from './figures'

export const PLACE_NAMES: Readonly<Record<Exclude<Place, 'add'>, string>> = {
  queue: 'Queue',
  library: 'Library',
  recover: 'Recover',
  insights: 'Insights',
  settings: 'Settings',
  handoff: 'Papers that need you',
  imports: 'PDFs you have',
  managers: 'Zotero and .bib files',
  report: 'Retrieval report'
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
  tryAgain: 'Try again',
  libraryGone: (folder: string) =>
    `The library folder ${isolate(folder)} is not there. Downloads wait, and nothing is downloaded again.`,
  libraryOther: (folder: string) =>
    `Another library is in the folder ${isolate(folder)}. Downloads wait, and nothing is downloaded again.`,
  libraryHint: (papers: number) =>
    papers === 0
      ? 'Connect its drive, or show where it is now.'
      : `It holds ${count(papers, 'file')}. Connect its drive, or show where it is now.`,
  lookAgain: 'Look again',
  findFolder: 'Find the folder…',
  startNew: 'Start a new library…',
  startNewTitle: 'Start a new library?',
  startNewText: (folder: string) =>
    `New papers go into ${isolate(folder)}. Papers of the former library stay where they are; those that cannot be reached are not downloaded again.`,
  startNewConfirm: 'Start a new library',
  keepWaiting: 'Keep waiting',
  libraryStillMissing: 'The library is still not there.',
  rebuildOffer:
    'The library folder holds papers that this app does not know yet, such as after a move from another computer.',
  rebuild: 'Add them all',
  rebuilt: (files: number, problems: number) =>
    problems === 0
      ? `${count(files, 'paper')} recognised. Nothing was downloaded.`
      : `${count(files, 'paper')} recognised, ${count(problems, 'problem')}.`
} as const
