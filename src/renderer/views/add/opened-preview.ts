/**
 * The view of a preview that main read from files opened with Sheaf: main sent only its id, so the rows and
 * the counts are requested.
 */
import { PREVIEW_KINDS, type PreviewView } from '../../../contract/add-views'
import { tableOf } from '../../../contract/tables'
import { ask } from '../../bridge'

export async function openedPreview(previewId: string): Promise<PreviewView> {
  const all = await ask('plan.rows', { previewId, offset: 0, limit: 200 })
  const totals = await Promise.all(
    PREVIEW_KINDS.map(
      async (kind) => (await ask('plan.rows', { previewId, kind, offset: 0, limit: 1 })).total
    )
  )
  const counts = tableOf(PREVIEW_KINDS, (kind) => totals[PREVIEW_KINDS.indexOf(kind)] ?? 0)
  return {
    previewId,
    counts,
    repeated: 0,
    rows: all.rows,
    total: all.total,
    available: null,
    // An upper bound: only some of them have a title.
    titles: counts.not_understood,
    sure: [],
    unlooked: counts.new,
    forecast: null
  }
}
