/**
 * Decides which entries of a list are one work. A DOI names one object (ISO 26324), so different DOIs are
 * different works whatever else they share; a weaker identifier (arXiv id, PMID, address) joins entries only
 * while nothing contradicts it. Source: docs/design.md, G1.
 */
import { arxivOfDoi } from '../../contract/doi'
import type { Identifiers, Scheme } from '../../contract/work'
import { aliasNames } from './identifiers'

/** The DOI of the work itself. arXiv's DOI is equivalent to the arXiv id, and equally weak. */
export function ownDoi(ids: Identifiers): string | null {
  return ids.doi === undefined || arxivOfDoi(ids.doi) !== null ? null : ids.doi
}

/** Whether two works must not be joined by a shared weaker identifier. */
export function areDifferentWorks(one: Identifiers, other: Identifiers): boolean {
  const first = ownDoi(one)
  const second = ownDoi(other)
  return first !== null && second !== null && first !== second
}

/** The identifiers without those of some schemes. */
export function withoutSchemes(ids: Identifiers, schemes: ReadonlySet<Scheme>): Identifiers {
  if (schemes.size === 0) return ids
  const dropped: ReadonlySet<string> = schemes
  return Object.fromEntries(Object.entries(ids).filter(([scheme]) => !dropped.has(scheme)))
}

interface Seen<T> {
  doi: string | null
  readonly value: T
}
export interface SeenWork<T> {
  readonly value: T
  /** they share the DOI itself; false: only a weaker identifier */
  readonly byDoi: boolean
}

/** The works seen so far, each with the caller's value. */
export class SeenWorks<T> {
  readonly #byName = new Map<string, Seen<T>>()

  find(ids: Identifiers): SeenWork<T> | null {
    const own = ownDoi(ids)
    if (own !== null) {
      const same = this.#byName.get(`doi:${own}`)
      if (same !== undefined) return { value: same.value, byDoi: true }
    }
    for (const name of aliasNames(ids)) {
      const seen = this.#byName.get(name)
      if (seen !== undefined && (own === null || seen.doi === null))
        return { value: seen.value, byDoi: false }
    }
    return null
  }

  /** Stores `value` for the work unless it was seen before; adds its identifiers in any case. */
  add(ids: Identifiers, value: T): void {
    const own = ownDoi(ids)
    const names = aliasNames(ids)
    const before =
      (own === null ? undefined : this.#byName.get(`doi:${own}`)) ??
      names
        .map((name) => this.#byName.get(name))
        .find((one) => one !== undefined && (own === null || one.doi === null))
    const seen = before ?? { doi: own, value }
    seen.doi ??= own
    for (const name of names) if (!this.#byName.has(name)) this.#byName.set(name, seen)
  }
}

/**
 * Whether two titles cannot be spellings of one: neither begins with the other, and their words or numbers
 * differ. Unknown titles contradict nothing.
 */
export function titlesDiffer(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false
  const first = wordsOf(one)
  const second = wordsOf(other)
  if (first.length === 0 || second.length === 0) return false
  const left = first.join('')
  const right = second.join('')
  if (left === right) return false
  const [short, long] = left.length < right.length ? [left, right] : [right, left]
  if (short.length >= 10 && long.startsWith(short) && !/\d$/.test(short)) return false
  const set = new Set(second)
  const shared = first.filter((word) => set.has(word)).length
  const numbers = (words: readonly string[]): string =>
    words
      .filter((word) => NUMBERED.test(word))
      .sort()
      .join(' ')
  return shared < 0.8 * Math.max(first.length, second.length) || numbers(first) !== numbers(second)
}

const NUMBERED = /^(?:\d+|[ivx]+|one|two|three|four|five|six|seven|eight|nine|ten)$/

function wordsOf(title: string): string[] {
  return title
    .slice(0, 400)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/<[^<>]{0,40}>|\p{M}/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}
