/** Sentences of the Recover screen. */
import type { FindingKind, FindingView, InterruptionView } from '../../contract/recover-views'
import { bytes, count, isSameDay, joined, listed, number, onDay, shareKnown, timeOfDay } from './figures'

export const RECOVER = {
  title: 'Check and repair',
  agree: 'No problems found.',
  never: 'The files have not been checked yet.',
  about:
    'Sheaf compares its records with the files on disk at every start, after sleep, and every five minutes while downloading. You can check at any time.',
  checkNow: 'Check now',
  verify: 'Verify every file',
  verifyAbout: 'Reads every file again and compares its hash with the recorded one.',
  cancel: 'Cancel',
  checking: 'Checking files',
  verifying: 'Reading every file again',
  quarantine: 'Quarantine',
  quarantineAbout:
    'Files that did not look like the paper asked for, and damaged files. Nothing here is in your library.',
  noQuarantine: 'No file is waiting for your decision.',
  read: 'Preview',
  accept: 'Accept',
  reject: 'Reject',
  discard: 'Discard',
  showJob: 'Show job',
  unknown: 'Unknown files',
  unknownAbout:
    'These files are in the library folder, but Sheaf did not put them there. Sheaf never changes them.',
  noUnknown: 'Every file in the library folder is known.',
  reveal: 'Reveal',
  past: 'Past checks',
  noPast: 'No check has been made yet.',
  nothingFound: 'No problems found.',
  under: 'in progress or interrupted',
  dismiss: 'Dismiss',
  showDone: 'Show what was done',
  accepted: 'Filed as the paper that was asked for.',
  rejected: 'Rejected. The other sources are tried again when you retry the job.',
  noTitle: 'No title known',
  damaged: 'damaged',
  anotherPaper: 'another paper?',
  evidence: 'Evidence'
} as const

const WHY: Readonly<Record<string, string>> = {
  start: 'At start',
  demand: 'You asked for it',
  verify: 'Every file verified',
  resume: 'After sleep',
  periodic: 'Every five minutes',
  cli: 'From the command line',
  switch: 'When crash-safe downloads were turned on'
}
export function whyChecked(why: string): string {
  return WHY[why] ?? why
}

const FINDINGS: Readonly<Record<FindingKind, (n: number) => string>> = {
  stale_leases: (n) => `${count(n, 'download')} resumed`,
  abandoned_ops: (n) => count(n, 'unfinished step'),
  parts_kept: (n) => `${count(n, 'unfinished download')} kept`,
  parts_removed: (n) => `${count(n, 'leftover partial file')} removed`,
  relinked: (n) => `${count(n, 'paper')} linked again`,
  requeued: (n) => `${count(n, 'paper')} queued again`,
  quarantined: (n) => `${count(n, 'damaged file')} moved to quarantine`,
  adopted: (n) => `${count(n, 'file')} adopted`,
  unknown_files: (n) => count(n, 'unknown file')
}
export function finding(kind: FindingKind, n: number): string {
  return FINDINGS[kind](n)
}

const OP_NAMES: Readonly<Record<string, string>> = {
  RESOLVE: 'Looking for copies',
  HEAD: 'Checking the copy',
  STREAM: 'The download',
  FINALIZE: 'Filing',
  INDEX: 'Adding to the library',
  DEDUPE: 'Looking for duplicates',
  RENAME: 'Renaming'
}

const RECOVERIES: Readonly<Record<string, string>> = {
  adopted: 'its result was found in place and taken over',
  continued: 'it went on from the bytes on disk',
  redone: 'it was done again'
}

const FINDING_SENTENCES: Readonly<Record<Exclude<FindingKind, 'abandoned_ops'>, string>> = {
  stale_leases: 'Interrupted; it will continue.',
  parts_kept: 'Its unfinished bytes were kept; the download continues from them.',
  parts_removed: 'Unfinished bytes that no waiting download needs were removed.',
  relinked: 'Its file or its readable name was missing and was restored from the same bytes.',
  requeued: 'Its file was missing. It is queued again.',
  quarantined: 'Its file was damaged. It is kept in the quarantine.',
  adopted: 'The file was there already and complete. Nothing was downloaded.',
  unknown_files: 'Sheaf did not put this file here. It was not changed.'
}

/** How a check handled one finding. */
export function findingSentence(finding: FindingView): string {
  if (finding.kind !== 'abandoned_ops') return FINDING_SENTENCES[finding.kind]
  const op = OP_NAMES[finding.opKind ?? ''] ?? 'A step'
  const since = RECOVERIES[finding.recovery ?? '']
  return since === undefined
    ? `${op} was unfinished. Sheaf checks its result before doing it again.`
    : `${op} was unfinished; ${since}.`
}

/** “Interrupted at 14:03. 3 downloads resumed; 2 downloads continue at 64 % and 12 %.” */
export function interruptionInWords(view: InterruptionView, now = Date.now() / 1000): string {
  const { wasInterrupted, at, leases, downloads, damage } = view
  const when = at === null ? 'Sheaf was interrupted.' : `Interrupted ${dayAndTime(at, now)}.`
  const done = [leases === 0 ? null : FINDINGS.stale_leases(leases), continued(downloads)]
  const after = joined(done, '; ')
  return joined(wasInterrupted ? [when, after === '' ? null : `${after}.`, damage] : [damage], ' ')
}

/** “at 14:03”, “on 3 May at 14:03” */
function dayAndTime(at: number, now: number): string {
  const time = `at ${timeOfDay(at)}`
  return isSameDay(at, now) ? time : `on ${onDay(at, now)} ${time}`
}

/** “2 downloads continue at 64 % and 12 %”; of many, only the first has a position. */
function continued(downloads: InterruptionView['downloads']): string {
  const places = downloads
    .filter((download) => download.bytes > 0)
    .map((download) => shareKnown(download.bytes, download.totalBytes) ?? bytes(download.bytes))
  const [first] = places
  if (first === undefined) return ''
  if (places.length === 1) return `1 download continues at ${first}`
  const named = places.length > 3 ? `, the first at ${first}` : ` at ${listed(places)}`
  return `${number(places.length)} downloads continue${named}`
}
