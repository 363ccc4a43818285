/**
 * A retrieval report as a file: JSON, CSV (no cell can become a formula), the flow diagram as SVG, or one
 * self-contained HTML page that uses no network and opens with its tables in a word processor.
 */
import { grouped } from '../../../contract/counted'
import Papa from 'papaparse'
import { forHtml, forTable } from '../../../contract/exits'
import { flowDiagram, reasonCounts } from './flow-diagram'
import { sourceInReport } from '../../../contract/source-names'
import { reasonInReport, versionInReport } from '../../../contract/report-words'
import type { Coverage, ReportWork, RetrievalReport } from '../../../contract/retrieval-report'

export const REPORT_FORMATS = ['html', 'csv', 'json', 'svg'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]

export function writeReport(report: RetrievalReport, format: ReportFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`
    case 'csv':
      return csvOf(report)
    case 'svg':
      return flowDiagram(report)
    case 'html':
      return htmlOf(report)
  }
}

const COLUMNS = [
  'key',
  'work_id',
  'title',
  'authors',
  'year',
  'venue',
  'doi',
  'outcome',
  'reason',
  'reason_in_words',
  'source',
  'version',
  'license',
  'date',
  'asked'
] as const

function csvOf(report: RetrievalReport): string {
  const rows = report.works.map((work) => [
    work.key ?? '',
    work.work_id,
    work.title ?? '',
    work.authors.join('; '),
    work.year ?? '',
    work.venue ?? '',
    work.doi ?? '',
    work.outcome,
    work.reason ?? '',
    work.reason === undefined ? '' : reasonInReport(work.reason),
    work.source ?? '',
    work.version ?? '',
    work.license ?? '',
    work.date ?? '',
    work.asked.join('; ')
  ])
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? forTable(cell) : cell)))
  return `${Papa.unparse([[...COLUMNS], ...cells], { newline: '\r\n' })}\r\n`
}

const STYLE = `body{font:14px/1.45 Arial,Helvetica,sans-serif;color:#111;max-width:64rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
th,td{border:1px solid #999;padding:.25rem .5rem;text-align:left;vertical-align:top}
th{background:#eee}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
svg{max-width:100%;height:auto}`

/** Size: one page from top to bottom, read beside what it prints. */
function htmlOf(report: RetrievalReport): string {
  const name = report.list ?? 'all papers'
  const count = grouped
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${forHtml(`Retrieval report: ${name}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${forHtml(`Retrieval report: ${name}`)}</h1>
<p>${forHtml(methodsSentence(report))}</p>
${flowDiagram(report)}
<h2>Numbers</h2>
${table(
  ['', 'n'],
  [
    ['Records identified', count(report.records)],
    ['Duplicate records removed', count(report.duplicates)],
    ['Records without a usable identifier', count(report.refused)],
    ['Reports sought for retrieval', count(report.sought)],
    ['Reports retrieved', count(report.retrieved)],
    ['Reports not retrieved', count(report.not_retrieved)]
  ]
)}
<h2>Not retrieved, by reason</h2>
${table(
  ['Reason', 'n'],
  pairs(reasonCounts(report), (words) => words)
)}
<h2>Sources</h2>
${table(
  ['Source', 'Asked for', 'Retrieved from'],
  [...new Set([...Object.keys(report.asked_by_source), ...Object.keys(report.by_source)])].map((source) => [
    sourceInReport(source),
    count(report.asked_by_source[source] ?? 0),
    count(report.by_source[source] ?? 0)
  ])
)}
<h2>Retrieved, by version and licence</h2>
${table(['Version', 'n'], pairs(report.by_version, versionInReport))}
${table(
  ['Licence', 'n'],
  pairs(report.by_license, (license) => (license === 'unknown' ? 'not stated' : license))
)}
<h2>Coverage</h2>
${table(['Year', 'Sought', 'Retrieved', 'Share'], coverageRows(report.by_year))}
${table(['Journal or publisher', 'Sought', 'Retrieved', 'Share'], coverageRows(report.by_publisher))}
<h2>Reports not retrieved</h2>
${table(
  ['Key', 'Reference', 'Reason', 'Sources asked', 'Date'],
  report.works
    .filter((work) => work.outcome === 'not_retrieved')
    .map((work) => [
      work.key ?? '',
      referenceOf(work),
      reasonInReport(work.reason ?? 'PENDING'),
      work.asked.map(sourceInReport).join(', '),
      dayOf(work.date)
    ])
)}
<h2>Reports retrieved</h2>
${table(
  ['Key', 'Reference', 'Source', 'Version', 'Licence', 'Date'],
  report.works
    .filter((work) => work.outcome === 'retrieved')
    .map((work) => [
      work.key ?? '',
      referenceOf(work),
      sourceInReport(work.source ?? ''),
      versionInReport(work.version ?? 'unknown'),
      work.license ?? 'not stated',
      dayOf(work.date)
    ])
)}
${
  report.refused_entries.length === 0
    ? ''
    : `<h2>Records without a usable identifier</h2>\n${table(
        ['Source', 'Line', 'Why'],
        report.refused_entries.map((entry) => [entry.origin, entry.place, entry.because])
      )}`
}
</body>
</html>
`
}

/** A paragraph for a methods section. */
function methodsSentence(report: RetrievalReport): string {
  const n = grouped
  const sources = Object.keys(report.asked_by_source).map(sourceInReport)
  const asked = sources.length === 0 ? '' : ` Sources asked: ${sources.join(', ')}.`
  const days = [dayOf(report.first_date), dayOf(report.last_date)].filter((day) => day !== '')
  const [first, last] = days
  const when =
    first === undefined ? '' : first === last ? ` on ${first}` : ` between ${first} and ${last ?? first}`
  return (
    `Records identified: ${n(report.records)}; removed as duplicates: ${n(report.duplicates)}; without a usable identifier: ${n(report.refused)}. ` +
    `Reports sought for retrieval${when}: ${n(report.sought)}; retrieved: ${n(report.retrieved)}; not retrieved: ${n(report.not_retrieved)}.${asked} ` +
    `Report of ${dayOf(report.generated_at)}, made with Sheaf.`
  )
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '<p>None.</p>'
  const isNumber = (at: number): boolean => at > 0 && rows.every((row) => /^[\d,.]+ ?%?$/.test(row[at] ?? ''))
  const cell = (tag: 'th' | 'td', text: string, at: number): string =>
    `<${tag}${isNumber(at) ? ' class="n"' : ''}>${forHtml(text)}</${tag}>`
  const line = (tag: 'th' | 'td', cells: readonly string[]): string =>
    `<tr>${cells.map((text, at) => cell(tag, text, at)).join('')}</tr>`
  return `<table><thead>${line('th', head)}</thead>\n<tbody>${rows.map((row) => line('td', row)).join('\n')}</tbody></table>`
}

const pairs = (counts: Readonly<Record<string, number>>, words: (name: string) => string): string[][] =>
  Object.entries(counts).map(([name, n]) => [words(name), grouped(n)])

const coverageRows = (groups: Readonly<Record<string, Coverage>>): string[][] =>
  Object.entries(groups).map(([name, { sought, retrieved }]) => [
    name,
    grouped(sought),
    grouped(retrieved),
    `${String(Math.floor((retrieved / sought) * 100))} %`
  ])

function referenceOf(work: ReportWork): string {
  const first = work.authors[0]
  const authors = first === undefined ? '' : work.authors.length > 1 ? `${first} et al. ` : `${first}. `
  const year = work.year === null ? '' : `(${String(work.year)}) `
  const venue = work.venue === null ? '' : ` ${work.venue}.`
  const doi = work.doi === null ? '' : ` https://doi.org/${work.doi}`
  return `${authors}${year}${work.title ?? work.work_id}.${venue}${doi}`
}

const dayOf = (date: string | null): string => date?.slice(0, 10) ?? ''
