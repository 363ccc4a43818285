/**
 * Add papers: pasted, dropped, chosen or searched input becomes a preview; only `plan.commit` plans. One
 * search at a time; stopping it shows the results so far.
 */
import { fail, SheafError } from '../../contract/errors'
import { PASTED, REFERENCE_EXTENSIONS } from '../../contract/file-kinds'
import type { TopicSearchInput } from '../../contract/requests'
import type { PlannedView, PreviewView } from '../../contract/add-views'
import type { WorkDraft } from '../../contract/work'
import type { PlanList } from '../sheaf-api'
import type { TopicSearch } from '../sheaf-requests'
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'
import { lookForCopies, withCopies } from './copy-rows'
import { listedDrafts, listOf, newDrafts } from './list-of-preview'
import { matchRows } from './match-rows'
import { previewRows } from './preview-rows'
import { previewsOf } from './previews'
import { readFilesIntoPreview, readIntoPreview } from './read-preview'
import { ALL_FILES } from './system-dialogs'

const REFERENCE_FILES = {
  name: 'Reference lists',
  extensions: [...REFERENCE_EXTENSIONS]
}

/** Papers planned between two progress reports, after each of which the user may stop. */
const PLANNED_AT_ONCE = 1_000

/** Size: one short handler a request. */
export function planHandlers(parts: HandlerDeps): HandlersOf<NamesOf<'plan'>> {
  const { session, systemDialogs } = parts
  const previews = previewsOf(session)
  let searching: AbortController | null = null
  let planning: AbortController | null = null
  const matching = new Map<string, AbortController>()
  const expecting = new Map<string, AbortController>()

  /** A look-up for a preview, which ends when the preview is discarded. */
  async function untilDiscarded(
    running: Map<string, AbortController>,
    previewId: string,
    lookUp: (signal: AbortSignal) => Promise<PreviewView>
  ): Promise<PreviewView> {
    const mine = new AbortController()
    running.set(previewId, mine)
    try {
      return await lookUp(AbortSignal.any([mine.signal, parts.signal]))
    } catch (error) {
      if (mine.signal.aborted) return fail('NO_SUCH_PREVIEW')
      throw error
    } finally {
      running.delete(previewId)
    }
  }

  return {
    'plan.read': ({ text, files = [] }) =>
      readIntoPreview(parts, [
        ...(text === undefined || text.trim() === ''
          ? []
          : [{ name: PASTED, bytes: new TextEncoder().encode(text) }]),
        ...files.map(({ name, bytes }) => ({ name: shownName(name), bytes }))
      ]),
    async 'plan.chooseFiles'() {
      const paths = await systemDialogs.chooseFiles({
        title: 'Choose reference files',
        filters: [REFERENCE_FILES, ALL_FILES],
        many: true
      })
      return paths.length === 0 ? null : readFilesIntoPreview(parts, paths)
    },
    async 'plan.search'(search) {
      searching?.abort()
      const mine = new AbortController()
      searching = mine
      try {
        return await searchIntoPreview(parts, search, mine.signal)
      } finally {
        if (searching === mine) searching = null
      }
    },
    'plan.stopSearch'() {
      searching?.abort()
      return null
    },
    'plan.match': ({ previewId }) =>
      untilDiscarded(matching, previewId, async (signal) => {
        const { rows } = previews.get(previewId)
        return previews.renew(previewId, { rows: await matchRows(parts, rows, signal) })
      }),
    'plan.expect': ({ previewId }) =>
      untilDiscarded(expecting, previewId, async (signal) => {
        const { rows } = previews.get(previewId)
        const { copies, forecast } = await lookForCopies(parts, rows, signal)
        // Titles may have been looked up meanwhile: read the rows again.
        return previews.renew(previewId, { rows: withCopies(previews.get(previewId).rows, copies), forecast })
      }),
    'plan.rows'({ previewId, kind, offset, limit }) {
      const { rows } = previews.get(previewId)
      const shown = kind === undefined ? rows : rows.filter(({ row }) => row.kind === kind)
      return { total: shown.length, rows: shown.slice(offset, offset + limit).map(({ row }) => row) }
    },
    async 'plan.commit'({ previewId, list, ...chosen }) {
      const preview = previews.get(previewId)
      const drafts = list === undefined ? newDrafts(preview, chosen) : listedDrafts(preview, chosen)
      const into = list === undefined ? undefined : listOf(list, preview, chosen)
      const mine = new AbortController()
      planning = mine
      try {
        const planned = await planInSteps(parts, { drafts, list: into }, mine.signal)
        expecting.get(previewId)?.abort()
        previews.discard(previewId)
        return planned
      } finally {
        if (planning === mine) planning = null
      }
    },
    'plan.stop'() {
      planning?.abort()
      return null
    },
    'plan.discard'({ previewId }) {
      matching.get(previewId)?.abort()
      expecting.get(previewId)?.abort()
      previews.discard(previewId)
      return null
    }
  }
}

/** When stopped, it ends before the next step: planned papers stay, and are counted. */
async function planInSteps(
  { session, signal }: HandlerDeps,
  { drafts, list }: { readonly drafts: readonly WorkDraft[]; readonly list: PlanList | undefined },
  stopped: AbortSignal
): Promise<PlannedView> {
  const sum = { newJobs: 0, existingJobs: 0, removed: 0, jobIds: [] as string[] }
  // A list is created even when all its entries are records without a paper.
  const steps = Math.max(Math.ceil(drafts.length / PLANNED_AT_ONCE), list === undefined ? 0 : 1)
  for (let nth = 0; nth < steps && !stopped.aborted; nth += 1) {
    const from = nth * PLANNED_AT_ONCE
    const into = nth === 0 || list === undefined ? list : { ...list, refused: [] }
    if (drafts.length > PLANNED_AT_ONCE) session.events.tell('planning', { planned: from, of: drafts.length })
    const step = await session.run.plan(drafts.slice(from, from + PLANNED_AT_ONCE), signal, into)
    sum.newJobs += step.newJobs
    sum.existingJobs += step.existingJobs
    sum.removed += step.removed
    for (const jobId of step.jobIds) sum.jobIds.push(jobId)
  }
  return sum
}

async function searchIntoPreview(
  parts: HandlerDeps,
  search: TopicSearchInput,
  stopped: AbortSignal
): Promise<PreviewView> {
  const { session, host } = parts
  const drafts: WorkDraft[] = []
  let available: number | null = null
  try {
    const pages = session.sheaf.searchWorks(topicOf(search), AbortSignal.any([stopped, parts.signal]))
    for await (const { page, total } of pages) {
      drafts.push(...page)
      available = total
      session.events.tell('searching', { found: drafts.length, of: wanted(total, search.max) })
    }
  } catch (error) {
    // Stopped by the user: the results so far are shown. A failed page ends the search in the same way.
    if (!stopped.aborted && (drafts.length === 0 || !(error instanceof SheafError))) throw error
    if (!stopped.aborted && error instanceof SheafError) {
      session.events.tell('notice', { tone: 'attention', text: error.message, hint: error.hint })
    }
  }
  const list = { name: 'OpenAlex', drafts, problems: [], repeats: [], repeated: 0 }
  const previewed = await previewRows(session.sheaf, {
    lists: [list],
    nameless: true,
    signal: parts.signal
  })
  return previewsOf(session).keep({ previewId: host.random.hex(12), ...previewed, available })
}

function topicOf({ query, oaOnly, max, yearStart, yearEnd }: TopicSearchInput): TopicSearch {
  return {
    query,
    oaOnly,
    max,
    ...(yearStart === undefined ? {} : { yearStart }),
    ...(yearEnd === undefined ? {} : { yearEnd })
  }
}

function wanted(total: number | null, most: number): number | null {
  return total === null ? null : Math.min(total, most)
}

/** A name for a row: without folders, whatever the page sent. */
function shownName(name: string): string {
  return name.replace(/^.*[\\/]/, '').slice(0, 200) || 'Dropped file'
}
