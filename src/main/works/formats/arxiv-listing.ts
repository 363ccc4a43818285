/**
 * arXiv's lists of new papers: the daily mail (`arXiv:2401.00001` between lines of `\\`) and text copied from
 * its web pages (`[1] arXiv:2401.00001 [pdf, other]`). An abstract may name other papers and is not read.
 * Source: info.arxiv.org/help/subscribe.
 */
import { beginningOf, continued, QUOTED_CHARS, type FormatReading, type RawEntry } from './entry'
import { entryOfTags, type Tags } from './ris'

const ID = /^(?:\[\d{1,4}\]\s*)?arXiv:\s?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?\/\d{7})(?:v\d+)?(?=[\s*,(]|$)/
const FIELD = /^([A-Z][A-Za-z-]{2,20}):(.*)$/
const FIELDS =
  /^(?:title|authors?|doi|journal-ref|comments|categories|subjects|report-no|msc-class|acm-class|date|license)$/i
const TAGS: Readonly<Record<string, string>> = {
  title: 'TI',
  authors: 'AU',
  author: 'AU',
  doi: 'DO',
  'journal-ref': 'T2'
}

export function readArxivListing(text: string): FormatReading {
  const entries: RawEntry[] = []
  let record: { readonly line: number; readonly text: string; readonly fields: [string, string][] } | null =
    null
  let isAbstract = false
  const close = (): void => {
    if (record !== null) entries.push(entryOf(record))
    record = null
  }
  text.split('\n').forEach((line, at) => {
    const id = ID.exec(line)?.[1]
    if (id !== undefined) {
      close()
      record = { line: at + 1, text: line, fields: [['AN', `arXiv:${id}`]] }
      isAbstract = false
    } else if (record !== null && !isAbstract) {
      const [, name, value = ''] = FIELD.exec(line) ?? []
      const last = record.fields.at(-1)
      if (name !== undefined && FIELDS.test(name))
        record.fields.push([TAGS[name.toLowerCase()] ?? '', value.trim()])
      else if (/^(?:\\\\|-{10,})/.test(line)) isAbstract = true
      else if (
        /^Subjects?:/i.test(line) ||
        (line.trim() === '' && record.fields.some(([tag]) => tag === 'AU'))
      )
        isAbstract = true
      else if (last !== undefined && last[0] !== 'AN') last[1] = continued(last[1], line)
    }
  })
  close()
  return { entries, problems: [] }
}

function entryOf({
  line,
  text,
  fields
}: {
  readonly line: number
  readonly text: string
  readonly fields: [string, string][]
}): RawEntry {
  const tags: Tags = [['TY', 'UNPB']]
  for (const [tag, value] of fields) {
    if (tag === '' || value === '') continue
    if (tag === 'AU')
      for (const author of value.replace(/\([^()]{0,200}\)/g, '').split(/,|\sand\s/))
        tags.push(['AU', author.trim().replace(/^and\s/, '')])
    // A paper may have appeared in several places; only the first is used.
    else tags.push([tag, tag === 'DO' ? (value.split(/\s/, 1)[0] ?? '') : value])
  }
  return entryOfTags({
    line,
    text: text.slice(0, QUOTED_CHARS),
    tags: tags.filter(([, value]) => value !== '')
  })
}

/** Identifiers on separate lines, each with a title. */
export function looksLikeArxivListing(text: string): boolean {
  const head = beginningOf(text)
  return /^(?:\[\d{1,4}\]\s*)?arXiv:\s?[\w./-]{7,20}[^\n]{0,200}\n(?:[^\n]{0,300}\n){0,4}?Title: /m.test(head)
}
