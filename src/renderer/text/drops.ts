/** Sentences about what is dropped on the window. */
export const DROPS = {
  here: 'Drop to add papers',
  hereHint: 'Reference files (.bib, .ris, .nbib, .json, .csv, .txt), links and text',
  textName: 'dropped.txt',
  pdf: 'A PDF belongs to a paper.',
  pdfHint: 'Drop it on the row of its paper in the queue.',
  unknown: 'Sheaf cannot read references from this kind of file.',
  unknownHint: 'Drop a .bib, .ris, .nbib, .json, .csv or .txt file.'
} as const
