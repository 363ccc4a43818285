/** Sentences of the hand-off: papers that need the user. */
import { hintOfReason, sentenceOfReason } from '../../contract/reason-words'
import { count, isolate, number } from './figures'
import { MORE_ROWS } from './lists'

export const HANDOFF = {
  title: 'Papers that need you',
  about: (total: number) =>
    `${count(total, 'paper')} could not be fetched automatically. Open a page, save its PDF, then go on with the next one.`,
  back: 'Back to the queue',
  first: 'Open the first page',
  next: 'Open the next page',
  again: 'Start again from the first',
  openedOf: (opened: number, total: number) => `${number(opened)} of ${number(total)} opened`,
  open: 'Open page',
  opened: 'opened',
  attach: 'Attach file…',
  skip: 'Skip',
  history: 'History',
  noTitle: 'No title known',
  more: (left: number) => `Show ${count(Math.min(left, MORE_ROWS), 'more paper')}`,
  noneTitle: 'No paper needs you',
  noneText: 'Papers that could not be fetched automatically are listed here.',
  list: 'Papers that need you',
  watch: 'Watch a download folder…',
  watchAbout:
    'Choose the folder that your browser saves to: a new PDF there is attached automatically when it is surely one of these papers. Your file stays where it is.',
  watching: (folder: string) =>
    `Watching ${isolate(folder)}. A PDF that you save there is attached automatically.`,
  watchBegins: (folder: string) => `Looking at ${isolate(folder)}…`,
  watchGone: (folder: string) =>
    `${isolate(folder)} is not there; its drive may be unplugged. Waiting for it.`,
  change: 'Change…',
  stopWatching: 'Stop watching',
  isIt: (name: string) => `Is ${isolate(name)} this paper?`,
  yes: 'Yes, attach it',
  no: 'No',
  skipped: 'Skipped. It is under Skipped in the queue.'
} as const

/** Why a paper needs the user, and the next step: two sentences. */
export function reasonOf(reason: string | null): { readonly sentence: string; readonly hint: string } {
  if (reason === null) return { sentence: '', hint: '' }
  return { sentence: sentenceOfReason(reason), hint: hintOfReason(reason) }
}
