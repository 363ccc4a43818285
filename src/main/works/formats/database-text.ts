/**
 * The plain text that literature databases save: Ovid (`<1>`, labels on lines of their own or `TI  - …`), the
 * Cochrane Library (`Record #1 of 2`, `TI: …`), ProQuest (`Document 1 of 2`, `Title: …`), EBSCO (`Record:
 * 1`). Known labels are mapped to the RIS tags with the same meaning; text under other labels is not read,
 * since it may name other works.
 */
import { beginningOf, continued, QUOTED_CHARS, type FormatReading, type RawEntry } from './entry'
import { entryOfTags, type Tags } from './ris'

const LABELS: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'TI=ti,title,document title,article title,original title;AU=au,author,authors,author(s),authors full name,fau;' +
    'T2=so,source,publication title,journal,journal name,source title,jn;PY=yr,py,year,year of publication,publication year;' +
    'DA=publication date,dp;VL=vl,vo,volume;IS=no,ip,issue,issue part;SP=pg,pages,page range,first page;AB=ab,abstract;' +
    'DO=do,doi,digital object identifier,document object identifier,doi number;' +
    'PM=pm,pmid,pubmed id,pubmed,pubmed identifier;UR=us,ur,url,document url,permalink,persistent link to this record (permalink);' +
    'SN=sn,is,issn,isbn,issn print;PB=pb,publisher;LA=lg,la,language,language of publication;KW=kw,keywords,keyword heading;' +
    'DB=db,database;UI=ui,unique identifier;AN=an,accession number'
  )
    .split(';')
    .flatMap((group) => {
      const [tag = '', names = ''] = group.split('=')
      return names.split(',').map((name) => [name, tag] as const)
    })
)

const RECORD = /^(?:<(\d{1,7})>|(?:record|document|result) ?:? ?#?(\d{1,7})(?: of \d{1,7})?)\s*$/i
const LABELLED = /^([A-Z][A-Za-z0-9() ]{0,45}?)(?: {1,2}- |:(?: |$))(.*)$/
const LABEL_ALONE = /^[A-Z][A-Za-z() ]{1,45}$/

interface Open {
  readonly line: number
  readonly text: string
  readonly fields: [string, string][]
}

export function readDatabaseText(text: string): FormatReading {
  const entries: RawEntry[] = []
  let record: Open | null = null
  let database = ''
  const close = (): void => {
    const entry = record === null ? null : entryOf(record, database)
    if (entry !== null) entries.push(entry)
  }
  text.split('\n').forEach((line, at) => {
    if (RECORD.test(line)) {
      close()
      record = { line: at + 1, text: line, fields: [] }
    } else if (record !== null) readLine(record, line)
    else if (/^(?:DB {2}- |Database: )/.test(line)) database = line
  })
  close()
  return { entries, problems: [] }
}

function readLine({ fields }: Open, line: string): void {
  const [, label = '', value = ''] = LABELLED.exec(line) ?? []
  const last = fields.at(-1)
  if (label !== '' && (tagOf(label) !== undefined || /^[A-Z][A-Z0-9]$/.test(label)))
    fields.push([tagOf(label) ?? '', value.trim()])
  else if (label === '' && LABEL_ALONE.test(line) && tagOf(line) !== undefined)
    fields.push([tagOf(line) ?? '', ''])
  // An unknown label: the text after it is not read.
  else if (/^[A-Z][A-Za-z0-9() /-]{2,45}:(?: |$)/.test(line)) fields.push(['', ''])
  else if (last !== undefined && line.trim() !== '') {
    if (last[0] === 'AU' && last[1] !== '') fields.push(['AU', line.trim()])
    else last[1] = continued(last[1], line)
  }
}

const tagOf = (label: string): string | undefined => LABELS[label.trim().toLowerCase()]

function entryOf({ line, text, fields }: Open, header: string): RawEntry | null {
  const tags: Tags = [['TY', 'JOUR']]
  const database = `${header} ${fields.find(([tag]) => tag === 'DB')?.[1] ?? ''}`
  const said = new Set<string>()
  for (const [tag, value] of fields) {
    if (tag === '' || value === '' || (said.has(tag) && tag !== 'AU' && tag !== 'UR')) continue
    said.add(tag)
    if (tag === 'AU')
      for (const author of value.split(/;\s*/)) {
        const name = author.replace(/^\d{1,3}\.\s*|[.,]$/g, '').trim()
        if (name !== '') tags.push(['AU', name])
      }
    else if (tag === 'TI') tags.push(['TI', value.replace(/\.$/, '')])
    else if (tag === 'PM') tags.push(['AN', value.replace(/^(?:pubmed|pmid:?)\s*(?=\d)|^(?=\d)/i, 'PMID: ')])
    else if (tag === 'UI')
      tags.push([
        'AN',
        /medline|pubmed/i.test(database) && /^\d{5,9}$/.test(value) ? `PMID: ${value}` : value
      ])
    else tags.push([tag, value])
  }
  if (!said.has('TI') && !said.has('DO')) return null
  return entryOfTags({ line, text: text.slice(0, QUOTED_CHARS), tags })
}

/** Numbered records with labels; Ovid's RIS has numbers around it too, and begins its records with `TY`. */
export function looksLikeDatabaseText(text: string): boolean {
  const head = beginningOf(text)
  if (/^TY {1,2}- /m.test(head) || !head.split('\n').some((line) => RECORD.test(line))) return false
  return (
    /^(?:Title|Document title|Article Title|Source|Abstract|Authors?|Author\(s\)|Unique Identifier|Accession Number)(?::|\s*$)/im.test(
      head
    ) || /^(?:TI|AU|SO)(?: {2}- |: )/m.test(head)
  )
}
