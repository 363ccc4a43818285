/**
 * The facts of a retrieval report: works sought, retrieved with sources, and not retrieved with reasons.
 * Computed from the ledger only, so that the same ledger gives the same report. The numbers add up: records =
 * sought + duplicates + refused, and sought = retrieved + not_retrieved. Source of the flow: PRISMA 2020
 * (Page et al., BMJ 2021;372:n71), boxes of the flow diagram.
 */
import { countEach } from '../../../contract/counted'
import type { Coverage, ReportWork, RetrievalReport } from '../../../contract/retrieval-report'
import { isDone } from '../../../contract/states'
import type { ReadSlice } from '../../ledger/insights-figures'
import type { Reader } from '../../ledger/ledger'
import { plannedEntries, refusedOfList, worksOfList, type ListedWork } from '../../ledger/lists'
import { plannedWorks, workForReport, type WorkForReport } from '../../ledger/report-queries'

export interface ReportAsk {
  readonly list: { readonly id: number; readonly name: string } | null
  /** epoch seconds */
  readonly now: number
}

export function retrievalReport(r: Reader, ask: ReportAsk): RetrievalReport {
  const works = listedWorks(r, ask).map((listed) => reportWork(r, listed))
  return reportOf(r, works, ask)
}

/** Works read between two yields: a few milliseconds. */
const SLICE_WORKS = 100

/** The same without blocking: a large ledger would block the app for seconds. */
export async function retrievalReportInSlices(read: ReadSlice, ask: ReportAsk): Promise<RetrievalReport> {
  const listed = await read((r) => listedWorks(r, ask))
  const works: ReportWork[] = []
  for (let from = 0; from < listed.length; from += SLICE_WORKS) {
    const slice = listed.slice(from, from + SLICE_WORKS)
    for (const work of await read((r) => slice.map((one) => reportWork(r, one)))) works.push(work)
  }
  return read((r) => reportOf(r, works, ask))
}

function listedWorks(r: Reader, { list }: ReportAsk): readonly ListedWork[] {
  if (list !== null) return worksOfList(r, list.id)
  return plannedWorks(r).map((workId) => ({ workId, citationKey: null }))
}

function reportOf(r: Reader, works: readonly ReportWork[], { list, now }: ReportAsk): RetrievalReport {
  const refused = list === null ? [] : refusedOfList(r, list.id)
  // A work added during the reading is in the next report.
  const entries = list === null ? works.length : Math.max(works.length, plannedEntries(r, list.id))
  const retrieved = works.filter((work) => work.outcome === 'retrieved')
  const lost = works.filter((work) => work.outcome === 'not_retrieved')
  const dates = works.flatMap((work) => work.date ?? []).sort()
  return {
    list: list?.name ?? null,
    generated_at: instant(now),
    first_date: dates[0] ?? null,
    last_date: dates.at(-1) ?? null,
    records: entries + refused.length,
    duplicates: entries - works.length,
    refused: refused.length,
    sought: works.length,
    retrieved: retrieved.length,
    not_retrieved: lost.length,
    by_reason: totals(lost.map((work) => work.reason ?? 'PENDING')),
    by_source: totals(retrieved.map((work) => work.source ?? 'unknown')),
    asked_by_source: totals(works.flatMap((work) => work.asked)),
    by_version: totals(retrieved.map((work) => work.version ?? 'unknown')),
    by_year: coverage(works, (work) => (work.year === null ? 'unknown' : String(work.year))),
    by_publisher: coverage(works, (work) => work.venue ?? registrantOf(work.doi) ?? 'unknown'),
    by_license: totals(retrieved.map((work) => work.license ?? 'unknown')),
    refused_entries: refused,
    works
  }
}

function reportWork(r: Reader, { workId, citationKey }: ListedWork): ReportWork {
  const work = workForReport(r, workId)
  const { artifact } = work
  const base = {
    work_id: work.workId,
    ...(citationKey === null ? {} : { key: citationKey }),
    title: work.title,
    authors: work.authors,
    year: work.year,
    venue: work.venue,
    doi: work.doi,
    asked: work.asked
  }
  if (artifact !== null) {
    const { source, version, license } = artifact.provenance
    return {
      ...base,
      outcome: 'retrieved',
      source,
      ...(version === null ? {} : { version }),
      ...(license === null ? {} : { license }),
      date: instant(artifact.finalizedAt)
    }
  }
  const at = work.removedAt ?? work.lastAskedAt ?? (work.state === 'FAILED' ? work.updatedAt : null)
  return { ...base, outcome: 'not_retrieved', reason: reasonOf(work), date: at === null ? null : instant(at) }
}

function reasonOf(work: WorkForReport): string {
  if (work.removedAt !== null) return 'REMOVED'
  if (work.state === 'FAILED') return work.reason ?? 'INTERNAL'
  // Done without a file: it was lost, and reconcile will requeue the job.
  if (work.state !== null && isDone(work.state)) return 'FILE_MISSING'
  return 'PENDING'
}

/** The registrant's prefix stands for the publisher when no journal is known. */
function registrantOf(doi: string | null): string | null {
  return doi === null ? null : doi.slice(0, doi.indexOf('/'))
}

/** Most first, then by name. */
function totals(values: readonly string[]): Record<string, number> {
  const counts = Object.entries(countEach(values))
  return Object.fromEntries(counts.sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)))
}

function coverage(
  works: readonly ReportWork[],
  groupOf: (work: ReportWork) => string
): Record<string, Coverage> {
  const groups = new Map<string, Coverage>()
  for (const work of works) {
    const name = groupOf(work)
    const { sought, retrieved } = groups.get(name) ?? { sought: 0, retrieved: 0 }
    groups.set(name, {
      sought: sought + 1,
      retrieved: retrieved + (work.outcome === 'retrieved' ? 1 : 0)
    })
  }
  return Object.fromEntries([...groups].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Seconds since the epoch as `2026-01-31T12:00:00Z`. */
function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d{3}Z$/, 'Z')
}
