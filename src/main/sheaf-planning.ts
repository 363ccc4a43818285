/** Lists of works: planned, previewed, looked up by title or topic, received from the browser. */
import { join } from 'node:path'
import type { WorkDraft } from '../contract/work'
import { makeCompanion } from './engine/companion/companion'
import type { Engine } from './engine/engine'
import { beginList } from './engine/lists'
import { landingAddress } from './engine/ops/wire-url'
import { expectCopies, previewAll } from './engine/preview'
import { countExisting, draftPieces, nothingSaid, planDrafts } from './engine/plan-drafts'
import { matchTitles } from './engine/titles/match-titles'
import { untilSearchFails } from './engine/until-search-fails'
import { paperName } from './library/paper-name'
import type { PlanRequest } from './sheaf-requests'
import type { SheafPlanning } from './sheaf-api'
import { withLibrary, type Own, type SheafParts } from './sheaf-parts'
import { searchOpenAlex } from './sources/openalex-search'

/** The works of a request in pieces: the given ones, then those found by its search. */
export async function* draftsOf(
  engine: Engine,
  request: PlanRequest,
  signal: AbortSignal
): AsyncIterable<readonly WorkDraft[]> {
  yield* draftPieces(request.drafts)
  if (request.search === undefined) return
  for await (const { page } of searchOpenAlex(request.search, engine.net, engine.keyOf('openalex'), signal))
    yield page
}

export function makePlanning(parts: SheafParts, dataDir: string): Own<SheafPlanning> {
  const { engine, care, working, closing } = parts
  /** For plans and previews, which keep no statistics: a failed search is reported in its own line. */
  const listsOf = (request: PlanRequest, signal: AbortSignal): AsyncIterable<readonly WorkDraft[]> =>
    untilSearchFails(draftsOf(engine, request, signal), (error) => {
      engine.emit({ type: 'error', ...error.toData() })
    })

  return {
    async plan(request, signal) {
      await beginList(engine, request.list)
      const lines = []
      let unrecorded = 0
      const how = {
        formats: request.formats,
        priority: request.priority ?? 0,
        runId: null,
        list: request.list,
        said: nothingSaid()
      }
      await care.takeIn(engine.library, engine.settings, signal)
      for await (const drafts of listsOf(request, signal)) {
        const planned = await planDrafts(engine, drafts, how, signal)
        for (const line of planned.lines) lines.push(line)
        unrecorded += planned.unrecorded
      }
      return {
        planned: lines,
        unrecorded,
        newJobs: lines.filter((line) => !line.existing).length,
        existingJobs: countExisting(lines.filter((line) => line.tombstone === undefined)),
        tombstones: lines.filter((line) => line.tombstone !== undefined).length
      }
    },
    preview: ({ onlyFirst = false, ...request }, signal) =>
      previewAll(engine, listsOf(request, signal), { formats: request.formats, onlyFirst }, signal),
    expectCopies: (drafts, how) =>
      working.during(how.signal, (signal) => expectCopies(engine, drafts, { ...how, signal })),
    matchTitles: (references, how) =>
      working.during(how.signal, (signal) => matchTitles(engine, references, { ...how, signal })),
    searchWorks: (search, signal) =>
      searchOpenAlex(search, engine.net, engine.keyOf('openalex'), AbortSignal.any([signal, closing])),
    companion: makeCompanion({
      engine,
      inbox: join(dataDir, 'companion'),
      during: (signal, work) => working.during(signal, (until) => withLibrary(parts, () => work(until)))
    }),
    landingAddress: (url) => landingAddress(url, engine.settings['network.proxyPrefix']),
    nameUnder: (template, work) => paperName(template, { ...work, format: 'pdf' })
  }
}
