/** Sentences of the retrieval report; reasons and versions are worded as in its files. */
import { reasonInReport, versionInReport } from '../../contract/report-words'
import type { Coverage, ReportFile, ReportView } from '../../contract/retrieval-report'
import { sourceInReport } from '../../contract/source-names'
import { isolate, number, percent } from './figures'
import { licenseName } from './names'

export const REPORT = {
  title: 'Retrieval report',
  back: 'Back to Insights',
  save: 'Save as…',
  saved: (file: string) => `Report saved: ${isolate(file)}`,
  /** text alternative of the diagram */
  diagramAlt: ({ records, duplicates, refused, sought, retrieved, not_retrieved: lost }: ReportView) =>
    `PRISMA 2020 flow diagram: ${number(records)} records identified, ${number(duplicates)} duplicates and ${number(refused)} without a usable identifier removed, ${number(sought)} reports sought, ${number(retrieved)} retrieved, ${number(lost)} not retrieved.`,
  numbers: 'Numbers of the flow',
  records: 'records identified',
  duplicates: 'duplicates removed',
  unusable: 'without a usable identifier',
  sought: 'reports sought',
  retrieved: 'retrieved',
  lost: 'not retrieved',
  diagram: 'PRISMA 2020 flow diagram',
  reasons: 'Not retrieved, by reason',
  noneLost: 'Everything that was sought was retrieved.',
  sources: 'By source',
  versions: 'Retrieved, by version',
  licenses: 'Retrieved, by licence',
  years: 'Coverage by year',
  publishers: 'Coverage by journal or publisher',
  refused: 'Records without a usable identifier',
  more: (rows: number) => `${number(rows)} more in the saved tables.`,
  none: 'None.',
  emptyTitle: 'Nothing to report yet',
  emptyText:
    'As soon as papers are added, the report says which were retrieved, from where, and why others were not.',
  columns: {
    source: 'Source',
    asked: 'Asked for',
    from: 'Retrieved from',
    version: 'Version',
    license: 'Licence',
    year: 'Year',
    publisher: 'Journal or publisher',
    sought: 'Sought',
    retrieved: 'Retrieved',
    share: 'Share',
    entry: 'Where',
    because: 'Why',
    n: 'n'
  }
} as const

export const FILE_NAMES: Readonly<Record<ReportFile, string>> = {
  html: 'Web page (HTML)',
  word: 'Tables for Word (.doc)',
  csv: 'Table of all papers (CSV)',
  svg: 'Flow diagram (SVG)'
}

/** The list of the report, and the period in which sources were queried. */
export function reportAbout({ list, first_date: first, last_date: last }: ReportView): string {
  const of = list === null ? 'All papers' : `List “${isolate(list)}”`
  const [from, to] = [first?.slice(0, 10), last?.slice(0, 10)]
  if (from === undefined) return of
  return from === to || to === undefined
    ? `${of}, sought on ${from}`
    : `${of}, sought between ${from} and ${to}`
}

export interface ReasonRow {
  readonly words: string
  /** codes with the same wording are counted together, as in the files */
  readonly codes: readonly string[]
  readonly count: number
}

/** Sorted by frequency. */
export function reasonRows(byReason: ReportView['by_reason']): readonly ReasonRow[] {
  const rows = new Map<string, { words: string; codes: string[]; count: number }>()
  for (const [code, count] of Object.entries(byReason)) {
    const words = reasonInReport(code)
    const row = rows.get(words) ?? { words, codes: [], count: 0 }
    row.codes.push(code)
    row.count += count
    rows.set(words, row)
  }
  return [...rows.values()].sort((a, b) => b.count - a.count)
}

export type Rows = readonly (readonly string[])[]

export function sourceRows({ asked_by_source: asked, by_source: from }: ReportView): Rows {
  return [...new Set([...Object.keys(asked), ...Object.keys(from)])].map((source) => [
    sourceInReport(source),
    number(asked[source] ?? 0),
    number(from[source] ?? 0)
  ])
}

export const versionRows = ({ by_version: counts }: ReportView): Rows =>
  Object.entries(counts).map(([version, n]) => [versionInReport(version), number(n)])

export const licenseRows = ({ by_license: counts }: ReportView): Rows =>
  Object.entries(counts).map(([license, n]) => [
    license === 'unknown' ? 'not stated' : licenseName(license),
    number(n)
  ])

/** `most`: sorted by number of papers; else by name. */
export function coverageRows(groups: Readonly<Record<string, Coverage>>, order: 'most' | 'newest'): Rows {
  const entries = Object.entries(groups)
  entries.sort(([a, one], [b, other]) =>
    order === 'most' ? other.sought - one.sought || (a < b ? -1 : 1) : a < b ? 1 : -1
  )
  return entries.map(([name, { sought, retrieved }]) => [
    name === 'unknown' ? 'not known' : name,
    number(sought),
    number(retrieved),
    percent(retrieved / sought)
  ])
}

export const refusedRows = ({ refused_entries: entries }: ReportView): Rows =>
  entries.map(({ origin, place, because }) => [`${isolate(origin)}, ${isolate(place)}`, because])
