/**
 * The lists of a plan, one after another. What was handed over stays: a search that fails on a later
 * page, or beside works that were named, is reported and ends the lists; it costs nothing that came before
 * it (docs/design.md, G11). It fails its caller only when nothing came at all.
 */
import { isSheafError, type SheafError } from '../../contract/errors'
import type { WorkDraft } from '../../contract/work'

export async function* untilSearchFails(
  lists: AsyncIterable<readonly WorkDraft[]>,
  onFailure: (error: SheafError) => void
): AsyncIterable<readonly WorkDraft[]> {
  let isAnythingThere = false
  try {
    for await (const drafts of lists) {
      isAnythingThere ||= drafts.length > 0
      yield drafts
    }
  } catch (error) {
    if (!isAnythingThere || !isSheafError(error, 'SEARCH_FAILED')) throw error
    onFailure(error)
  }
}
