/**
 * Zotero: its collections and their items without a file, planned in one step; papers sent as items and files
 * attached to items, each paper once (the engine records every request before it is sent).
 */
import { ERRORS, fail, isSheafError } from '../../contract/errors'
import { asListName } from '../../contract/list-views'
import type { PlannedView, PreviewKind } from '../../contract/add-views'
import {
  attachesFiles,
  ZOTERO_ACTIONS,
  type ZoteroCollectionView,
  type ZoteroHanded,
  type ZoteroProblem,
  type ZoteroView
} from '../../contract/zotero'
import type { WorkDraft } from '../../contract/work'
import type { Sheaf, ZoteroHolding, ZoteroOutcome, ZoteroReading } from '../sheaf-api'
import { readZoteroItem, type Problem } from '../works/works'
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'
import { kindOf, LOOKED_UP_AT_ONCE } from './preview-rows'
import { needPapers } from './library-handlers'
import { keepPreview } from './read-preview'
import { tableOf } from '../../contract/tables'
import { inSlices } from '../platform/slices'

const MOST_PROBLEMS = 100

type Handing = Parameters<HandlerDeps['session']['sheaf']['handOver']>[0]

export function zoteroHandlers(parts: HandlerDeps): HandlersOf<NamesOf<'zotero'>> {
  const { session, signal } = parts
  let last: ZoteroReading | null = null
  let handing: AbortController | null = null

  const read = async (): Promise<ZoteroReading> => {
    last = await session.sheaf.readZotero(signal)
    return last
  }
  /** As it was shown; BAD_REQUEST when the collection no longer exists. */
  const missing = async (collection: string | null): Promise<readonly ZoteroHolding[]> => {
    const { items, unread } = last?.items == null ? await read() : last
    if (items === null) throw unread ?? fail('FILE_NOT_FOUND')
    if (collection !== null && !items.some((item) => item.collections.includes(collection)))
      fail('BAD_REQUEST', `Zotero has no collection “${collection}” with items any more.`, {
        hint: 'Press “Look again”.'
      })
    return items.filter((item) => !item.hasFile && isIn(item, collection))
  }
  const handOver = async (
    request: Omit<Handing, 'origin'>,
    collection: string | null
  ): Promise<ZoteroHanded> => {
    if (handing !== null) fail('TRANSITION_REFUSED', 'Papers are being handed over to Zotero already.')
    const mine = new AbortController()
    handing = mine
    try {
      return await handOverNow(parts, request, { collection, signal: AbortSignal.any([mine.signal, signal]) })
    } finally {
      handing = null
      last = null
      session.events.tell('zotero', { handing: null })
    }
  }

  return {
    'zotero.state': async () => viewOf(parts, await read()),
    'zotero.getMissing': async ({ collection }) => getMissing(parts, await missing(collection), collection),
    async 'zotero.showMissing'({ collection }) {
      const read = (await missing(collection)).map((item, at) => readZoteroItem(item, at + 1))
      const drafts = read.flatMap(({ draft }) => draft ?? [])
      const problems = read.flatMap(({ draft, problems: found }, at): Problem[] =>
        found.map((problem) => ({
          name: 'Zotero',
          line: at + 1,
          text: problem.unnamed?.facts.title ?? '',
          planned: draft !== null,
          ...problem
        }))
      )
      const lists = [{ name: 'Zotero', drafts, problems, repeats: [], repeated: 0 }]
      return keepPreview(parts, lists)
    },
    'zotero.send': async ({ artifactIds }) =>
      handOver(
        { action: 'send', drafts: null, list: null, works: await worksOf(parts, artifactIds ?? null) },
        null
      ),
    'zotero.attach': ({ collection }) =>
      handOver({ action: 'attach', drafts: null, list: null, works: null }, collection),
    'zotero.stop'() {
      handing?.abort()
      return null
    }
  }
}

const isIn = (item: ZoteroHolding, collection: string | null): boolean =>
  collection === null || item.collections.includes(collection)

async function viewOf({ session }: HandlerDeps, reading: ZoteroReading): Promise<ZoteroView> {
  const { about, silent, items, from, unread } = reading
  return {
    running:
      about === null
        ? null
        : {
            version: about.version,
            api: about.api,
            attaches: attachesFiles(about)
          },
    silent: silent?.toData() ?? null,
    source: from,
    unread: unread?.toData() ?? null,
    collections: items === null ? [] : collectionsOf(items, await kindsOf(session.sheaf, items))
  }
}

type Counted = { -readonly [K in keyof ZoteroCollectionView]: ZoteroCollectionView[K] }

/**
 * The state of each item without a file that has an identifier; in slices, so that other work runs in
 * between.
 */
async function kindsOf(
  sheaf: Pick<Sheaf, 'lookUp'>,
  items: readonly ZoteroHolding[]
): Promise<ReadonlyMap<ZoteroHolding, PreviewKind>> {
  const kinds = new Map<ZoteroHolding, PreviewKind>()
  for await (const some of inSlices(items.entries(), LOOKED_UP_AT_ONCE)) {
    const named = some.flatMap(([at, item]) => {
      const draft = item.hasFile ? null : readZoteroItem(item, at + 1).draft
      return draft === null ? [] : [{ item, draft }]
    })
    const known = sheaf.lookUp(named.map(({ draft }) => draft))
    for (const [at, { item }] of named.entries()) kinds.set(item, kindOf(known[at] ?? null))
  }
  return kinds
}

/** The whole library first, then sorted by name. */
function collectionsOf(
  items: readonly ZoteroHolding[],
  kinds: ReadonlyMap<ZoteroHolding, PreviewKind>
): readonly ZoteroCollectionView[] {
  const counts = new Map<string | null, Counted>()
  const of = (name: string | null): Counted => {
    const made = counts.get(name) ?? { name, items: 0, missing: 0, here: 0, known: 0, nameless: 0 }
    counts.set(name, made)
    return made
  }
  of(null)
  for (const item of items) {
    for (const name of new Set([null, ...item.collections])) {
      const count = of(name)
      count.items += 1
      if (item.hasFile) continue
      count.missing += 1
      const kind = kinds.get(item)
      if (kind === undefined) count.nameless += 1
      else if (kind === 'in_library') count.here += 1
      else if (kind !== 'new') count.known += 1
    }
  }
  const [all, ...others] = [...counts.values()]
  return all === undefined ? [] : [all, ...others.sort((a, b) => (a.name ?? '').localeCompare(b.name ?? ''))]
}

/** Plans the items with an identifier, in a list of the collection's name if lists are recorded. */
async function getMissing(
  { session, signal }: HandlerDeps,
  items: readonly ZoteroHolding[],
  collection: string | null
): Promise<PlannedView> {
  const drafts = items.flatMap((item, at): WorkDraft[] => {
    const { draft } = readZoteroItem(item, at + 1)
    // Without its position, which changes when items are inserted before it.
    return draft === null ? [] : [{ ...draft, origin: { name: 'Zotero' } }]
  })
  const remembers = session.sheaf.options.settings['safety.switch'] !== 'off'
  return session.run.plan(
    drafts,
    signal,
    remembers ? { name: asListName(collection === null ? 'Zotero' : `Zotero: ${collection}`) } : undefined
  )
}

/** Null: the whole library. NO_SUCH_WORK when none of them exists. */
async function worksOf(
  { session }: HandlerDeps,
  artifactIds: readonly string[] | null
): Promise<readonly string[] | null> {
  if (artifactIds === null) return null
  return (await needPapers(session.sheaf, artifactIds)).map(({ workId }) => workId)
}

async function handOverNow(
  { session }: HandlerDeps,
  request: Omit<Handing, 'origin'>,
  how: { readonly collection: string | null; readonly signal: AbortSignal }
): Promise<ZoteroHanded> {
  const { sheaf, events } = session
  const outcomes: ZoteroOutcome[] = []
  const seen = { blind: false, oneTime: false }
  let confirm = false
  const tell = (): void => {
    events.tell('zotero', { handing: { done: outcomes.length, confirm } })
  }
  tell()
  try {
    await sheaf.handOver(
      { ...request, origin: sheaf.options.settings['zotero.url'] },
      {
        ...how,
        readDatabase: () => sheaf.zoteroDatabase(),
        dryRun: false,
        again: false,
        tell: (outcome) => {
          outcomes.push(outcome)
          confirm = false
          tell()
        },
        notice: (what) => {
          if (what === 'blind') seen.blind = true
          if (what === 'one-time') seen.oneTime = true
          confirm = what === 'confirm'
          tell()
        }
      }
    )
  } catch (error) {
    // Stopped by the user: earlier papers stay handed over.
    if (!how.signal.aborted || isSheafError(error)) throw error
  }
  return { ...handedOf(outcomes, (workId) => sheaf.namesOf(workId)?.facts.title ?? null), ...seen }
}

function handedOf(
  outcomes: readonly ZoteroOutcome[],
  titleOf: (workId: string) => string | null
): Pick<ZoteroHanded, 'counts' | 'withoutFile' | 'problems'> {
  const counts = tableOf(ZOTERO_ACTIONS, (action) => outcomes.filter((one) => one.action === action).length)
  const problems = outcomes.flatMap((outcome): ZoteroProblem[] => {
    const { workId, action, reason, because = '' } = outcome
    if (action !== 'failed' && action !== 'unknown') return []
    const hint = reason === undefined ? '' : ERRORS[reason].hint
    return [{ title: titleOf(workId), action, because, hint }]
  })
  return {
    counts,
    withoutFile: outcomes.filter(({ action, hasFile }) => action === 'existing' && hasFile === false).length,
    problems: problems.slice(0, MOST_PROBLEMS)
  }
}
