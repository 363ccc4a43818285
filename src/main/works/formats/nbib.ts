/**
 * PubMed's own format (`.nbib`, “MEDLINE”), which ERIC and Ovid write too: tags of up to four letters, values
 * that continue in indented lines, records separated by a blank line or the next `PMID-`. Only read. Source:
 * NLM, “MEDLINE/PubMed Data Element (Field) Descriptions”.
 */
import { badLine, continued, type FormatProblem, type FormatReading, type RawEntry } from './entry'
import { entryOfTags, isNoise, type Tags } from './ris'

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
  // An e-mail that quotes records indents them.
  const indent = /^PMID *-/m.test(text) ? '' : (/^([ \t]{1,12})PMID *-/m.exec(text)?.[1] ?? '')
  text.split('\n').forEach((written, at) => {
    const line = written.startsWith(indent) ? written.slice(indent.length) : written
    const [, tag, value = ''] = TAG.exec(line) ?? []
    if (line.trim() === '') close()
    else if (tag !== undefined) {
      if (tag === 'PMID' && record?.tags.some(([name]) => name === 'PMID') === true) close()
      record ??= { line: at + 1, tags: [] }
      record.tags.push([tag, value.trim()])
    } else if (/^\s/.test(line) && record !== null) {
      const last = record.tags.at(-1)
      if (last !== undefined) last[1] = continued(last[1], line)
    } else if (!isNoise(line) && !/^\d{1,7}:$/.test(line.trim()))
      problems.push(
        badLine(at + 1, line, 'It is neither a field (“TI  - ”) nor an indented continuation of one.')
      )
  })
  close()
  return { entries, problems }
}

/** PubMed's tags and the RIS tags with the same meaning. */
const RIS_TAGS: Readonly<Record<string, string>> = {
  VI: 'VL',
  IP: 'IS',
  PG: 'SP',
  AB: 'AB',
  IS: 'SN',
  ISBN: 'SN',
  PB: 'PB',
  PL: 'CY',
  EN: 'ET',
  OT: 'KW',
  MH: 'KW',
  LA: 'LA',
  FED: 'ED',
  CTI: 'T3',
  GN: 'N1'
}

function entryOf({ line, tags }: Record_): RawEntry {
  const all = (...names: string[]): string[] =>
    tags.filter(([name, value]) => names.includes(name) && value !== '').map(([, value]) => value)
  const first = (...names: string[]): string => names.flatMap((name) => all(name))[0] ?? ''
  const types = all('PT')
  const isPreprint = types.includes('Preprint')
  const isArticle = types.some((type) => /journal article|review|letter|editorial|trial/i.test(type))
  const title = first('TI', 'BTI').replace(/\.$/, '')
  const ris: Tags = [
    ['TY', isPreprint ? 'UNPB' : isArticle ? 'JOUR' : all('BTI').length > 0 ? 'BOOK' : 'GEN']
  ]
  if (isPreprint) ris.push(['M3', 'preprint'])
  ris.push(['TI', title])
  const full = all('FAU')
  for (const author of full.length > 0 ? full : all('AU')) ris.push(['AU', author])
  for (const group of all('CN')) ris.push(['AU', group])
  ris.push(['PY', first('DP', 'DEP')], ['T2', first('JT', 'TA')])
  for (const [tag, value] of tags) {
    const mapped = RIS_TAGS[tag]
    if (mapped !== undefined) ris.push([mapped, value.replace(/ \((?:Linking|Print|Electronic)\)$/, '')])
  }
  pushIdentifiers(ris, all)
  const entry = entryOfTags({ line, text: `PMID- ${first('PMID')}`, tags: ris })
  return { ...entry, prose: [...entry.prose, first('SO')] }
}

/** `10.1016/j.x.2015.01.008 [doi]`; other kinds are the publisher's own. ERIC writes addresses. */
function pushIdentifiers(ris: Tags, all: (...names: string[]) => string[]): void {
  const dois = new Set<string>()
  for (const value of all('LID', 'AID')) {
    const doi = /^(.{1,500})\[doi\]$/i.exec(value.slice(0, 500))?.[1]?.trim()
    if (doi !== undefined) dois.add(doi)
    else if (/^https?:\/\/(?:dx\.)?doi\.org\//i.test(value)) dois.add(value)
    else if (/^https?:/i.test(value)) ris.push(['UR', value])
    else if (/^10\.\d{4,9}\/\S+$/.test(value)) dois.add(value)
  }
  for (const doi of all('DO', 'DOI')) dois.add(doi)
  if (dois.size === 0) {
    const own = /\. doi: (10\.\d{4,9}\/\S{1,300}?)\.?(?:\s|$)/.exec(all('SO')[0] ?? '')?.[1]
    if (own !== undefined) dois.add(own)
  }
  for (const doi of dois) ris.push(['DO', doi])
  for (const value of all('PMC')) ris.push(['C2', value.replace(/^(?=\d)/, 'PMC')])
  for (const value of all('PMID')) ris.push(['AN', `PMID: ${value}`])
  for (const value of all('UR', 'URL', 'LINK')) ris.push(['UR', value])
}
