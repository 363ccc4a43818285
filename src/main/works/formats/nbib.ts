/**
 * PubMed's own format (`.nbib`, “MEDLINE”): tags of up to four letters, values that go on in indented
 * lines, records parted by a blank line or the next `PMID-`. It is only read; PubMed writes it.
 * Source: NLM, “MEDLINE/PubMed Data Element (Field) Descriptions”.
 */
import {
  factsOf,
  QUOTED_CHARS,
  type FormatProblem,
  type FormatReading,
  type NameField,
  type RawEntry
} from './entry'
import { nameOf, splitName } from './person-names'

const TAG = /^([A-Z]{2,4}) {0,2}- ?(.*)$/

interface Record_ {
  readonly line: number
  readonly tags: [string, string][]
}

export function readNbibReferences(text: string): FormatReading {
  const entries: RawEntry[] = []
  const problems: FormatProblem[] = []
  let record: Record_ | null = null
  const close = (): void => {
    if (record !== null) entries.push(entryOf(record))
    record = null
  }
  text.split('\n').forEach((line, at) => {
    const [, tag, value = ''] = TAG.exec(line) ?? []
    if (line.trim() === '') close()
    else if (tag !== undefined) {
      if (tag === 'PMID' && record?.tags.some(([name]) => name === 'PMID') === true) close()
      record ??= { line: at + 1, tags: [] }
      record.tags.push([tag, value.trim()])
    } else if (/^\s/.test(line) && record !== null) {
      const last = record.tags.at(-1)
      if (last !== undefined) last[1] = `${last[1]} ${line.trim()}`.trim()
    } else
      problems.push({
        line: at + 1,
        text: line.slice(0, QUOTED_CHARS),
        code: 'BAD_LINE',
        because: 'It is neither a field (“TI  - ”) nor an indented continuation of one.'
      })
  })
  close()
  return { entries, problems }
}

function entryOf({ line, tags }: Record_): RawEntry {
  const all = (...names: string[]): string[] =>
    tags.filter(([name, value]) => names.includes(name) && value !== '').map(([, value]) => value)
  const first = (...names: string[]): string => names.flatMap((name) => all(name))[0] ?? ''
  const names: NameField[] = []
  // `10.1016/j.x.2015.01.008 [doi]`; other kinds are the publisher's own.
  for (const value of all('LID', 'AID')) {
    const doi = value.endsWith('[doi]') ? value.slice(0, -'[doi]'.length).trim() : undefined
    if (doi !== undefined && !names.some((name) => name.value === doi))
      names.push({ scheme: 'doi', value: doi })
  }
  for (const value of all('PMC')) names.push({ scheme: 'pmcid', value })
  for (const value of all('PMID')) names.push({ scheme: 'pmid', value })
  for (const value of all('ISBN')) names.push({ scheme: 'isbn', value })
  const full = all('FAU')
  const title = first('TI', 'BTI')
  const pmid = first('PMID')
  return {
    line,
    text: `PMID- ${pmid}\n${title}`.slice(0, QUOTED_CHARS),
    names,
    urls: [],
    prose: all('SO'),
    facts: factsOf({
      title: title.replace(/\.$/, ''),
      authors: (full.length > 0 ? full : all('AU', 'CN')).map((author) => nameOf(splitName(author))),
      year: first('DP', 'DEP'),
      venue: first('JT', 'TA'),
      type: all('PT').includes('Preprint')
        ? 'preprint'
        : all('PT').includes('Journal Article')
          ? 'article'
          : '',
      language: first('LA')
    })
  }
}
