/**
 * PubMed's “Save → Abstract (text)”: numbered records of paragraphs; errata, comments and data are named with
 * their own DOIs in between, and the last lines name the paper itself. Only read.
 */
import { beginningOf, QUOTED_CHARS, type FormatReading, type RawEntry } from './entry'
import { entryOfTags, pushKnown, type Tags } from './ris'

export function readPubmedText(text: string): FormatReading {
  const lines = text.split('\n')
  const starts: number[] = []
  lines.forEach((line, at) => {
    const number = /^(\d{1,6})\. \S/.exec(line)?.[1]
    const isNext = number !== undefined && Number(number) === starts.length + 1
    if (isNext && (at === 0 || (lines[at - 1] ?? '').trim() === '')) starts.push(at)
  })
  return {
    entries: starts.map((from, index) =>
      entryOf(lines.slice(from, starts[index + 1] ?? lines.length), from + 1)
    ),
    problems: []
  }
}

const NAMES = /^(DOI|PMCID|PMID): +(\S+)/

function entryOf(lines: readonly string[], line: number): RawEntry {
  const paragraphs = lines
    .join('\n')
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, ' ').trim())
    .filter((paragraph) => paragraph !== '')
  const [source = '', title = '', authors = ''] = paragraphs
  const [, journal = '', year = ''] = /^\d+\. (.{1,300}?)\. (\d{4})\b/.exec(source) ?? []
  const tags: Tags = [
    ['TY', 'JOUR'],
    ['TI', title.replace(/\.$/, '')],
    ['T2', journal],
    ['PY', year]
  ]
  const [, volume, issue, from, to] =
    /\d{4}[^;]{0,20};\s?(\w+)(?:\((\w[\w -]*)\))?:(\w+)(?:-(\w+))?/.exec(source) ?? []
  pushKnown(tags, { VL: volume, IS: issue, SP: from, EP: to })
  for (const author of authors.replace(/\.$/, '').split(/,\s*/))
    if (/^\p{L}/u.test(author)) tags.push(['AU', author.replace(/(?:\(\d{1,3}\)){1,20}$/, '').trim()])
  let isNamed = false
  for (const said of lines) {
    const [, kind, value = ''] = NAMES.exec(said) ?? []
    if (kind === undefined) continue
    isNamed = true
    tags.push(kind === 'DOI' ? ['DO', value] : kind === 'PMCID' ? ['C2', value] : ['AN', `PMID: ${value}`])
  }
  const own = /\bdoi: (\S+?)\.?(?:\s|$)/.exec(source)?.[1]
  if (!isNamed && own !== undefined) tags.push(['DO', own])
  return entryOfTags({ line, text: (lines[0] ?? '').slice(0, QUOTED_CHARS), tags })
}

/** `1. Journal. 2020 …` at the beginning, and `PMID: …` on a line of its own. */
export function looksLikePubmedText(text: string): boolean {
  const head = beginningOf(text.trimStart())
  // The source is a separate paragraph; in a list of citations, everything is in one.
  const [source = ''] = head.split(/\n\s*\n/, 1)
  if (/^PMID: \d|\bPMID: ?\d+/m.test(source)) return false
  return /^1\. .{1,300}?\. \d{4}\b/.test(head) && /^PMID: \d+/m.test(head) && /\n\s*\n/.test(head)
}
