/**
 * Known works by their titles, so that a file whose title is all that is known of it finds the work
 * that waits for it without a look at every one. Built once an import; holds ids and short keys only.
 */
import type { Ledger } from '../../ledger/ledger'
import { eachTitle } from '../../ledger/works'
import { squeezed, withoutMarkup } from '../../library/plain-words'

export interface TitleIndex {
  /** ids of works whose titles may be this one, not more than a few; to be compared in full */
  find(title: string): readonly string[]
  add(workId: string, title: string): void
}

/** Both ends count: a subtitle is often left out, and a heading above the title often taken for its beginning. */
const KEY_LETTERS = 20
const LEAST_LETTERS = 8
const MOST_FOUND = 8

export function makeTitleIndex(ledger: Ledger): TitleIndex {
  const byKey = new Map<string, string[]>()
  const add = (workId: string, title: string): void => {
    for (const key of keysOf(title)) {
      const known = byKey.get(key)
      if (known === undefined) byKey.set(key, [workId])
      else if (!known.includes(workId)) known.push(workId)
    }
  }
  ledger.read((r) => {
    eachTitle(r, add)
  })
  return {
    add,
    find: (title) => [...new Set(keysOf(title).flatMap((key) => byKey.get(key) ?? []))].slice(0, MOST_FOUND)
  }
}

function keysOf(title: string): string[] {
  const letters = squeezed(withoutMarkup(title))
  if (letters.length < LEAST_LETTERS) return []
  return [`^${letters.slice(0, KEY_LETTERS)}`, `$${letters.slice(-KEY_LETTERS)}`]
}
