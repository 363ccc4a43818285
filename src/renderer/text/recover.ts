/** Sentences of the Recover screen. */
import type { FindingKind } from '../../contract/recover-views'
import { count } from './figures'

export const RECOVER = {
  title: 'Recover',
  agree: 'Ledger and disk agree.',
  never: 'Ledger and disk have not been compared yet.',
  about:
    'Sheaf compares its ledger with the files on disk at every start, after sleep, and every five minutes while it works. You can ask for it at any time.',
  checkNow: 'Check now',
  verify: 'Verify every file',
  verifyAbout: 'Reads every file again and compares its hash with the ledger.',
  cancel: 'Cancel',
  checking: 'Comparing ledger and disk',
  verifying: 'Reading every file again',
  quarantine: 'Quarantine',
  quarantineAbout:
    'Files that did not look like the paper asked for, and damaged files. Nothing here is in your library.',
  noQuarantine: 'No file waits for your verdict.',
  read: 'Look at it',
  accept: 'It is the paper',
  reject: 'Not the paper',
  discard: 'Discard',
  showJob: 'Show job',
  unknown: 'Unknown files',
  unknownAbout:
    'They lie in the library folder, and no operation of Sheaf explains them. They are never touched.',
  noUnknown: 'Every file in the library folder is known.',
  reveal: 'Reveal',
  past: 'Past checks',
  noPast: 'No check has been made yet.',
  nothingFound: 'Nothing had to be mended.',
  under: 'under way or interrupted',
  dismiss: 'Dismiss',
  story: 'Show what was done'
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
  stale_leases: (n) => `${count(n, 'lease')} recovered`,
  abandoned_ops: (n) => `${count(n, 'operation')} without an outcome`,
  parts_kept: (n) => `${count(n, 'unfinished download')} kept`,
  parts_removed: (n) => `${count(n, 'stray part')} removed`,
  relinked: (n) => `${count(n, 'paper')} linked again`,
  requeued: (n) => `${count(n, 'paper')} back to work`,
  quarantined: (n) => `${count(n, 'damaged file')} set aside`,
  adopted: (n) => `${count(n, 'file')} adopted`,
  unknown_files: (n) => count(n, 'unknown file')
}
export function finding(kind: FindingKind, n: number): string {
  return FINDINGS[kind](n)
}
