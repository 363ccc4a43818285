/**
 * Named lists: membership of planned jobs. Written in the same transaction as the plan of a work, so that a
 * list never misses a work planned for it.
 */
import { fail } from '../../contract/errors'
import type { WorkDraft } from '../../contract/work'
import type { Reader, Writer } from '../ledger/ledger'
import { allLists, listByName, needList, putListEntry, putRefusedEntry } from '../ledger/lists'
import type { Engine } from './engine'

export interface PlanList {
  readonly name: string
  /** entries that could not be planned: they count as records, too */
  readonly refused?: readonly {
    readonly origin: string
    readonly place: string
    readonly because: string
  }[]
  /** how often each source has named a work so far; shared by all steps of one plan */
  readonly named?: NamedSoFar
}

/** By source and work. */
export type NamedSoFar = Map<string, number>

/** Adds a planned work to the list, under the entry that named it. */
export function addToList(
  w: Writer,
  list: PlanList,
  planned: {
    readonly draft: WorkDraft
    readonly workId: string
    readonly now: number
    readonly named: NamedSoFar
  }
): void {
  const { draft, workId, now, named } = planned
  const { name: origin, line } = draft.origin ?? { name: 'search' }
  const key = JSON.stringify([origin, workId])
  const nth = (named.get(key) ?? 0) + 1
  named.set(key, nth)
  putListEntry(w, {
    listId: needList(w, list.name, now),
    origin,
    place: line === undefined ? workId : String(line),
    workId,
    citationKey: draft.key ?? null,
    nth,
    now
  })
}

/** Creates the list before anything is planned for it, with the entries that cannot be planned. */
export async function beginList(engine: Engine, list: PlanList | undefined): Promise<void> {
  if (list === undefined) return
  if (engine.settings['safety.switch'] === 'off') {
    fail(
      'BAD_OPTION',
      'A list is kept in the ledger, and crash-safe downloads are off: add --enable-idempotency.'
    )
  }
  const now = engine.host.clock.now()
  await engine.ledger.commit((w) => {
    const listId = needList(w, list.name, now)
    for (const { origin, place, because } of list.refused ?? []) {
      putRefusedEntry(w, { listId, origin, place, because, now })
    }
  })
}

/** NO_SUCH_LIST reports the existing lists. */
export function needListId(r: Reader, name: string): number {
  const found = listByName(r, name)
  if (found !== null) return found
  const names = allLists(r).map((list) => `“${list.name}”`)
  const there = names.length === 0 ? 'There is no list yet.' : `There are: ${names.slice(0, 10).join(', ')}.`
  return fail('NO_SUCH_LIST', `There is no list “${name}”. ${there}`)
}
