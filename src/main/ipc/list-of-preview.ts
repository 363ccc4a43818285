/**
 * Selects the rows of a preview to plan, and the entries for a named list: there every entry is a record,
 * including existing papers; those without a paper contain the reason. Pure.
 */
import type { WorkDraft } from '../../contract/work'
import type { PlanList } from '../sheaf-api'
import type { Preview, PreviewedRow } from './previews'
import { PASTED } from '../../contract/file-kinds'

export interface ChosenRows {
  readonly leaveOut?: readonly number[] | undefined
  /** rows whose proposed paper the user confirmed */
  readonly confirmed?: readonly number[] | undefined
}

/** New rows, except the excluded ones. */
export function newDrafts({ rows }: Preview, { leaveOut = [], confirmed = [] }: ChosenRows): WorkDraft[] {
  const left = new Set(leaveOut)
  const meant = new Set(confirmed)
  return rows.flatMap(({ row, draft }) =>
    draft !== null &&
    ((row.kind === 'new' && !left.has(row.index)) || (row.kind === 'to_confirm' && meant.has(row.index)))
      ? [draft]
      : []
  )
}

/** Every entry with a paper, including repetitions, in source order. */
export function listedDrafts(preview: Preview, chosen: ChosenRows): WorkDraft[] {
  const left = new Set(chosen.leaveOut)
  const meant = new Set(chosen.confirmed)
  const drafts = preview.rows.flatMap((one) => {
    const isLeft = one.row.kind === 'new' && left.has(one.row.index)
    return one.draft === null || isLeft || isUnconfirmed(one, meant) ? [] : [one.draft]
  })
  return [...drafts, ...preview.repeats]
}

/** The list, with the preview's entries that have no paper. */
export function listOf(name: string, { rows }: Preview, chosen: ChosenRows): PlanList {
  const meant = new Set(chosen.confirmed)
  const refused = rows.flatMap((one) => {
    const { row } = one
    if (one.draft !== null && !isUnconfirmed(one, meant)) return []
    const line = String(row.line ?? `#${String(row.index + 1)}`)
    // Two pasted texts have lines with the same number.
    const place =
      row.origin === PASTED ? `${line}: ${(row.text ?? row.title ?? '').slice(0, MOST_QUOTED)}` : line
    return [{ origin: row.origin ?? 'search', place, because: row.because ?? UNCONFIRMED }]
  })
  return { name, refused, named: new Map() }
}

const MOST_QUOTED = 80
/** The wording for reports, like that of the reference list readers. */
const UNCONFIRMED = 'Only a title names it, and no paper was confirmed for it.'

function isUnconfirmed({ row }: PreviewedRow, meant: ReadonlySet<number>): boolean {
  return row.kind === 'to_confirm' && !meant.has(row.index)
}
