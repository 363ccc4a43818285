/** Sentences about what is dropped on the window. */
import { OPENED_FILES } from '../../contract/file-kinds'
import { isolate } from './figures'

export const DROPS = {
  here: 'Drop to add papers',
  hereHint: `PDFs, folders, reference files (${OPENED_FILES}), links and text`,
  textName: 'dropped.txt',
  none: 'No PDF and no reference file is in this folder.',
  noneHint: 'Folders may lie in one another; hidden files are left out.',
  tooLarge: (name: string, most: string) =>
    `${isolate(name)} is larger than ${most}: attach it to its paper instead.`,
  unknown: 'Sheaf cannot read this kind of file.',
  unknownHint: `Drop PDFs, or reference files (${OPENED_FILES}).`
} as const
