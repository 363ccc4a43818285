/**
 * Yields the lists of a plan, one after another. If a search fails on a later page, or beside explicitly
 * named works, the failure is reported and the lists end; earlier results stay (docs/design.md, G11). The
 * caller fails only when nothing was yielded.
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
