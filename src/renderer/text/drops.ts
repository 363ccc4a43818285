/** Sentences about what is dropped on the window. */
import { isolate } from './figures'

export const DROPS = {
  here: 'Drop to add papers',
  hereHint: 'PDFs, folders, reference files (.bib, .ris, .nbib, .json, .csv, .txt), links and text',
  textName: 'dropped.txt',
  none: 'No PDF and no reference file is in this folder.',
  noneHint: 'Folders may lie in one another; hidden files are left out.',
  tooLarge: (name: string, most: string) =>
    `${isolate(name)} is larger than ${most}: attach it to its paper instead.`,
  unknown: 'Sheaf cannot read this kind of file.',
  unknownHint: 'Drop PDFs, or a .bib, .ris, .nbib, .json, .csv or .txt file.'
} as const
