/** Sentences of Add papers. */
import type { CopyView, MatchView, PreviewKind } from '../../contract/add-views'
import { OPENED_FILES, PASTED } from '../../contract/file-kinds'
import { MOST_FILES_AT_ONCE, MOST_PASTED_CHARS } from '../../contract/limits'
import type { ForecastFacts } from '../../contract/lines'
import { DOUBT_WORDS } from '../../contract/match-words'
import { sayUsd } from '../../contract/money'
import { sourceName } from '../../contract/source-names'
import { authors, bytes, count, inLine, isolate, joined, number, span } from './figures'
import { licenseName, versionName } from './names'

export const KIND_NAMES: Readonly<Record<PreviewKind, string>> = {
  new: 'New',
  to_confirm: 'To confirm',
  planned: 'In queue',
  in_library: 'In library',
  removed: 'Removed',
  not_understood: 'Not understood'
}

export const ADD = {
  removedOn: (date: string, by: string): string => `removed on ${date}, by ${by}`,
  title: 'Add papers',
  ways: 'How to add papers',
  paste: 'Paste or drop',
  search: 'Search OpenAlex',
  box: 'References',
  placeholder: `Paste any list of papers: a DOI or a hundred of them, links, a whole reference section …

10.1038/s41586-020-2649-2
arXiv:1706.03762     PMID 31978945     PMC7029158     W2741809807
https://www.biorxiv.org/content/10.1101/2020.05.27.119727v1
@article{harris2020, title = {Array programming with NumPy}, …}`,
  chooseFiles: 'Choose files…',
  filesHint: `${OPENED_FILES} — or drop them here`,
  pastedFile: `${PASTED}.txt`,
  files: 'Files',
  removeFile: (name: string) => `Leave ${name} out`,
  chosen: 'Chosen files',
  opened: 'Opened with Sheaf',
  pasteInstead: 'Paste instead',
  reading: 'Reading…',
  emptyTitle: 'Recognised as you type',
  emptyText: 'What you paste or drop is shown here first. Nothing is added until you press the button.',
  searchEmptyTitle: 'Search by topic',
  searchEmptyText: 'What OpenAlex finds is shown here first. Nothing is added until you press the button.',
  failedTitle: 'That could not be read',
  searchFailedTitle: 'The search did not work',
  again: 'Try again',
  nothingFound: 'OpenAlex knows no such work',
  nothingFoundText: 'Try fewer or other words, or a wider span of years.',
  nothingRead: 'No papers recognised',
  nothingReadText: 'Give a DOI, an arXiv id, a PMID, a link, or a reference as BibTeX or RIS.',
  preview: 'Preview',
  filter: 'Show',
  all: 'All',
  columns: {
    take: 'Take',
    kind: 'State',
    title: 'Paper',
    year: 'Year',
    identifier: 'Identifier',
    origin: 'Source line',
    action: 'Action'
  },
  where: (origin: string | null, line: number | null) => {
    const at = line === null ? '' : `line ${number(line)}`
    if (origin === PASTED) return at
    return joined([origin === null ? null : isolate(origin), at], ', ')
  },
  matching: (done: number, of: number) => `Looking up titles: ${number(done)} of ${number(of)}`,
  expect: 'Find copies',
  expectHint: 'Looks up source, version, licence, size and wait of each new paper. No file is fetched.',
  expecting: (done: number, of: number) => `Looking for copies: ${number(done)} of ${number(of)}`,
  confirmAll: (papers: number) => `Accept ${count(papers, 'match', 'matches')}`,
  confirmAllHint: 'Accepts every paper whose title, first author and year agree (score 0.90 or more)',
  accept: 'Accept',
  accepted: 'Undo',
  whyToConfirm: 'Accept the papers that are meant first.',
  repeated: (times: number) => count(times, 'duplicate'),
  foundOf: (found: number, of: number | null) =>
    of === null ? `Found ${number(found)}` : `Found ${number(found)} of ${number(of)}`,
  available: (shown: number, of: number) => `The first ${number(shown)} of ${number(of)}`,
  take: (name: string) => `Add ${name}`,
  nameless: 'this paper',
  untitled: 'Title not known yet',
  show: 'Show',
  undo: 'Undo',
  requeued: 'Put back into the queue',
  plan: (papers: number) => (papers === 0 ? 'Add papers' : `Add ${count(papers, 'paper')}`),
  planned: (papers: number) => `${count(papers, 'paper')} added`,
  plannedInto: (papers: number, list: string) =>
    papers === 0 ? `In “${isolate(list)}” now` : `${count(papers, 'paper')} added to “${isolate(list)}”`,
  putInList: (papers: number) => `Add ${count(papers, 'paper')} to the list`,
  plannedUntil: (papers: number, of: number) =>
    `${count(papers, 'paper')} added, then you stopped: ${number(of - papers)} left out`,
  planning: (planned: number, of: number) =>
    of === 0 ? 'Adding…' : `Added ${number(planned)} of ${number(of)}…`,
  stopPlanning: 'Stop adding',
  showPlanned: 'Show them',
  cancel: 'Cancel',
  whyNothing: 'Paste, drop or search for something first.',
  whyReading: 'Still reading…',
  whySearching: 'Still searching…',
  whyFailed: 'There is nothing to add.',
  whyNothingNew: 'Nothing here is new.',
  whyAllLeftOut: 'Every new paper is left out.',
  leftOut: (papers: number) => `${number(papers)} left out`,
  tooLong: `This is more text than can be pasted at once (${number(MOST_PASTED_CHARS)} characters). Choose it as a file.`,
  tooLarge: (name: string, most: number) =>
    `${isolate(name)} is larger than ${bytes(most)}. Choose it with “Choose files…” instead.`,
  tooMany: (left: number) =>
    `At most ${number(MOST_FILES_AT_ONCE)} files at once: ${count(left, 'file')} left out.`,
  waits: 'Another file was opened. Its papers are shown after these are added.',
  query: 'Topic',
  yearStart: 'From year',
  yearEnd: 'To year',
  oaOnly: 'Open access only',
  max: 'At most',
  find: 'Search',
  stop: 'Stop',
  wrongQuery: 'Say what to look for.',
  wrongYear: '1000 to 3000',
  wrongSpan: 'Before “From year”',
  wrongMax: '1 to 10,000',
  searching: 'Searching OpenAlex',
  leaveTitle: 'Close without adding?',
  leaveText: (papers: number, pasted: boolean) =>
    joined(
      [
        papers === 0 ? null : `${count(papers, 'new paper')} would not be added.`,
        pasted ? 'What you pasted is discarded.' : null
      ],
      ' '
    ),
  leave: 'Close without adding',
  stay: 'Keep editing'
} as const

/** Shorter waits are not mentioned. */
const LEAST_WAIT_MS = 1_000

/** The source of a paper; the host comes last, where a narrow window truncates it first. */
export function copyText(copy: CopyView): string {
  if (copy.source === null) return 'No open copy known'
  return inLine([
    sourceName(copy.source),
    copy.version === null ? null : versionName(copy.version),
    copy.license === null ? null : licenseName(copy.license),
    copy.bytes === null ? null : bytes(copy.bytes),
    copy.waitMs < LEAST_WAIT_MS ? null : `waits ${span(copy.waitMs / 1000)}`,
    copy.priceUsd === 0 ? 'free' : sayUsd(copy.priceUsd),
    copy.host
  ])
}

/** The forecast of a plan: coverage, time, cost. */
export function forecastText({ works, expected, finish_ms: ms, paid_usd: paid }: ForecastFacts): string {
  return inLine([
    `${number(expected)} of ${number(works)} with an open copy`,
    expected === 0 ? null : `about ${span(Math.max(1, ms / 1000))}`,
    paid === 0 ? 'free' : sayUsd(paid)
  ])
}

/** Letters and digits only, for comparing titles regardless of case, braces and punctuation. */
const lettersOf = (title: string): string => title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')

/** The proposed paper for a reference without an identifier, or why there is none. */
export function matchText(match: MatchView, cited: string | null): string {
  if (match.verdict === 'unanswered') return 'The title could not be looked up now. Add a DOI, or try later.'
  if (match.title === null) return 'No paper with this title was found. Add a DOI or another identifier.'
  const doubt = match.doubt === null ? null : DOUBT_WORDS[match.doubt]
  // The cited title is shown above; repeating it would hide the found paper's authors.
  const isSame = cited !== null && lettersOf(cited) === lettersOf(match.title)
  const found = inLine([isSame ? null : match.title, authors(match.authors), match.venue])
  const score = match.score === null ? null : `score ${match.score.toFixed(2)}`
  return joined([doubt, `Found: ${found === '' ? 'the same title' : found}`, score], ' · ')
}
