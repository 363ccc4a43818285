/**
 * Sources that an op passed over for the same reason, such as four that ask by an identifier the paper has not: they
 * are one row of `attempt_rows`, and the same few lists of them recur with nearly every paper. A list is JSON, one
 * element a source: the row's id minus the source's own attempt id, its name, and the sentence. An attempt that a list
 * cannot restore exactly has a row of its own. Pure.
 */
import { redactText } from '../../contract/redact'
import type { AttemptFacts } from '../../contract/work'
import { addTo } from '../platform/add-to'
import { isPlainWord } from './history-names'

type Attempt = AttemptFacts & { readonly at: number }

export interface SkippedSources {
  /** of the attempts, ascending; the row takes the place of the last */
  readonly places: readonly number[]
  readonly list: string
}

/** `attempts`: of one job and one op. */
export function skippedTogether(attempts: readonly Attempt[]): SkippedSources[] {
  const groups = new Map<string, number[]>()
  attempts.forEach((one, place) => {
    if (!isInList(one)) return
    const key = JSON.stringify([one.at, one.tier, one.reason])
    addTo(groups, key, place)
  })
  return [...groups.values()]
    .filter((places) => places.length > 1)
    .map((places) => ({ places, list: listOf(attempts, places) }))
}

function listOf(attempts: readonly Attempt[], places: readonly number[]): string {
  const last = places.at(-1) ?? 0
  const elements = places.flatMap((place) => {
    const { source, detail } = attempts[place] ?? {}
    if (source === undefined) return []
    return [[last - place, source, ...(detail === undefined ? [] : [redactText(detail)])]]
  })
  return JSON.stringify(elements)
}

/** Without a request: nothing but its name and a sentence that many papers share. */
function isInList(one: Attempt): boolean {
  const { outcome, url, status, bytes, elapsedMs, detail } = one
  const isBare = url === null && status === undefined && bytes === undefined && Math.round(elapsedMs) === 0
  return outcome === 'skipped' && isBare && (detail === undefined || isPlainWord(redactText(detail)))
}
