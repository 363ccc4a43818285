/** Items of a Zotero library as references. Source: Zotero's schema; `Extra` holds `Name: value` lines. */
import type { WorkDraft } from '../../../contract/work'
import { draftOfEntry, type DraftOfEntry } from './draft-of-entry'
import { factsOf, type NameField } from './entry'

export interface ZoteroReference {
  readonly key: string
  readonly type: string
  /** by Zotero's own names */
  readonly fields: Readonly<Record<string, string>>
  readonly authors: readonly string[]
}

/** Null: no field names a work. */
export function draftOfZotero(item: ZoteroReference, place: number): WorkDraft | null {
  return readZoteroItem(item, place).draft
}

/** The draft, or the reason why there is none; a work with only a title can be looked up by it. */
export function readZoteroItem(item: ZoteroReference, place: number): DraftOfEntry {
  const { fields } = item
  const extra = extraOf(fields['extra'] ?? '')
  const value = (name: string): string => fields[name] ?? extra.get(name.toLowerCase()) ?? ''
  const names: NameField[] = []
  for (const [name, scheme] of NAMES) if (value(name) !== '') names.push({ scheme, value: value(name) })
  const key = value('citationKey')
  return draftOfEntry(
    {
      line: place,
      text: '',
      names,
      urls: [value('url')].filter((url) => url !== ''),
      venueText: value('publicationTitle'),
      prose: [fields['extra'] ?? ''],
      facts: factsOf({
        title: fields['title'],
        authors: item.authors,
        // `2019-05-00 May 2019`: the year comes first.
        year: fields['date'],
        venue: value('publicationTitle')
      }),
      ...(key === '' ? {} : { key })
    },
    'Zotero'
  )
}

const NAMES = [
  ['DOI', 'doi'],
  ['PMID', 'pmid'],
  ['PMCID', 'pmcid'],
  ['arXiv', 'arxiv'],
  ['archiveID', 'any']
] as const

function extraOf(extra: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const line of extra.split(/\r?\n/)) {
    const [, name = '', value = ''] = /^([A-Za-z][\w -]{0,40}):\s*(\S.*)$/.exec(line) ?? []
    const plain = name.toLowerCase().replace(/[\s_-]+/g, '')
    if (plain !== '' && !found.has(plain)) found.set(plain, value.trim())
  }
  return found
}
