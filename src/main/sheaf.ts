/**
 * Joins the modules. `openSheaf` takes the ledger's lock, recovers what an earlier process left, and
 * returns what `sheaf-api.ts` promises; `close` releases everything in the reverse order. It decides
 * nothing that a module could decide.
 */
import { join } from 'node:path'
import { SheafError } from '../contract/errors'
import type { Line, ReconcileLine } from '../contract/lines'
import type { WorkDraft } from '../contract/work'
import { doneLine } from './engine/answers'
import { acceptQuarantined, attachFile } from './engine/attach'
import {
  cancelJobs,
  freeJobs,
  holdJobs,
  ignoreJobs,
  removeWork,
  restoreWork,
  retryJobs,
  unignoreJobs
} from './engine/control'
import { endDeadRuns } from './engine/dead-runs'
import type { Engine } from './engine/engine'
import { Gate } from './engine/gate'
import { LibraryCare, unreachableLine } from './engine/library-care'
import { beginList } from './engine/lists'
import { landingAddress } from './engine/ops/wire-url'
import { takeSettings } from './engine/live-settings'
import { expectCopies, previewAll } from './engine/preview'
import { reconcile } from './engine/reconcile'
import { keepSearch } from './engine/read-for-search'
import { removeListed } from './engine/remove-listed'
import { countExisting, draftPieces, nothingSaid, planDrafts, runOnce } from './engine/run'
import { makeLibraryCatalog, type Changed } from './engine/library-catalog'
import { takeManifest } from './engine/take-manifest'
import { tellingOfQuarantine } from './engine/telling-of-quarantine'
import { matchTitles } from './engine/titles/match-titles'
import { TaskTracker } from './engine/task-tracker'
import { untilSearchFails } from './engine/until-search-fails'
import type { Ending } from './engine/job-endings'
import { watchTrouble } from './engine/watch-trouble'
import { makeHandOver } from './engine/zotero/hand-over'
import { importFiles } from './engine/import/import-files'
import { insightsOver } from './insights/insights'
import { openTelemetrySink } from './insights/telemetry/sink'
import { isAnyDue, nextDueAt } from './ledger/jobs'
import type { Ledger } from './ledger/ledger'
import { openLedger } from './ledger/open-ledger'
import { QueueIndex } from './ledger/queue-index'
import { queueRow } from './ledger/queue-queries'
import { lastReconciliation } from './ledger/reconciliations'
import { findingsOf, reconciliationCounts } from './ledger/recover-queries'
import { workById } from './ledger/works'
import { makeLibrary } from './library/make-library'
import { paperName } from './library/paper-name'
import { makeTextReader } from './library/text-reader'
import { ownerName, type Host } from './platform/host'
import { Listeners } from './platform/listeners'
import type { PlanRequest, Sheaf, SheafOptions } from './sheaf-api'
import { assembleEngine } from './sheaf-engine'
import { makeReading, SEARCH_INDEX } from './sheaf-reading'
import { searchOpenAlex } from './sources/openalex-search'

const RECONCILE_EVERY_MS = 5 * 60_000
const SCHEMA_READY = 'Idempotency schema migrated successfully'

export async function openSheaf(host: Host, options: SheafOptions): Promise<Sheaf> {
  const { settings } = options
  const ledger = await openLedger(host, { folder: options.dataDir })
  try {
    if (ledger.recovery.damage !== null && options.onDamage === 'throw') {
      const { sentence, keptFile } = ledger.recovery.damage
      throw new SheafError('LEDGER_DAMAGED', sentence, { facts: { kept: keptFile } })
    }
    if (settings['safety.switch'] !== 'off' && !ledger.recovery.schemaMigrated) host.log.info(SCHEMA_READY)
    const library = makeLibrary(host, settings, options.libraryDir)
    const gate = new Gate()
    const owner = ownerName(host.identity)
    const care = new LibraryCare({ host, ledger, dataDir: options.dataDir, gate, owner })
    const isThere = await care.lookAgain(library, options.newLibrary === true)
    if (!isThere && options.onMissingLibrary !== 'pause' && care.missing !== null) throw care.missing
    return joinModules(host, options, ledger, { filed: library, care, gate })
  } catch (error) {
    await ledger.close()
    throw error
  }
}

interface Found {
  readonly filed: Engine['library']
  readonly care: LibraryCare
  readonly gate: Gate
}

function joinModules(host: Host, options: SheafOptions, ledger: Ledger, { filed, care, gate }: Found): Sheaf {
  const catalogListeners = new Listeners()
  const quarantineListeners = new Listeners()
  const catalogChanged = (changed: Changed): void => {
    search?.look(changed)
    catalogListeners.call()
  }
  /** Another library has another catalog; listeners stay subscribed. */
  const catalogOf = (library: Engine['library']): ReturnType<typeof makeLibraryCatalog> => {
    const told = tellingOfQuarantine(library, quarantineListeners.call)
    const made = makeLibraryCatalog({ ledger, library: told, log: host.log })
    made.onChange(catalogChanged)
    return made
  }
  let catalog = catalogOf(filed)
  const listeners = new Set<(line: Line) => void>()
  const { engine, netState } = assembleEngine(host, {
    options,
    ledger,
    library: catalog.library,
    care,
    gate,
    emit: (line) => {
      catalog.hear(line)
      for (const listener of listeners) listener(line)
    }
  })
  const { leases, keyOf, pages, mark } = engine
  const search =
    options.search === true
      ? keepSearch({
          host,
          file: join(options.dataDir, SEARCH_INDEX),
          catalog: () => catalog,
          libraryDir: () => engine.library.root,
          reader: makeTextReader(host),
          changed: catalogListeners.call
        })
      : null
  const queue = new QueueIndex(ledger, host.clock)
  const telemetrySink = openTelemetrySink(host, (ask) => ledger.read(ask))
  const quietTrouble = watchTrouble(engine)
  const deadOwners = new Set(ledger.recovery.deadOwner === null ? [] : [ledger.recovery.deadOwner])

  const closing = new AbortController()
  const working = new TaskTracker(closing.signal)

  const takeIn: (signal: AbortSignal) => ReturnType<LibraryCare['takeIn']> = (signal) =>
    care.takeIn(engine.library, engine.settings, signal)
  const withLibrary = <T>(use: () => Promise<T>): Promise<T> => care.assertPresent(engine.library).then(use)

  const bringIntoAgreement: Sheaf['reconcile'] = async (how, signal) => {
    await care.assertPresent(engine.library)
    const taken = await takeIn(signal)
    const line = await reconcile(
      {
        host,
        ledger,
        library: engine.library,
        mark,
        deadOwners,
        isActive: (jobId) => engine.active.has(jobId),
        assertLibrary: () => care.assertPresent(engine.library)
      },
      { ...how, taken, signal }
    )
    engine.emit(line)
    return line
  }

  /** For plans and previews, which have no tally: a search that fails on the way is a line of its own. */
  const listsOf = (request: PlanRequest, signal: AbortSignal): AsyncIterable<readonly WorkDraft[]> =>
    untilSearchFails(draftsOf(engine, request, signal), (error) => {
      engine.emit({ type: 'error', ...error.toData() })
    })

  const run: Sheaf['run'] = async (request, signal) => {
    const remembers = engine.settings['safety.switch'] !== 'off'
    if (remembers && request.skipReconcile !== true) {
      await bringIntoAgreement({ verifyHashes: false, quick: true, why: 'start' }, signal)
    }
    const lost = unreachableLine((await takeIn(signal)).unreachable)
    if (lost !== null && request.skipReconcile !== true) engine.emit(lost)
    const endNetState = await netState.begin()
    const stopHeartbeat = leases.start()
    const stopReconcile = host.clock.every(RECONCILE_EVERY_MS, () => {
      if (!remembers || ledger.trouble() !== null) return
      bringIntoAgreement({ verifyHashes: false, quick: true, why: 'periodic' }, signal).catch(
        (error: unknown) => {
          host.log.warn('The periodic reconcile did not finish', { because: String(error) })
        }
      )
    })
    try {
      const asked = request.plan
      await beginList(engine, asked?.list)
      return await runOnce(
        engine,
        {
          drafts: asked === undefined ? null : draftsOf(engine, asked, signal),
          formats: asked?.formats ?? ['pdf'],
          priority: asked?.priority ?? 0,
          list: asked?.list
        },
        signal
      )
    } finally {
      stopReconcile()
      stopHeartbeat()
      await endNetState()
    }
  }

  const handOver = makeHandOver({
    host,
    ledger,
    dataDir: options.dataDir,
    catalog: () => catalog,
    root: () => engine.library.root
  })

  const reading = makeReading({
    host,
    read: (ask) => ledger.read(ask),
    library: () => engine.library,
    paused: () => engine.gate.closed(),
    isAlive: () => engine.active.size > 0,
    indexFile: join(options.dataDir, SEARCH_INDEX),
    // Where the search of the app is on, it is the index's only writer.
    mayKeepIndex: () => Promise.resolve(search === null)
  })

  return {
    ...reading,
    recovery: ledger.recovery,
    get options() {
      return { ...options, settings: engine.settings, libraryDir: engine.library.root }
    },
    on(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    async plan(request, signal) {
      await beginList(engine, request.list)
      const lines = []
      const plain = []
      const how = {
        formats: request.formats,
        priority: request.priority ?? 0,
        runId: null,
        list: request.list,
        said: nothingSaid()
      }
      await takeIn(signal)
      for await (const drafts of listsOf(request, signal)) {
        const planned = await planDrafts(engine, drafts, how, signal)
        for (const line of planned.lines) lines.push(line)
        for (const task of planned.plain) plain.push(task)
      }
      return {
        planned: lines,
        plain,
        newJobs: lines.filter((line) => !line.existing).length,
        existingJobs: countExisting(lines.filter((line) => line.tombstone === undefined)),
        tombstones: lines.filter((line) => line.tombstone !== undefined).length
      }
    },
    run: (request, signal) => working.during(signal, (until) => run(request, until), { isRun: true }),
    addEphemeral(tasks) {
      engine.plain.add(tasks)
      engine.gate.nudge()
    },
    cancelEphemeral(jobId) {
      engine.plain.cancel(jobId)
      engine.active.get(jobId)?.stop(new SheafError('CANCELLED', 'You cancelled it.'))
    },
    ephemeralNextAt: (jobId) => engine.plain.nextAt(jobId),
    dueAt() {
      const now = host.clock.now()
      const remembers = engine.settings['safety.switch'] !== 'off'
      if (remembers && ledger.read((r) => isAnyDue(r, now))) return now
      const instants = [remembers ? ledger.read(nextDueAt) : null, engine.plain.nextDueAt()]
      return instants.reduce((a, b) => (a === null || (b !== null && b < a) ? b : a))
    },
    lookAgain: () => {
      engine.gate.nudge()
    },
    async applySettings(next, libraryDir = engine.library.root) {
      await working.settle(async () => {
        const before = engine.settings['safety.switch']
        await takeSettings(engine, next, {
          libraryDir,
          version: options.version,
          prepare: (library) => care.prepare(library, { startNew: false }),
          stateChanged: () => {
            netState.changed()
          },
          keys: keyOf,
          stopWork: (which) => working.stop(which),
          catalogOf: (library) => {
            catalog = catalogOf(library)
            return catalog.library
          }
        })
        catalogChanged('all')
        if (before === 'off' && next['safety.switch'] !== 'off') host.log.info(SCHEMA_READY)
      })
    },
    standsStill: () => engine.gate.closed(),
    standStill: (code, sentence) => {
      engine.gate.close(code, sentence)
    },
    goOn: (code) => {
      engine.gate.open(code)
    },
    onStandStill: (listener) => engine.gate.onChange(listener),
    checkLeases: () => {
      leases.beat()
    },
    flush: () => ledger.flush(),
    preview: ({ onlyFirst = false, ...request }, signal) =>
      previewAll(engine, listsOf(request, signal), { formats: request.formats, onlyFirst }, signal),
    expectCopies: (drafts, how) =>
      working.during(how.signal, (signal) => expectCopies(engine, drafts, { ...how, signal })),
    matchTitles: (references, how) =>
      working.during(how.signal, (signal) => matchTitles(engine, references, { ...how, signal })),
    searchWorks: (search, signal) =>
      searchOpenAlex(search, engine.net, keyOf('openalex'), AbortSignal.any([signal, closing.signal])),
    part: (jobId) => engine.library.staging.facts(jobId),
    landingAddress: (url) => landingAddress(url, engine.settings['network.proxyPrefix']),
    nameUnder: (template, work) => paperName(template, { ...work, format: 'pdf' }),
    hosts: () => engine.net.board(),
    async setHostOpen(name, isOpen) {
      engine.net.setOpen(name, isOpen)
      await netState.saveNow()
    },
    queuePage: (ask) => queue.page(ask),
    queueCounts: (text) => queue.counts(text),
    queueTotals: () => queue.totals(),
    queueIds: (query) => queue.ids(query),
    jobRow: (jobId) => ledger.read((r) => queueRow(r, jobId)),
    onJobs: (listener) => queue.onChange(listener),
    activeCount: () => engine.active.size,
    isActive: (jobId) => engine.active.has(jobId),
    lastReconcile: () =>
      (ledger.read(lastReconciliation)?.findings as unknown as ReconcileLine | undefined) ?? null,
    endDeadRuns: () => endDeadRuns(ledger, engine.library, host.clock.now()),
    insights: (days, signal) =>
      working.during(signal, (until) =>
        insightsOver(days, { now: host.clock.now(), isAlive: true }, async (ask) => {
          await host.clock.sleep(0, until)
          return ledger.read(ask)
        })
      ),
    reconcile: (how, signal) => working.during(signal, (until) => bringIntoAgreement(how, until)),
    rebuild: (how, signal) =>
      working.during(signal, async (until) => {
        const report = await care.rebuild(engine.library, { ...how, signal: until })
        catalogChanged('all')
        return report
      }),
    missingLibrary: () => care.missing,
    findLibrary: ({ startNew }) => care.lookAgain(engine.library, startNew),
    isMissingLibrary: (folder) => care.isMissingOne(folder),
    isLibraryUnknown: () => care.isUnknown(engine.library),
    retry: (which) => retryJobs(engine, which),
    pause: (which) => holdJobs(engine, which),
    resume: (which) => freeJobs(engine, which),
    cancel: (jobIds) => cancelJobs(engine, jobIds),
    ignore: (jobIds) => ignoreJobs(engine, jobIds),
    unignore: (jobIds) => unignoreJobs(engine, jobIds),
    attach: async (jobId, file, signal) =>
      doneLine(
        engine,
        jobId,
        await working.during(signal, (until) =>
          withLibrary(() => attachFile(engine, jobId, file, { signal: until }))
        )
      ),
    async importFiles(request, how) {
      await working.during(how.signal, async (signal) => {
        // What an import that was interrupted left is leasable again after this.
        if (engine.settings['safety.switch'] !== 'off')
          await bringIntoAgreement({ verifyHashes: false, quick: true, why: 'start' }, signal)
        await withLibrary(() => importFiles(engine, request, { ...how, signal }))
      })
    },
    handOver: (request, how) =>
      working.during(how.signal, (signal) => withLibrary(() => handOver(request, { ...how, signal }))),
    remove: (id) => withLibrary(() => removeWork(engine, id)),
    undoRemove: (id) => restoreWork(engine, id),
    reconciliations: (limit) => ledger.read((r) => reconciliationCounts(r, limit)),
    findings: (id, most) => ledger.read((r) => findingsOf(r, id, most)),
    namesOf: (workId) => ledger.read((r) => workById(r, workId)),
    onQuarantine: (listener) => quarantineListeners.add(listener),
    quarantineList: () => engine.library.listQuarantine(),
    async quarantineAccept(id, signal) {
      const file = (await engine.library.listQuarantine()).find((one) => one.id === id)
      const accept = (until: AbortSignal): Promise<Ending> =>
        withLibrary(() => acceptQuarantined(engine, id, until))
      // An accepted file leaves the quarantine when its object is stored, later than `release` said so.
      const ending = await working.during(signal, accept).finally(quarantineListeners.call)
      return doneLine(engine, file?.jobId ?? '', ending)
    },
    quarantineReject: (id) => engine.library.release(id, 'reject'),
    get catalog() {
      return catalog
    },
    get thumbnails() {
      return engine.library.thumbnails
    },
    onCatalogChange: (listener) => catalogListeners.add(listener),
    removeListed: (artifactId) =>
      removeListed({ catalog, library: engine.library, now: host.clock.now() }, artifactId),
    find: (query) => search?.find(query) ?? Promise.resolve([]),
    snippets: (query, where) => search?.snippets(query, where) ?? Promise.resolve(where.map(() => null)),
    hitsIn: (artifactId, query) => search?.hitsIn(artifactId, query) ?? Promise.resolve([]),
    unread: () => search?.unread() ?? 0,
    isSearchFull: () => search?.isFull() ?? false,
    importManifest: (bytes, signal) => takeManifest({ host, ledger }, bytes, signal),
    async close() {
      const reason = new SheafError('PAUSED', 'Sheaf is closing.')
      closing.abort(reason)
      for (const job of engine.active.values()) job.stop(reason)
      engine.lookups.stop(reason)
      await working.ended()
      host.probe('CLOSE: engine stopped')
      queue.close()
      await telemetrySink.close()
      quietTrouble()
      // Its index can be read again: nothing of the ledger waits for it.
      const searchClosed = search?.close()
      await engine.net.close()
      await care.close(engine.library, engine.settings).catch((error: unknown) => {
        host.log.debug('What the library holds could not be noted', { because: String(error) })
      })
      engine.library.close()
      pages.close()
      mark.close()
      await ledger.close()
      await searchClosed
    }
  }
}

async function* draftsOf(
  engine: Engine,
  request: PlanRequest,
  signal: AbortSignal
): AsyncIterable<readonly WorkDraft[]> {
  yield* draftPieces(request.drafts)
  if (request.search === undefined) return
  for await (const { page } of searchOpenAlex(request.search, engine.net, engine.keyOf('openalex'), signal))
    yield page
}
