/**
 * Fields that a `.bib` entry inherits from another one: `crossref` (BibTeX, BibLaTeX) and `xdata` (BibLaTeX).
 * The identifiers of the other entry name the other work and are never inherited. Source: btxdoc §3.1;
 * biblatex 3.20, §2.4.1 and appendix B.
 */
import type { BibtexEntry } from './bibtex-syntax'

/** No real file has longer chains; cycles end here too. */
const MOST_STEPS = 4
const NOT_TAKEN =
  /^(?:doi|url|urldate|eprint|eprinttype|eprintclass|archiveprefix|arxivid|pmid|pmcid|isbn|abstract|keywords|file|note|annote|annotation|key|ids|shorttitle|sorttitle|crossref|xref|xdata|entryset|entrysubtype|label|pages|author|subtitle)$|bdsk|citeulike/
/** The names that a volume's title fields have in an entry for a part of it. */
const RENAMED: Readonly<Record<string, string>> = {
  title: 'booktitle',
  subtitle: 'booksubtitle',
  titleaddon: 'booktitleaddon'
}

/** The same entries, each with what it inherits. */
export function withInherited(entries: readonly BibtexEntry[]): readonly BibtexEntry[] {
  if (!entries.some(({ fields }) => fields.has('crossref') || fields.has('xdata'))) return entries
  const byKey = new Map<string, BibtexEntry>()
  for (const entry of entries) {
    const key = entry.key.toLowerCase()
    if (key !== '' && !byKey.has(key)) byKey.set(key, entry)
  }
  return entries.map((entry) => ({ ...entry, fields: fieldsOf(entry, byKey, MOST_STEPS) }))
}

function fieldsOf(
  entry: BibtexEntry,
  byKey: ReadonlyMap<string, BibtexEntry>,
  steps: number
): ReadonlyMap<string, string> {
  const { fields } = entry
  if (steps === 0 || !(fields.has('crossref') || fields.has('xdata'))) return fields
  const all = new Map(fields)
  const find = (key: string): BibtexEntry | undefined => byKey.get(key.trim().toLowerCase())
  for (const key of (fields.get('xdata') ?? '').split(',')) {
    const from = find(key)
    if (from === undefined || from === entry) continue
    for (const [name, value] of fieldsOf(from, byKey, steps - 1)) if (!all.has(name)) all.set(name, value)
  }
  const from = find(fields.get('crossref') ?? '')
  if (from === undefined || from === entry) return all
  for (const [name, value] of fieldsOf(from, byKey, steps - 1)) {
    const as = RENAMED[name] ?? name
    if ((as !== name || !NOT_TAKEN.test(name)) && !all.has(as)) all.set(as, value)
  }
  return all
}
