/** BibTeX's and BibLaTeX's types of entries, and the kinds of works in our vocabulary. Pure. */

const WRITTEN_TYPES: Readonly<Record<string, string>> = {
  article: 'article',
  review: 'article',
  letter: 'article',
  editorial: 'article',
  'proceedings-article': 'inproceedings',
  'book-chapter': 'incollection',
  book: 'book',
  dissertation: 'phdthesis',
  report: 'techreport'
}

const READ_TYPES: Readonly<Record<string, string>> = {
  inproceedings: 'proceedings-article',
  conference: 'proceedings-article',
  incollection: 'book-chapter',
  inbook: 'book-chapter',
  phdthesis: 'dissertation',
  mastersthesis: 'dissertation',
  thesis: 'dissertation',
  techreport: 'report',
  misc: '',
  online: '',
  unpublished: ''
}

export function entryTypeOf(workType: string): string {
  return WRITTEN_TYPES[workType] ?? 'misc'
}

/** The kind of work that a reader takes an entry of this type for; '' when the type does not say it. */
export function typeOfEntry(entryType: string): string {
  return READ_TYPES[entryType] ?? entryType
}
