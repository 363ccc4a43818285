/**
 * The library screen's requests: list, search, show, cite, export and remove papers. Papers are named by id;
 * file paths stay on this side.
 */
import { CITATION_STYLES, type CitationStyle } from '../../contract/citation-styles'
import { fail } from '../../contract/errors'
import { forTable } from '../../contract/exits'
import { redactData } from '../../contract/redact'
import type { PaperQuery } from '../../contract/requests'
import { isEmpty } from '../../contract/stored-provenance'
import type { PaperDetail, PaperPage, PaperView } from '../../contract/library-views'
import { shownPath, type WorkDraft } from '../../contract/work'
import { inChunks } from '../platform/chunks'
import { inSlices } from '../platform/slices'
import type { Sheaf, CatalogPaper, KeyOf } from '../sheaf-api'
import { referencePieces, writeReferences, type WritableFormat, type WriteEntry } from '../works/works'
import { paperFile } from './library-file'
import { choosePapers, matchFacts, sortPapers, type Chosen, type Hit } from './library-list'
import { citationLine, fileView, fileViewOfListed, paperView, referenceOf } from './library-views'
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'
import { OwnStyles } from './own-styles'
import { readerHandlers, readerState } from './reader-handlers'

const EXPORTS: Readonly<Record<WritableFormat, { readonly extension: string; readonly kind: string }>> = {
  bibtex: { extension: 'bib', kind: 'BibTeX' },
  ris: { extension: 'ris', kind: 'RIS' },
  'csl-json': { extension: 'json', kind: 'CSL-JSON' },
  csv: { extension: 'csv', kind: 'CSV' },
  jsonl: { extension: 'jsonl', kind: 'JSON Lines' }
}

/** Size: one short handler a request. */
export function libraryHandlers(parts: HandlerDeps): HandlersOf<NamesOf<'library' | 'reader'>> {
  const { session, systemDialogs, host } = parts
  /** removed papers without a row in the ledger: an undo plans them again */
  const takenOut = new Map<string, WorkDraft>()

  const reference = (paper: CatalogPaper): string | undefined => session.sheaf.catalog.reference(paper.workId)

  const keys = citationKeysOf(() => session.sheaf)

  async function referrer(): Promise<(paper: CatalogPaper) => WriteEntry> {
    const keyOf = await keys()
    return (paper) => referenceOf(paper, { reference: reference(paper), keyOf })
  }

  async function need(artifactId: string): Promise<CatalogPaper> {
    const paper = await session.sheaf.catalog.paper(artifactId)
    return paper ?? fail('NO_SUCH_WORK', 'This paper is not in the library.')
  }

  const needAll = (artifactIds: readonly string[]): Promise<readonly CatalogPaper[]> =>
    needPapers(session.sheaf, artifactIds)

  const fileOf = (paper: CatalogPaper): Promise<string> =>
    paperFile(host.files, session.library.folder, paper)

  async function remove(paper: CatalogPaper): Promise<{ readonly workId: string; readonly files: number }> {
    const { sheaf } = session
    if (paper.recorded) return sheaf.remove(paper.workId)
    const { ids, facts } = referenceOf(paper)
    const removed = await sheaf.removeListed(paper.artifactId)
    takenOut.set(paper.workId, { ids, facts })
    return removed
  }

  return {
    'library.count': async ({ list }) => ({
      papers:
        list === undefined
          ? await session.sheaf.catalog.count()
          : (await papersOf(session.sheaf, list)).length,
      revision: parts.revision('library')
    }),
    'library.list': async ({ query, sort, direction, offset, limit }): Promise<PaperPage> => {
      const { sheaf } = session
      const isPlain = isEmpty(query) && sort === 'added'
      const early = isPlain ? sheaf.catalog.early({ direction, offset, limit }) : null
      if (early !== null)
        return {
          total: early.all,
          all: early.all,
          bytes: null,
          offset,
          rows: await views(sheaf, early.papers, '', null),
          facets: NO_FACETS,
          unread: sheaf.unread(),
          searchFull: sheaf.isSearchFull(),
          revision: parts.revision('library')
        }
      const { all, hits, chosen } = await choose(sheaf, query)
      const rows = sortPapers(all, chosen.papers, { sort, direction }, hits).slice(offset, offset + limit)
      return {
        total: chosen.papers.length,
        all: all.length,
        bytes: chosen.bytes,
        offset,
        rows: await views(sheaf, rows, query.text ?? '', hits),
        facets: chosen.facets,
        unread: sheaf.unread(),
        searchFull: sheaf.isSearchFull(),
        revision: parts.revision('library')
      }
    },
    'library.paper': async ({ artifactId }): Promise<PaperDetail> => {
      const { sheaf } = session
      const paper = await need(artifactId)
      const artifact = sheaf.catalog.artifact(artifactId)
      const [view] = await views(sheaf, [paper], '', null)
      if (view === undefined) return fail('INTERNAL')
      const sameBytes = await sheaf.catalog.sameBytes(paper)
      return {
        paper: view,
        ids: paper.ids,
        file: artifact === null ? fileViewOfListed(paper) : fileView(artifact),
        bibtex: writeReferences([(await referrer())(paper)], 'bibtex'),
        sameBytes: sameBytes.map((paper) => ({ artifactId: paper.artifactId, title: paper.title })),
        reader: readerState(session, artifactId)
      }
    },
    'library.reveal': async ({ artifactId }) => {
      systemDialogs.revealInFolder(await fileOf(await need(artifactId)))
      return null
    },
    'library.openWith': async ({ artifactId }) => {
      await systemDialogs.openPath(await fileOf(await need(artifactId)))
      return null
    },
    'library.copyCitation': async ({ artifactIds, format }) => {
      const papers = await needAll(artifactIds)
      const text =
        format === 'text'
          ? papers.map((paper) => `${forTable(citationLine(paper))}.\n`).join('')
          : writeReferences(papers.map(await referrer()), format)
      systemDialogs.copyText(text)
      return { copied: papers.length }
    },
    'library.cite': async ({ artifactIds, style, locale, what }) => {
      const papers = await needAll(artifactIds)
      const { cite } = await import('../works/cite/cite')
      const entries = papers.map((paper) => referenceOf(paper, { reference: reference(paper) }))
      const made = await cite(entries, {
        style: isBundled(style) ? style : await new OwnStyles(host.files, session.dataDir).use(style),
        locale,
        format: 'text'
      })
      const text = what === 'citation' ? made.citation : made.entries.map((entry) => `${entry}\n`).join('')
      systemDialogs.copyText(text)
      return { copied: papers.length, text }
    },
    'library.export': async ({ which, format }) => {
      const { sheaf } = session
      const papers =
        'query' in which ? (await choose(sheaf, which.query)).chosen.papers : await needAll(which.artifactIds)
      if (papers.length === 0) return fail('NO_SUCH_WORK', 'No paper is shown that could be exported.')
      const { extension, kind } = EXPORTS[format]
      const file = await systemDialogs.chooseWhereToSave({
        title: `Export as ${kind}`,
        name: `sheaf-library.${extension}`
      })
      if (file === null) return null
      const root = session.library.folder
      const keyOf = await keys()
      const entries = (function* () {
        for (const paper of papers)
          yield referenceOf(paper, {
            file: `${root}/${shownPath(paper)}`,
            reference: reference(paper),
            keyOf
          })
      })()
      await host.files.writeWhole(file, inChunks(referencePieces(entries, format)))
      return { file, papers: papers.length }
    },
    'library.copyProvenance': async ({ artifactId }) => {
      const paper = await need(artifactId)
      const artifact = session.sheaf.catalog.artifact(artifactId)
      const { ids, facts } = referenceOf(paper)
      const file = artifact ?? fileViewOfListed(paper)
      systemDialogs.copyText(`${JSON.stringify(redactData({ ids, facts, file }), null, 2)}\n`)
      return null
    },
    'library.remove': async ({ artifactId }) => remove(await need(artifactId)),
    'library.undoRemove': async ({ workId }) => {
      const draft = takenOut.get(workId)
      if (draft !== undefined) {
        await session.run.plan([draft], parts.signal)
        takenOut.delete(workId)
        return { workId }
      }
      const restored = await session.sheaf.undoRemove(workId)
      session.run.wake()
      return restored
    },
    'library.keepThumbnail': async ({ sha256, bytes }) => {
      const { sheaf } = session
      if ((await sheaf.catalog.sameBytes({ artifactId: '', sha256 })).length === 0) {
        return fail('NO_SUCH_WORK', 'No paper of the library has these bytes.')
      }
      await sheaf.thumbnails.keep(sha256, bytes)
      return null
    },
    ...readerHandlers(parts)
  }
}

/** The papers with these ids; NO_SUCH_WORK when none of them exists. */
export async function needPapers(
  sheaf: Sheaf,
  artifactIds: readonly string[]
): Promise<readonly CatalogPaper[]> {
  const wanted = new Set(artifactIds)
  const papers = (await sheaf.catalog.papers()).filter((paper) => wanted.has(paper.artifactId))
  return papers.length === 0 ? fail('NO_SUCH_WORK', 'These papers are not in the library.') : papers
}

/** They are counted when all papers are read. */
const NO_FACETS: PaperPage['facets'] = { year: [], source: [], license: [], run: [] }

const isBundled = (style: string): style is CitationStyle => CITATION_STYLES.some((one) => one === style)

/** Citation keys of the current library; recomputed when it or the pattern changes. */
function citationKeysOf(sheafNow: () => Sheaf): () => Promise<KeyOf> {
  let made: { readonly of: string; readonly keys: Promise<KeyOf> } | null = null
  return async () => {
    const sheaf = sheafNow()
    const of = `${String(sheaf.catalog.revision())} ${sheaf.options.libraryDir} ${sheaf.options.settings['export.citationKey']}`
    if (made?.of !== of) {
      const keys = sheaf.citationKeys()
      made = { of, keys }
      keys.catch(() => {
        made = null
      })
    }
    return made.keys
  }
}

interface Choice {
  readonly all: readonly CatalogPaper[]
  readonly hits: ReadonlyMap<string, Hit> | null
  readonly chosen: Chosen
}

async function choose(sheaf: Sheaf, query: PaperQuery): Promise<Choice> {
  const all = await sheaf.catalog.papers()
  const text = query.text?.trim() ?? ''
  const hits = text === '' ? null : await find(sheaf, all, text)
  const listed = query.list === undefined ? all : await papersOf(sheaf, query.list)
  return { all, hits, chosen: choosePapers(listed, query, hits, sheaf.catalog.runs()) }
}

/** The papers of a named list. */
async function papersOf(sheaf: Sheaf, list: string): Promise<readonly CatalogPaper[]> {
  const all = await sheaf.catalog.papers()
  const works = sheaf.catalog.worksOfList(list)
  return all.filter((paper) => works.has(paper.workId))
}

/** Compared between two pauses. */
const FACTS_AT_ONCE = 500

/** Hits of the search, plus papers found by their facts that are not indexed yet. */
async function find(
  sheaf: Sheaf,
  papers: readonly CatalogPaper[],
  text: string
): Promise<ReadonlyMap<string, Hit>> {
  const hits = new Map<string, Hit>()
  for await (const some of inSlices(papers, FACTS_AT_ONCE))
    for (const [id, hit] of matchFacts(some, text)) hits.set(id, hit)
  for (const { artifactId, ...hit } of await sheaf.find(text)) hits.set(artifactId, hit)
  return hits
}

async function views(
  sheaf: Sheaf,
  papers: readonly CatalogPaper[],
  text: string,
  hits: ReadonlyMap<string, Hit> | null
): Promise<readonly PaperView[]> {
  const pictures = await sheaf.thumbnails.known()
  const places = papers.flatMap(({ artifactId }) => {
    const page = hits?.get(artifactId)?.page ?? null
    return page === null ? [] : [{ artifactId, page }]
  })
  const snippets = places.length === 0 ? [] : await sheaf.snippets(text, places)
  const shown = new Map(places.map(({ artifactId }, index) => [artifactId, snippets[index] ?? null]))
  return papers.map((paper) => {
    const snippet = shown.get(paper.artifactId) ?? null
    const pages = hits?.get(paper.artifactId)?.pages ?? 0
    return paperView(paper, {
      hasThumbnail: pictures.has(paper.sha256),
      hit: snippet === null ? null : { page: snippet.page, snippet: snippet.text, pages }
    })
  })
}
