/** Sentences of the import of existing PDFs. */
import type { ImportFate } from '../../contract/import-views'
import { count, isolate, number } from './figures'
import { MORE_ROWS } from './lists'

export const FATE_NAMES: Readonly<Record<ImportFate, string>> = {
  unsure: 'To confirm',
  refused: 'Not taken',
  filed: 'Filed',
  existing: 'In your library already'
}

export const IMPORTS = {
  title: 'PDFs you have',
  about:
    'Each PDF is recognised by what it says of itself, checked, and copied into the library. Your files are only read: never moved, changed or renamed. What is not sure waits here for you.',
  back: 'Back to the library',
  chooseFiles: 'Choose PDFs…',
  chooseFolder: 'Choose a folder…',
  emptyTitle: 'Drop PDFs or a folder anywhere on the window',
  emptyText:
    'Or choose them. A thousand files in one go are fine; the same file is filed once, however often it comes.',
  handing: (given: number, found: number) => `${number(given)} of ${count(found, 'PDF')} handed over`,
  reading: 'Reading…',
  stop: 'Stop',
  shows: 'Show',
  list: 'PDFs you have',
  isIt: 'Is it this paper?',
  noTitle: 'No title known',
  noProposal: 'It is not known which paper this is.',
  accept: 'Yes, file it',
  acceptAll: (rows: number) => `Confirm all ${number(rows)}`,
  other: 'Another paper…',
  otherLabel: (name: string) => `DOI, arXiv id or PMID of ${name}`,
  otherPlaceholder: 'DOI, arXiv id or PMID',
  otherFile: 'File it',
  leave: 'Leave out',
  history: 'History',
  none: (fate: ImportFate) => `No file here: ${FATE_NAMES[fate].toLowerCase()}.`,
  more: (left: number) => `Show ${count(Math.min(left, MORE_ROWS), 'more file')}`,
  ended: (filed: number, unsure: number) =>
    unsure === 0
      ? `${count(filed, 'PDF')} filed.`
      : `${count(filed, 'PDF')} filed, ${number(unsure)} to confirm.`,
  named: (name: string, action: string) => `${action}: ${isolate(name)}`
} as const
