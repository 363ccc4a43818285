/**
 * The kind of work in OpenAlex's vocabulary, from any service: Unpaywall uses Crossref's terms, reference
 * managers CSL's. Pure.
 */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  'journal-article': 'article',
  'article-journal': 'article',
  'article-magazine': 'article',
  'paper-conference': 'proceedings-article',
  chapter: 'book-chapter',
  'book-section': 'book-chapter',
  'book-part': 'book-chapter',
  monograph: 'book',
  'edited-book': 'book',
  'reference-book': 'book',
  thesis: 'dissertation',
  'posted-content': 'preprint',
  'report-component': 'report'
}

export function workType(said: string | undefined): string | undefined {
  return said === undefined ? undefined : (OTHER_WORDS[said] ?? said)
}
