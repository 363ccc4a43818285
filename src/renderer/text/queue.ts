/** Sentences of the queue and of the job drawer. */
import type { JobGroup, JobSort } from '../../contract/views'
import type { JobActions } from '../../contract/job-views'
import type { State } from '../../contract/words'
import { count, isolate, joined, number } from './figures'

export const GROUP_NAMES: Readonly<Record<JobGroup, string>> = {
  all: 'All',
  waiting: 'Waiting',
  active: 'Active',
  attention: 'Needs attention',
  done: 'Done',
  ignored: 'Skipped'
}

export const SORT_NAMES: Readonly<Record<JobSort, string>> = {
  title: 'Title',
  year: 'Year',
  state: 'State',
  source: 'Source',
  host: 'Host',
  added: 'Added',
  updated: 'Changed'
}

export type JobAction = keyof JobActions | 'copyCitation' | 'copyList' | 'open' | 'read'

export const ACTION_NAMES: Readonly<Record<JobAction, string>> = {
  open: 'Show the history',
  read: 'Read',
  retry: 'Retry',
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel',
  attach: 'Attach file…',
  openLanding: 'Open landing page',
  ignore: 'Skip',
  unignore: 'Unskip',
  remove: 'Remove',
  undoRemove: 'Undo the removal',
  reveal: 'Reveal in folder',
  copyCitation: 'Copy citation',
  copyList: 'Copy list'
}

export const QUEUE = {
  handOff: 'Open their pages one after another…',
  title: 'Queue',
  filters: 'Show',
  search: 'Search the queue',
  searchShort: 'Search',
  table: 'Papers in the queue',
  noTitle: 'Title not known yet',
  sort: 'Sort',
  up: 'ascending',
  down: 'descending',
  more: 'More actions',
  groups: 'Reasons',
  groupsHint: 'Show only these',
  attachWhich: (n: number) => `To which of the ${count(n, 'paper')}?`,
  attachWhichHint: 'Drop the file on its row, or choose Attach file… in the menu of the row.',
  moreReasons: (n: number) => `${count(n, 'more reason')}…`,
  fewerReasons: 'Fewer reasons',
  bulk: 'Selected papers',
  selected: (n: number) => `${number(n)} selected`,
  clear: 'Clear the selection',
  selectAll: 'Select all',
  shown: (n: number) => count(n, 'paper'),
  failed: 'The queue could not be read',
  tryAgain: 'Try again',
  emptyTitle: 'No papers yet',
  emptyText:
    'Paste DOIs, arXiv ids or a whole reference section, or drop a .bib file. Sheaf looks for an open copy of every paper and files it.',
  addPapers: 'Add papers',
  trySample: 'Try it without a network',
  noneTitle: 'Nothing here',
  none: {
    all: 'No paper matches this filter.',
    waiting: 'No paper is waiting.',
    active: 'Nothing is downloading right now.',
    attention: 'No paper needs you.',
    done: 'No paper is finished yet.',
    ignored: 'No paper is skipped.'
  } satisfies Record<JobGroup, string>,
  noneFound: (text: string) => `No paper matches “${isolate(text)}”.`,
  showAll: 'Show all papers',
  reasonFilter: 'Reason',
  sourceFilter: 'Source',
  runFilter: 'One run',
  dropFilter: (what: string) => `No longer only ${what}`,
  width: (column: string) => `Width of ${column}`,
  dropHere: 'Attach to this paper',
  openLink: 'Open in your browser',
  menuOf: (title: string) => `Actions for ${title}`,
  notThatMany: (n: number) =>
    `A range can hold ${number(n)} papers. Ctrl A selects everything that this filter shows.`
} as const

/** Shown after an action, with the number of changed jobs. */
export const DONE_WORDS = {
  retry: (n: number) => `${count(n, 'paper')} queued for retry`,
  pause: (n: number) => `${count(n, 'paper')} paused`,
  resume: (n: number) => `${count(n, 'paper')} resumed`,
  cancel: (n: number) => `${count(n, 'paper')} cancelled`,
  ignore: (n: number) => `${count(n, 'paper')} skipped`,
  unignore: (n: number) => `${count(n, 'paper')} unskipped`,
  copyList: (n: number) => `List of ${count(n, 'paper')} copied`
} as const
export const NOTHING_CHANGED = 'None of these papers changed.'

export const SAID = {
  undo: 'Undo',
  removed: 'Removed from the library',
  removedHint: 'It will not be downloaded again unless you undo this.',
  restored: 'The removal was undone',
  attached: 'The file was attached',
  onlyPdf: 'Only a PDF can be attached to this paper.',
  opened: (n: number, left: number) =>
    left > 0
      ? `Opened ${number(n)} in your browser; ${number(left)} not opened yet`
      : 'Opened in your browser',
  citationCopied: 'Citation copied',
  hashCopied: 'Hash copied',
  rawCopied: 'Raw entry copied',
  provenanceCopied: 'Provenance copied'
} as const

export const ASK = {
  cancelTitle: (n: number) => (n === 1 ? 'Cancel this download?' : `Cancel ${number(n)} downloads?`),
  /** some jobs are known only by a filter: finished ones are left unchanged */
  cancelTitleUpTo: (n: number) => `Cancel up to ${number(n)} downloads?`,
  cancelText: (n: number, others: number) =>
    joined(
      [
        n === 1
          ? 'It stops downloading and moves to Needs attention.'
          : 'They stop downloading and move to Needs attention.',
        'Downloaded bytes are kept; Retry continues from them.',
        others === 0
          ? null
          : others === 1
            ? 'The other selected paper stays as it is.'
            : `The other ${number(others)} selected papers stay as they are.`
      ],
      ' '
    ),
  cancelYes: 'Cancel the download',
  cancelYesMany: 'Cancel the downloads',
  openTitle: (n: number) => `Open ${number(n)} pages in your browser?`,
  openText: (left: number) =>
    left > 0
      ? `Each opens in a tab of its own. ${number(left)} more follow when you choose this again.`
      : 'Each opens in a tab of its own.',
  openYes: (n: number) => `Open ${number(n)} pages`,
  openNo: 'Not now',
  removeTitle: 'Remove this paper?',
  removeText: 'Its file is removed from the library and not downloaded again unless you undo this.',
  removeYes: 'Remove the paper',
  no: 'Keep it'
} as const

export const DRAWER = {
  close: 'Close',
  resize: 'Width of the panel',
  loading: 'Reading the history…',
  failed: 'The history could not be read',
  gone: 'This paper is no longer in the queue',
  goneText: 'It belongs to another library, or its entry was removed.',
  tryAgain: 'Try again',
  sections: 'About this paper',
  history: 'History',
  candidates: 'Candidates',
  file: 'File',
  next: 'Next',
  held: 'A file for this paper waits in the quarantine:',
  showHeld: 'Decide about it',
  step: (label: string, at: number, of: number) => `${label}, step ${String(at)} of ${String(of)}`,
  failedBefore: (label: string, at: number, of: number) =>
    `Stopped before “${label}”, step ${String(at)} of ${String(of)}`,
  failedStep: (label: string, at: number, of: number) =>
    `Stopped at “${label}”, step ${String(at)} of ${String(of)}`,
  stepStatus: {
    done: 'done',
    now: 'now',
    ahead: 'ahead',
    failed: 'failed here',
    skipped: 'not needed'
  },
  steps: {
    PLANNED: 'Added',
    LEASED: 'Started',
    HEAD_DONE: 'Found',
    RESUME_OK: 'Resuming',
    STREAMING: 'Downloading',
    FINALIZED: 'Filed',
    INDEXED: 'Indexed',
    DEDUPED: 'Done',
    FAILED: 'Failed',
    SKIPPED_DUPLICATE: 'Duplicate'
  } satisfies Record<State, string>,
  path: 'Progress of this paper',
  later: (span: string) => `${span} later`,
  stopped: (span: string) => `${span} later, after the interruption`,
  now: 'now',
  showRaw: 'Show raw',
  hideRaw: 'Hide raw',
  copy: 'Copy',
  newest: 'Go to the newest',
  noHistory: 'No history is kept for this paper',
  noHistoryText: 'It was fetched without the ledger (crash-safe downloads were off for it).',
  emptyHistory: 'Nothing has happened yet',
  emptyHistoryText: 'The history begins when Sheaf starts on this paper.',
  noCandidates: 'No candidates yet',
  noCandidatesText: 'A candidate is an address where a source lists a copy.',
  noFile: 'No file yet',
  noFileText: 'Details of the file are shown here after it is downloaded.',
  verdict: { chosen: 'used', rejected: 'rejected', untried: 'not tried', trying: 'being tried' },
  read: 'Read',
  openWith: 'Open with…',
  copyProvenance: 'Copy provenance',
  encrypted: 'encrypted',
  verdictWords: {
    match: 'Right paper',
    unsure: 'Probably the right paper',
    mismatch: 'A different paper'
  }
} as const
