/** Sentences of the library: list, grid, facets, selection, provenance. */
import type { PaperSort } from '../../contract/library-views'
import type { Format, PaperVerdict } from '../../contract/words'
import { bytes, count, number, isolate } from './figures'

export const LIBRARY = {
  title: 'Library',
  search: 'Search the library',
  searchPlaceholder: 'Title, author, year, DOI or text',
  view: 'View',
  table: 'Table',
  grid: 'Grid',
  sortBy: 'Sort by',
  ascending: 'Sorted ascending; reverse',
  descending: 'Sorted descending; reverse',
  filters: 'Filters',
  showFilters: 'Show filters',
  details: 'Show details',
  clearFilters: 'Clear filters',
  papers: 'Papers',
  untitled: 'Untitled paper',
  unsure: 'Not confirmed',
  unsureAbout: 'Sheaf could not confirm that this is the right paper.',
  damaged: 'The first page cannot be drawn',
  emptyTitle: 'No paper has arrived yet',
  emptyText: 'Papers that Sheaf downloads appear here.',
  addPapers: 'Add papers',
  noHitTitle: 'Nothing found',
  noneUnderFilters: 'No paper matches all filters.',
  clearSearch: 'Clear the search',
  failed: 'The library could not be read.',
  tryAgain: 'Try again',
  more: 'More actions',
  read: 'Read',
  reveal: 'Reveal in folder',
  openWith: 'Open with…',
  copyBibtex: 'Copy BibTeX',
  copyCitation: 'Copy citation',
  importPdfs: 'Import PDFs you have…',
  cite: 'Cite in a style…',
  citeShort: 'Cite…',
  citeTitle: (papers: number) => (papers === 1 ? 'Cite this paper' : `Cite ${count(papers, 'paper')}`),
  citeStyle: 'Style',
  citeLocale: 'Language',
  copyAsCitation: 'Copy citation',
  copyBibliography: 'Copy bibliography',
  citeAbout: 'Styles of the CSL project, citationstyles.org, CC BY-SA 3.0; formatted by citeproc-js.',
  showProvenance: 'Show provenance',
  showHistory: 'Show history',
  remove: 'Remove…',
  removeTitle: 'Remove this paper?',
  removeText:
    'The file is removed from the library and not downloaded again. You can undo this for a moment.',
  removeNow: 'Remove',
  undo: 'Undo',
  exportSelection: 'Export selection…',
  clearSelection: 'Clear selection',
  notPdf: 'This file is not a PDF. Another program can open it.',
  nothingSelected: 'Choose a paper to see where it comes from.'
} as const

export const SORT_NAMES: Readonly<Record<PaperSort, string>> = {
  added: 'Date added',
  title: 'Title',
  author: 'First author',
  year: 'Year',
  venue: 'Venue',
  relevance: 'Relevance'
}

export const COLUMNS = {
  title: 'Title',
  year: 'Year',
  source: 'Source',
  license: 'Licence',
  pages: 'Pages',
  added: 'Added'
} as const

export const FACET_NAMES = { year: 'Year', source: 'Source', license: 'Licence', run: 'Run' } as const

export const EXPORT_FORMATS = [
  { format: 'bibtex', label: 'BibTeX (.bib)' },
  { format: 'ris', label: 'RIS (.ris)' },
  { format: 'csl-json', label: 'CSL-JSON (.json)' },
  { format: 'csv', label: 'Table (.csv)' }
] as const

export const PROVENANCE = {
  title: 'Provenance',
  file: 'File',
  comesFrom: 'Where it comes from',
  checks: 'Checks',
  source: 'Source',
  tier: 'Found by',
  version: 'Version',
  license: 'Licence',
  licenseUnknown: 'Not stated',
  evidence: 'Evidence',
  foundOn: 'Found on',
  asked: 'Requested',
  came: 'Downloaded from',
  chain: 'Redirects',
  fetched: 'Fetched',
  brought: 'Added by you',
  added: 'Filed',
  path: 'In the library',
  size: 'Size',
  pages: 'Pages',
  hash: 'SHA-256',
  copyHash: 'Copy the hash',
  verdict: 'Right paper',
  encrypted: 'The file is encrypted.',
  headers: 'Response headers',
  same: 'The same file is also used for',
  bibtex: 'BibTeX',
  copyJson: 'Copy as JSON',
  asOther: 'Other names',
  failed: 'Its provenance could not be read.',
  close: 'Close details',
  about: 'Details'
} as const

export const VERDICT_NAMES: Readonly<Record<PaperVerdict, string>> = {
  match: 'Yes',
  unsure: 'Not confirmed',
  mismatch: 'No'
}

export const FORMAT_NAMES: Readonly<Record<Format, string>> = {
  pdf: 'PDF',
  xml: 'XML',
  html: 'HTML'
}

/** “1,204 papers · 3.1 GB”, “12 of 1,204 papers · 31 MB” */
export function libraryStanding(total: number, all: number, size: number | null): string {
  const papers = total === all ? count(all, 'paper') : `${number(total)} of ${count(all, 'paper')}`
  return total === 0 || size === null ? papers : `${papers} · ${bytes(size)}`
}

export function unreadSentence(unread: number): string {
  return `Reading the text of ${count(unread, 'paper')} for the search…`
}

export const SEARCH_FULL =
  'The search index is full: papers that came later are found by title, authors, year, venue and DOI only.'

/** “page 7”, “page 7 and 3 more” */
export function hitPlace(page: number, pages: number): string {
  return pages > 1 ? `page ${number(page)} and ${number(pages - 1)} more` : `page ${number(page)}`
}

export function selectedSentence(selected: number): string {
  return `${number(selected)} selected`
}

export function noHitText(text: string, filtered: boolean): string {
  return filtered
    ? `No paper under these filters has “${isolate(text)}” in its title, authors, year, venue, DOI or text.`
    : `No paper has “${isolate(text)}” in its title, authors, year, venue, DOI or text.`
}

export function copiedSentence(copied: number, what: 'BibTeX' | 'citation' | 'bibliography'): string {
  if (what === 'BibTeX') return `BibTeX of ${count(copied, 'paper')} copied.`
  if (what === 'bibliography') return `Bibliography of ${count(copied, 'paper')} copied.`
  return copied === 1 ? 'Citation copied.' : `${count(copied, 'citation')} copied.`
}

export function exportedSentence(papers: number, file: string): string {
  return `${count(papers, 'paper')} written to ${file}.`
}

export function removedSentence(title: string | null): string {
  return title === null ? 'The paper was removed.' : `“${isolate(title)}” was removed.`
}

export function pagesWord(pages: number): string {
  return count(pages, 'page')
}

export function showAll(values: number): string {
  return `Show all ${number(values)}`
}
export const SHOW_FEWER = 'Show fewer'
