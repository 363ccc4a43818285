/**
 * The facts of a retrieval report: what was sought, what was retrieved and from where, what was not and
 * why. Only from the ledger, so that the same ledger gives the same report. The numbers add up:
 * records = sought + duplicates + refused, and sought = retrieved + not_retrieved.
 * Source of the flow: PRISMA 2020 (Page et al., BMJ 2021;372:n71), boxes of the flow diagram.
 */
import { isDone } from '../../../contract/states'
import type { Reader } from '../../ledger/ledger'
import {
  plannedEntries,
  refusedOfList,
  worksOfList,
  type ListedWork,
  type RefusedEntry
} from '../../ledger/lists'
import { plannedWorks, workForReport, type WorkForReport } from '../../ledger/report-queries'

export interface ReportWork {
  readonly work_id: string
  /** the citation key of the user's own reference */
  readonly key?: string
  readonly title: string | null
  readonly authors: readonly string[]
  readonly year: number | null
  readonly venue: string | null
  readonly doi: string | null
  readonly outcome: 'retrieved' | 'not_retrieved'
  /** not retrieved: a code of docs/errors.md, or PENDING while it waits or is worked on */
  readonly reason?: string
  readonly source?: string
  readonly version?: string
  readonly license?: string
  /** ISO 8601, UTC: when it was retrieved, else when it was sought last; null when it was not yet */
  readonly date: string | null
  readonly asked: readonly string[]
}

/** Size: a record: one member for each figure of the report. */
export interface RetrievalReport {
  /** null: everything in the ledger */
  readonly list: string | null
  readonly generated_at: string
  readonly first_date: string | null
  readonly last_date: string | null
  readonly records: number
  readonly duplicates: number
  /** entries that could not be planned, each with its line and why */
  readonly refused: number
  readonly sought: number
  readonly retrieved: number
  readonly not_retrieved: number
  readonly by_reason: Readonly<Record<string, number>>
  /** retrieved, by the source that gave the file */
  readonly by_source: Readonly<Record<string, number>>
  /** works for which the source was asked */
  readonly asked_by_source: Readonly<Record<string, number>>
  readonly by_version: Readonly<Record<string, number>>
  readonly by_year: Readonly<Record<string, Coverage>>
  readonly by_publisher: Readonly<Record<string, Coverage>>
  /** of what was retrieved */
  readonly by_license: Readonly<Record<string, number>>
  readonly refused_entries: readonly RefusedEntry[]
  readonly works: readonly ReportWork[]
}

export interface Coverage {
  readonly sought: number
  readonly retrieved: number
}

export function retrievalReport(
  r: Reader,
  ask: { readonly list: { readonly id: number; readonly name: string } | null; readonly now: number }
): RetrievalReport {
  const { list } = ask
  const listed: readonly ListedWork[] =
    list === null ? plannedWorks(r).map((workId) => ({ workId, citationKey: null })) : worksOfList(r, list.id)
  const facts = listed.map(({ workId, citationKey }) => ({ citationKey, work: workForReport(r, workId) }))
  const works = facts.map(({ citationKey, work }) => reportWork(work, citationKey))
  const refused = list === null ? [] : refusedOfList(r, list.id)
  const entries = list === null ? works.length : plannedEntries(r, list.id)
  const retrieved = works.filter((work) => work.outcome === 'retrieved')
  const lost = works.filter((work) => work.outcome === 'not_retrieved')
  const dates = works.flatMap((work) => work.date ?? []).sort()
  return {
    list: list?.name ?? null,
    generated_at: instant(ask.now),
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

function reportWork(work: WorkForReport, citationKey: string | null): ReportWork {
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
  // Done without a file: it was lost, and reconcile puts it back to work.
  if (work.state !== null && isDone(work.state)) return 'FILE_MISSING'
  return 'PENDING'
}

/** The registrant's prefix stands for a publisher where no journal is known. */
function registrantOf(doi: string | null): string | null {
  return doi === null ? null : doi.slice(0, doi.indexOf('/'))
}

/** Most first, then by name. */
function totals(values: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return Object.fromEntries([...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)))
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
