/**
 * Selects and sorts the papers of a query, and counts its facets. Pure. A facet is counted under all other
 * facets, so that selecting a second value never gives an empty list. Orders are cached until the list
 * changes: a page of 20,000 papers costs one pass over them.
 */
import type { PaperQuery } from '../../contract/requests'
import type { Facets, FacetValue, PaperSort } from '../../contract/library-views'
import { changeOf, type CatalogPaper, type ListChange } from '../sheaf-api'
import { splitName } from '../works/formats/person-names'
import { sourceName } from '../../contract/source-names'
import { licenseKey, licenseLabel, NONE, runLabel, yearLabel } from './library-words'

/** Where the search found the words; null: only in the facts, or no search. */
export interface Hit {
  readonly score: number
  readonly page: number | null
  readonly pages: number
}

export interface Chosen {
  readonly papers: readonly CatalogPaper[]
  readonly bytes: number
  readonly facets: Facets
}

const FACETS = ['year', 'source', 'license', 'run'] as const
type Facet = (typeof FACETS)[number]

/** Few licences, and a hundred thousand papers. */
const licenses = new Map<string, string>()

function keyOfLicense(license: string): string {
  const known = licenses.get(license) ?? licenseKey(license)
  if (licenses.size < MOST_VALUES) licenses.set(license, known)
  return known
}

const VALUE: Readonly<Record<Facet, (paper: CatalogPaper) => string>> = {
  year: (paper) => (paper.year === null ? NONE : String(paper.year)),
  source: (paper) => paper.source,
  license: (paper) => (paper.license === null ? NONE : keyOfLicense(paper.license)),
  run: (paper) => paper.runId ?? NONE
}

/** Maximum number of displayed values of one facet; selected ones are always included. */
const MOST_VALUES = 60

/** The result of facets alone is cached until the list changes, like the orders. */
export function choosePapers(
  papers: readonly CatalogPaper[],
  query: PaperQuery,
  hits: ReadonlyMap<string, Hit> | null,
  runs: ReadonlyMap<string, number>
): Chosen {
  if (hits !== null) return choose(papers, query, hits, runs)
  const asked = JSON.stringify(FACETS.map((facet) => query[facet]))
  const last = lastChosen.get(papers)
  if (last?.asked === asked) return last.chosen
  const chosen = choose(papers, query, null, runs)
  lastChosen.set(papers, { asked, chosen })
  return chosen
}

const lastChosen = new WeakMap<readonly CatalogPaper[], { readonly asked: string; readonly chosen: Chosen }>()

interface PaperCounts {
  /** by facet: papers by value */
  readonly counts: readonly Map<string, number>[]
  readonly bytes: number
}
const countsOfPapers = new WeakMap<readonly CatalogPaper[], PaperCounts>()

/** Of all papers; the cost of a change depends on what changed. */
function countsOf(papers: readonly CatalogPaper[]): PaperCounts {
  const known = countsOfPapers.get(papers)
  if (known !== undefined) return known
  const change = changeOf(papers)
  const before = change === null ? undefined : countsOfPapers.get(change.before)
  const counts = FACETS.map((_, at) => new Map(before?.counts[at]))
  let bytes = before?.bytes ?? 0
  const count = (paper: CatalogPaper, by: 1 | -1): void => {
    bytes += by * paper.bytes
    for (const [at, facet] of FACETS.entries()) {
      const value = VALUE[facet](paper)
      const left = (counts[at]?.get(value) ?? 0) + by
      if (left === 0) counts[at]?.delete(value)
      else counts[at]?.set(value, left)
    }
  }
  if (change === null || before === undefined) for (const paper of papers) count(paper, 1)
  else {
    for (const paper of change.gone) count(paper, -1)
    for (const paper of change.come) count(paper, 1)
  }
  const counted = { counts, bytes }
  countsOfPapers.set(papers, counted)
  return counted
}

function choose(
  papers: readonly CatalogPaper[],
  query: PaperQuery,
  hits: ReadonlyMap<string, Hit> | null,
  runs: ReadonlyMap<string, number>
): Chosen {
  const wanted = FACETS.map((facet) => {
    const values = query[facet]
    return values === undefined || values.length === 0 ? null : new Set(values)
  })
  if (hits === null && wanted.every((values) => values === null)) {
    const { counts, bytes } = countsOf(papers)
    return { papers, bytes, facets: facetsOf(counts, wanted, runs) }
  }
  const counts = FACETS.map(() => new Map<string, number>())
  const chosen: CatalogPaper[] = []
  let bytes = 0
  for (const paper of papers) {
    if (hits !== null && !hits.has(paper.artifactId)) continue
    let missed = 0
    let missedAt = -1
    for (let at = 0; at < FACETS.length; at += 1) {
      const values = wanted[at]
      if (values === null || values === undefined || values.has(VALUE[FACETS[at] ?? 'year'](paper))) continue
      missed += 1
      missedAt = at
    }
    if (missed > 1) continue
    for (let at = 0; at < FACETS.length; at += 1) {
      if (missed === 1 && missedAt !== at) continue
      const value = VALUE[FACETS[at] ?? 'year'](paper)
      const count = counts[at]
      count?.set(value, (count.get(value) ?? 0) + 1)
    }
    if (missed > 0) continue
    chosen.push(paper)
    bytes += paper.bytes
  }
  return { papers: chosen, bytes, facets: facetsOf(counts, wanted, runs) }
}

function facetsOf(
  counts: readonly Map<string, number>[],
  wanted: readonly (ReadonlySet<string> | null)[],
  runs: ReadonlyMap<string, number>
): Facets {
  const facet = (at: number, label: (value: string) => string, order: Order): readonly FacetValue[] =>
    facetValues(counts[at] ?? new Map<string, number>(), wanted[at] ?? null, label, order)
  return {
    year: facet(0, yearLabel, (a, b) => lastIsNone(a, b) ?? Number(b.value) - Number(a.value)),
    source: facet(1, sourceName, byCount),
    license: facet(2, licenseLabel, byCount),
    run: facet(
      3,
      (value) => runLabel(runs.get(value) ?? null),
      (a, b) => lastIsNone(a, b) ?? (runs.get(b.value) ?? 0) - (runs.get(a.value) ?? 0)
    )
  }
}

type Order = (a: FacetValue, b: FacetValue) => number
const byCount: Order = (a, b) => b.count - a.count || (a.label.toLowerCase() < b.label.toLowerCase() ? -1 : 1)

function lastIsNone(a: FacetValue, b: FacetValue): number | null {
  if (a.value === b.value || (a.value !== NONE && b.value !== NONE)) return null
  return a.value === NONE ? 1 : -1
}

function facetValues(
  counts: ReadonlyMap<string, number>,
  wanted: ReadonlySet<string> | null,
  label: (value: string) => string,
  order: Order
): readonly FacetValue[] {
  const values = [...counts].map(([value, count]) => ({ value, label: label(value), count }))
  for (const value of wanted ?? []) {
    if (!counts.has(value)) values.push({ value, label: label(value), count: 0 })
  }
  const sorted = values.sort(order)
  return sorted.filter((one, index) => index < MOST_VALUES || wanted?.has(one.value) === true)
}

// ─── Order ───────────────────────────────────────────────────────────────────────────────────────

type Key = string | number | null

const KEY: Readonly<Record<Exclude<PaperSort, 'relevance'>, (paper: CatalogPaper) => Key>> = {
  added: (paper) => paper.addedAt,
  title: (paper) => (paper.title === null ? null : sortable(paper.title)),
  author: (paper) => {
    const first = paper.authors[0]
    if (first === undefined) return null
    const name = splitName(first)
    return sortable('family' in name ? `${name.family} ${name.given}` : name.literal)
  },
  year: (paper) => paper.year,
  venue: (paper) => (paper.venue === null ? null : sortable(paper.venue))
}

const orders = new WeakMap<readonly CatalogPaper[], Map<string, Ordered>>()

/** Papers without a sort key come last, in either direction. */
export function sortPapers(
  all: readonly CatalogPaper[],
  chosen: readonly CatalogPaper[],
  how: { readonly sort: PaperSort; readonly direction: 'up' | 'down' },
  hits: ReadonlyMap<string, Hit> | null
): readonly CatalogPaper[] {
  if (how.sort === 'relevance' && hits !== null) {
    const score = (paper: CatalogPaper): number => hits.get(paper.artifactId)?.score ?? 0
    // “Down” shows the best first, like the newest first.
    const sign = how.direction === 'up' ? -1 : 1
    return [...chosen].sort((a, b) => sign * (score(b) - score(a)) || b.addedAt - a.addedAt)
  }
  const sort = how.sort === 'relevance' ? 'added' : how.sort
  const { ordered, without } = orderBy(all, sort)
  if (chosen.length === all.length)
    return [...(how.direction === 'down' ? ordered.toReversed() : ordered), ...without]
  const wanted = new Set(chosen)
  const shown = ordered.filter((paper) => wanted.has(paper))
  if (how.direction === 'down') shown.reverse()
  return [...shown, ...without.filter((paper) => wanted.has(paper))]
}

interface Ordered {
  readonly ordered: readonly CatalogPaper[]
  /** papers without a sort key, the newest first */
  readonly without: readonly CatalogPaper[]
}

function orderBy(all: readonly CatalogPaper[], sort: Exclude<PaperSort, 'relevance'>): Ordered {
  const known = orders.get(all) ?? new Map<string, Ordered>()
  orders.set(all, known)
  const found = known.get(sort)
  if (found !== undefined) return found
  const change = changeOf(all)
  const before = change === null ? undefined : orders.get(change.before)?.get(sort)
  const order = change === null || before === undefined ? sorted(all, sort) : broughtUp(before, change, sort)
  known.set(sort, order)
  return order
}

interface Keyed {
  readonly paper: CatalogPaper
  readonly key: string | number
}

const isBefore = (a: Keyed, b: Keyed): number =>
  a.key < b.key ? -1 : a.key > b.key ? 1 : a.paper.addedAt - b.paper.addedAt

function sorted(all: Iterable<CatalogPaper>, sort: Exclude<PaperSort, 'relevance'>): Ordered {
  const keyed: Keyed[] = []
  const without: CatalogPaper[] = []
  for (const paper of all) {
    const key = KEY[sort](paper)
    if (key === null || key === '') without.push(paper)
    else keyed.push({ paper, key })
  }
  keyed.sort(isBefore)
  without.sort((a, b) => b.addedAt - a.addedAt)
  return { ordered: keyed.map(({ paper }) => paper), without }
}

/** The order with some papers more and some less: a hundred thousand are not sorted again for one. */
function broughtUp(
  before: Ordered,
  { gone, come }: ListChange,
  sort: Exclude<PaperSort, 'relevance'>
): Ordered {
  const stays = (paper: CatalogPaper): boolean => !gone.has(paper)
  const fresh = sorted(come, sort)
  const ordered = before.ordered.filter(stays)
  for (const paper of fresh.ordered) {
    const mine = { paper, key: KEY[sort](paper) ?? '' }
    let [low, high] = [0, ordered.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const other = ordered[middle]
      if (other !== undefined && isBefore({ paper: other, key: KEY[sort](other) ?? '' }, mine) <= 0)
        low = middle + 1
      else high = middle
    }
    ordered.splice(low, 0, paper)
  }
  const without =
    gone.size + fresh.without.length === 0
      ? before.without
      : [...before.without.filter(stays), ...fresh.without].sort((a, b) => b.addedAt - a.addedAt)
  return { ordered, without }
}

/** Without accents, case and leading punctuation. */
function sortable(text: string): string {
  return fold(text).replace(/^[^\p{L}\p{N}]+/u, '')
}

// ─── Words in the facts ──────────────────────────────────────────────────────────────────────────

const folded = new WeakMap<CatalogPaper, string>()

/**
 * Papers whose facts contain all the words, each as a prefix of a word: available while the search is still
 * indexing, or is unavailable.
 */
export function matchFacts(papers: readonly CatalogPaper[], text: string): Map<string, Hit> {
  const words = fold(text).match(/[\p{L}\p{N}]+/gu) ?? []
  const found = new Map<string, Hit>()
  if (words.length === 0) return found
  for (const paper of papers) {
    const facts = factsText(paper)
    if (words.every((word) => facts.includes(` ${word}`))) {
      found.set(paper.artifactId, { score: 1, page: null, pages: 0 })
    }
  }
  return found
}

function factsText(paper: CatalogPaper): string {
  const known = folded.get(paper)
  if (known !== undefined) return known
  const { title, authors, venue, year, ids } = paper
  const names = Object.values(ids).filter((name) => typeof name === 'string')
  const facts = [title, ...authors, venue, year, ...names].filter((one) => one !== null).join(' ')
  const text = ` ${fold(facts).replace(/[^\p{L}\p{N}]+/gu, ' ')}`
  folded.set(paper, text)
  return text
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
}
