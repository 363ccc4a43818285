/** Sentences of the reader. */
import { number } from './figures'

export const READER = {
  region: 'Reader',
  tools: 'Reader tools',
  back: 'Back to the library',
  sidebar: 'Sidebar',
  pages: 'Pages',
  outline: 'Outline',
  sidebarShows: 'Sidebar shows',
  noOutline: 'This paper has no outline.',
  previousPage: 'Previous page',
  nextPage: 'Next page',
  page: 'Page',
  zoom: 'Zoom',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fitWidth: 'Fit width',
  fitPage: 'Fit page',
  rotate: 'Rotate',
  find: 'Find in document',
  findShort: 'Find',
  nextMatch: 'Next match',
  previousMatch: 'Previous match',
  matchCase: 'Match case',
  closeFind: 'Close the search',
  noMatch: 'Not found',
  searching: 'Searching…',
  darkPages: 'Dark pages',
  copyCitation: 'Copy citation',
  reveal: 'Reveal in folder',
  provenance: 'Provenance',
  opening: 'Opening…',
  document: 'Document',
  verify: 'Verify',
  openWith: 'Open with…',
  tryAgain: 'Try again',
  passwordTitle: 'This file asks for a password',
  passwordText: 'It is protected by its creator. Sheaf does not keep the password.',
  passwordWrong: 'That is not the password.',
  password: 'Password',
  unlock: 'Unlock'
} as const

export const PROBLEMS = ['missing', 'damaged', 'empty', 'locked', 'unreadable'] as const
export type Problem = (typeof PROBLEMS)[number]

export const PROBLEM_TEXTS: Readonly<Record<Problem, { readonly title: string; readonly text: string }>> = {
  missing: {
    title: 'The file is not there',
    text: 'It was moved or deleted outside of Sheaf. Verify compares the library with the disk and fetches it again.'
  },
  damaged: {
    title: 'This file is damaged',
    text: 'It cannot be read as a PDF. Verify checks it against the hash it was stored under; another program may still open it.'
  },
  empty: {
    title: 'This file is empty',
    text: 'It has no byte in it. Verify checks the library and fetches the paper again.'
  },
  locked: {
    title: 'This file is locked in a way Sheaf cannot open',
    text: 'Another program may open it.'
  },
  unreadable: {
    title: 'This file could not be opened',
    text: 'It is there, but reading it failed. Trying again may help.'
  }
}

export function ofPages(pages: number): string {
  return `of ${number(pages)}`
}

export function pageName(page: number): string {
  return `Page ${number(page)}`
}

/** “3 of 17”, “Not found” */
export function matchesSentence(find: {
  readonly state: 'idle' | 'searching' | 'found' | 'none'
  readonly current: number
  readonly total: number
}): string {
  if (find.state === 'none') return READER.noMatch
  if (find.state === 'searching' && find.total === 0) return READER.searching
  if (find.state === 'idle') return ''
  return find.current > 0 ? `${number(find.current)} of ${number(find.total)}` : `${number(find.total)} found`
}

export const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4] as const

export function zoomName(scale: number): string {
  return `${number(scale * 100)} %`
}
