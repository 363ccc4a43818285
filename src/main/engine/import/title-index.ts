/**
 * Index of known works by title, so that a file identified only by its title is compared with a few works
 * instead of all. Built once per import; holds only ids and short keys.
 */
import type { Ledger } from '../../ledger/ledger'
import { eachTitle } from '../../ledger/works'
import { squeezed, withoutMarkup } from '../../library/plain-words'

export interface TitleIndex {
  /** ids of the few works whose titles may match; the caller compares them in full */
  find(title: string): readonly string[]
  add(workId: string, title: string): void
}

/**
 * Both ends of a title are indexed: a subtitle is often left out, and a heading above the title is often
 * taken for its beginning.
 */
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
