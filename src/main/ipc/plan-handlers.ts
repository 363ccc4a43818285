/**
 * Add papers: what was pasted, dropped, chosen or searched for becomes a preview; only `plan.commit`
 * plans. One search at a time; stopping it shows what was found until then.
 */
import { SheafError } from '../../contract/errors'
import type { TopicSearchInput } from '../../contract/requests'
import type { PreviewView } from '../../contract/add-views'
import type { WorkDraft } from '../../contract/work'
import type { TopicSearch } from '../sheaf-door'
import type { HandlersOf, NamesOf, Parts } from './parts'
import { previewRows } from './preview-rows'
import { previewsOf } from './previews'
import { PASTED, readFilesIntoPreview, readIntoPreview } from './read-preview'

const REFERENCE_FILES = {
  name: 'Reference lists',
  extensions: ['bib', 'ris', 'nbib', 'json', 'jsonl', 'csv', 'tsv', 'txt']
}

export function planHandlers(parts: Parts): HandlersOf<NamesOf<'plan'>> {
  const { session, desk } = parts
  const previews = previewsOf(session)
  let searching: AbortController | null = null
  return {
    'plan.read': ({ text, files = [] }) =>
      readIntoPreview(parts, [
        ...(text === undefined || text.trim() === ''
          ? []
          : [{ name: PASTED, bytes: new TextEncoder().encode(text) }]),
        ...files.map(({ name, bytes }) => ({ name: shownName(name), bytes }))
      ]),
    async 'plan.chooseFiles'() {
      const paths = await desk.chooseFiles({
        title: 'Choose reference files',
        filters: [REFERENCE_FILES, { name: 'All files', extensions: ['*'] }],
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
    'plan.rows'({ previewId, kind, offset, limit }) {
      const { rows } = previews.get(previewId)
      const shown = kind === undefined ? rows : rows.filter(({ row }) => row.kind === kind)
      return { total: shown.length, rows: shown.slice(offset, offset + limit).map(({ row }) => row) }
    },
    async 'plan.commit'({ previewId, leaveOut = [] }) {
      const left = new Set(leaveOut)
      const drafts = previews
        .get(previewId)
        .rows.flatMap(({ row, draft }) =>
          draft === null || row.kind !== 'new' || left.has(row.index) ? [] : [draft]
        )
      const planned = await session.plan(drafts, parts.signal)
      previews.discard(previewId)
      return planned
    },
    'plan.discard'({ previewId }) {
      previews.discard(previewId)
      return null
    }
  }
}

async function searchIntoPreview(
  parts: Parts,
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
      session.tell('searching', { found: drafts.length, of: wanted(total, search.max) })
    }
  } catch (error) {
    // Stopped by the person: what was found until then is shown. A page that failed ends it the same way.
    if (!stopped.aborted && (drafts.length === 0 || !(error instanceof SheafError))) throw error
    if (!stopped.aborted && error instanceof SheafError) {
      session.tell('notice', { tone: 'attention', text: error.message, hint: error.hint })
    }
  }
  const list = { name: 'OpenAlex', drafts, problems: [], repeated: 0 }
  const { rows, repeated } = await previewRows(session.sheaf, {
    lists: [list],
    nameless: true,
    signal: parts.signal
  })
  return previewsOf(session).keep({ previewId: host.random.hex(12), rows, repeated, available })
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

/** A name as it stands in a row: without folders, whatever the page calls it. */
function shownName(name: string): string {
  return name.replace(/^.*[\\/]/, '').slice(0, 200) || 'Dropped file'
}
