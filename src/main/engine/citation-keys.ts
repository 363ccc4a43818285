/**
 * The citation keys of the ledger's works by the user's pattern: one key a work, the same in every export of the
 * same ledger, whatever is exported. Nothing is recorded: the keys follow from the ledger's order.
 */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import type { Reader } from '../ledger/ledger'
import { worksToCite, type WorkToCite } from '../ledger/work-references'

/** The key that the pattern gives a work; undefined: a key of its own, or no pattern. */
export type KeyOf = (work: WorkToCite) => string | undefined

const STEP_WORKS = 500

/** In steps between which others work: the references of 20,000 works take a second. */
export async function citationKeysIn(
  read: <T>(ask: (reader: Reader) => T) => T,
  pattern: string
): Promise<KeyOf> {
  if (pattern === '') return () => undefined
  const { CitationKeys } = await import('../works/citation-keys')
  const keys = new CitationKeys(pattern)
  for (let place: number | null = 0; place !== null;) {
    const from: number = place
    const { works, next } = read((r) => worksToCite(r, from, STEP_WORKS))
    for (const work of works) keys.tell(work)
    place = next
    if (place !== null) await yieldToEventLoop()
  }
  return (work) => keys.keyOf(work)
}
