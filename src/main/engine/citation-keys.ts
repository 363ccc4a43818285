/**
 * Computes the citation keys of the ledger's works from the user's pattern: one key per work, the same in
 * every export of the same ledger, whatever is exported. Nothing is recorded: the keys follow from the
 * ledger's order.
 */
import type { Reader } from '../ledger/ledger'
import { worksToCite, type WorkToCite } from '../ledger/work-references'
import { inPages } from '../platform/slices'

/** The pattern's key of a work; undefined: the work has a key of its own, or there is no pattern. */
export type KeyOf = (work: WorkToCite) => string | undefined

const STEP_WORKS = 500

/** Yields between steps: the references of 20,000 works take one second. */
export async function citationKeysIn(
  read: <T>(ask: (reader: Reader) => T) => T,
  pattern: string
): Promise<KeyOf> {
  if (pattern === '') return () => undefined
  const { CitationKeys } = await import('../works/citation-keys')
  const keys = new CitationKeys(pattern)
  for await (const works of inPages(0, (from) => read((r) => worksToCite(r, from, STEP_WORKS))))
    for (const work of works) keys.tell(work)
  return (work) => keys.keyOf(work)
}
