/** Selects the papers to send to Zotero and collects their metadata. */
import { basename, join } from 'node:path'
import { shownPath, type WorkDraft } from '../../../contract/work'
import { citationKeysIn, type KeyOf } from '../citation-keys'
import { worksInList } from '../../ledger/lists'
import { workById } from '../../ledger/works'
import { needListId } from '../lists'
import type { CatalogPaper } from '../catalog-paper'
import type { LibraryCatalog } from '../library-catalog'
import { lookUpWork } from '../look-up'
import { attachPapers } from './attach-papers'
import { sendPapers } from './send-papers'
import type { ZoteroHow, ZoteroPaper, ZoteroParts } from './zotero-session'
import { workIdOf } from '../../works/works'

export interface HandoverRequest {
  readonly action: 'send' | 'attach'
  /** `http://127.0.0.1:23119` */
  readonly origin: string
  /** null: the whole library */
  readonly drafts: readonly WorkDraft[] | null
  /** only papers of these works; null: whatever `drafts` says */
  readonly works: readonly string[] | null
  /** only papers of this named list; NO_SUCH_LIST */
  readonly list: string | null
}

/**
 * Hands papers over, each once; every paper's outcome is reported. Throws errors that end the whole
 * operation.
 */
export type HandOver = (request: HandoverRequest, how: ZoteroHow) => Promise<void>

export function makeHandOver(
  parts: ZoteroParts & {
    readonly catalog: () => LibraryCatalog
    readonly root: () => string
    /** the setting `export.citationKey` */
    readonly citationKey: () => string
  }
): HandOver {
  return async (request, how) => {
    const papers = await papersMeant(parts, request, how)
    const asked = { origin: request.origin, papers }
    await (request.action === 'send' ? sendPapers(parts, asked, how) : attachPapers(parts, asked, how))
  }
}

async function papersMeant(
  parts: Parameters<typeof makeHandOver>[0],
  { drafts, works, list }: HandoverRequest,
  how: ZoteroHow
): Promise<readonly ZoteroPaper[]> {
  const { ledger } = parts
  const all = (await parts.catalog().papers()).filter(({ format }) => format === 'pdf')
  const byWork = new Map(all.map((paper) => [paper.workId, paper]))
  const keyOf = await citationKeysIn((ask) => ledger.read(ask), parts.citationKey())
  const listed = list === null ? null : ledger.read((r) => worksInList(r, needListId(r, list)))
  const chosen = works === null ? null : new Set(works)
  const isListed = ({ workId }: CatalogPaper): boolean =>
    (listed === null || listed.has(workId)) && (chosen === null || chosen.has(workId))
  if (drafts === null) return all.filter(isListed).flatMap((paper) => paperOf(parts, paper, keyOf))
  const meant = new Map<string, ZoteroPaper>()
  for (const draft of drafts) {
    const workId = ledger.read((r) => lookUpWork(r, draft))?.workId ?? workIdOf(draft.ids, draft.namedBy)
    const paper = byWork.get(workId)
    const [found] = paper === undefined ? [] : paperOf(parts, paper, keyOf)
    if (found === undefined) how.tell({ workId, itemKey: null, action: 'not_here', hasFile: null })
    else if (paper !== undefined && isListed(paper)) meant.set(workId, found)
  }
  return [...meant.values()]
}

/** Null for a file whose work is unknown. */
function paperOf(
  parts: Parameters<typeof makeHandOver>[0],
  paper: CatalogPaper,
  keyOf: KeyOf
): readonly ZoteroPaper[] {
  const { workId, url } = paper
  const work = parts.ledger.read((r) => workById(r, workId))
  const known = work?.ids ?? paper.ids
  const ids = Object.keys(known).length > 0 ? known : url === null ? {} : { url }
  if (Object.keys(ids).length === 0) return []
  const reference = parts.catalog().reference(workId)
  const { title, authors, year, venue, type } = paper
  const facts = work?.facts ?? {
    ...(title === null ? {} : { title }),
    ...(authors.length === 0 ? {} : { authors }),
    ...(year === null ? {} : { year }),
    ...(venue === null ? {} : { venue }),
    ...(type === null ? {} : { type })
  }
  const key = keyOf({ workId, facts, ...(reference === undefined ? {} : { reference }) })
  return [
    {
      workId,
      ids,
      facts,
      ...(reference === undefined ? {} : { reference }),
      ...(key === undefined ? {} : { key }),
      // Uses the object, because the user can rename or change the readable file.
      file: join(parts.root(), paper.path),
      sha256: paper.sha256,
      filename: basename(shownPath(paper)),
      url
    }
  ]
}
