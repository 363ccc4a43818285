/**
 * Joins the modules. `openSheaf` takes the ledger's lock, recovers what an earlier process left, and returns
 * the API of `sheaf-api.ts`; `close` releases everything in reverse order. Decisions belong to the modules.
 */
import { join } from 'node:path'
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { SheafError } from '../contract/errors'
import type { Line } from '../contract/lines'
import type { Engine } from './engine/engine'
import { Gate } from './engine/gate'
import { LibraryCare } from './engine/library-care'
import { takeSettings } from './engine/live-settings'
import { needListId } from './engine/lists'
import { TaskTracker } from './engine/task-tracker'
import { watchTrouble } from './engine/watch-trouble'
import { alertsNow, insightsOver } from './insights/insights'
import { retrievalReportInSlices } from './insights/report/retrieval-report'
import { openTelemetrySink } from './insights/telemetry/sink'
import type { Ledger } from './ledger/ledger'
import type { ReadSlice } from './ledger/insights-figures'
import { KeptFigures } from './ledger/kept-figures'
import { openLedger } from './ledger/open-ledger'
import { JoinedQueue } from './ledger/joined-queue'
import { QueueIndex } from './ledger/queue-index'
import { makeLibrary } from './library/make-library'
import { testConnection } from './net/test-connection'
import { readCaFile } from './net/trust'
import { ownerName, type Host } from './platform/host'
import { Listeners } from './platform/listeners'
import type { Sheaf, SheafFigures, SheafNetwork } from './sheaf-api'
import type { SheafOptions } from './sheaf-requests'
import { makeCare } from './sheaf-care'
import { assembleEngine } from './sheaf-engine'
import { makeFiles } from './sheaf-files'
import { makeJobs, makeQueue } from './sheaf-jobs'
import { makeManagers } from './sheaf-managers'
import type { Own, SheafParts } from './sheaf-parts'
import { makePlanning } from './sheaf-planning'
import { makeReading, SEARCH_INDEX } from './sheaf-reading'
import { makeRuns } from './sheaf-runs'
import { LibraryInUse } from './sheaf-library'

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

/** Size: joins the modules, one after another; nothing is decided here. */
function joinModules(host: Host, options: SheafOptions, ledger: Ledger, { filed, care, gate }: Found): Sheaf {
  const libraryInUse = new LibraryInUse({ host, ledger, options }, filed)
  const listeners = new Listeners<[line: Line]>()
  const { engine, netState } = assembleEngine(host, {
    options,
    ledger,
    library: libraryInUse.library,
    care,
    gate,
    emit: (line) => {
      libraryInUse.catalog.hear(line)
      listeners.call(line)
    }
  })
  const closing = new AbortController()
  const parts: SheafParts = {
    host,
    ledger,
    engine,
    netState,
    care,
    working: new TaskTracker(closing.signal),
    closing: closing.signal,
    libraryInUse,
    deadOwners: new Set(ledger.recovery.deadOwner === null ? [] : [ledger.recovery.deadOwner])
  }
  const queue = new JoinedQueue(new QueueIndex(ledger, host.clock))
  engine.unrecorded.onOpened((book) => {
    queue.join(new QueueIndex(book.ledger, host.clock))
  })
  const telemetrySink = openTelemetrySink(host, (ask) => ledger.read(ask))
  const quietTrouble = watchTrouble(engine)

  return {
    ...makeReading({
      host,
      read: (ask) => ledger.read(ask),
      library: () => engine.library,
      paused: () => engine.gate.closed(),
      proxyPrefix: () => engine.settings['network.proxyPrefix'],
      citationKey: () => engine.settings['export.citationKey'],
      isAlive: () => engine.active.size > 0,
      indexFile: join(options.dataDir, SEARCH_INDEX),
      mayKeepIndex: () => Promise.resolve(!libraryInUse.hasSearch)
    }),
    ...makePlanning(parts, options.dataDir),
    ...makeRuns(parts),
    ...makeJobs(parts),
    ...makeQueue(parts, queue),
    ...makeCare(parts),
    ...makeFiles(parts),
    ...makeManagers(parts, options.dataDir),
    ...makeFigures(parts),
    ...makeNetwork(parts, options.version),
    ...libraryInUse.api(),
    get catalog() {
      return libraryInUse.catalog
    },
    get thumbnails() {
      return engine.library.thumbnails
    },
    recovery: ledger.recovery,
    get options() {
      return { ...options, settings: engine.settings, libraryDir: engine.library.root }
    },
    on: (listener) => listeners.add(listener),
    applySettings: (next, libraryDir = engine.library.root) =>
      applySettings(parts, options.version, { next, libraryDir }),
    flush: () => ledger.flush(),
    async close() {
      const reason = new SheafError('PAUSED', 'Sheaf is closing.')
      closing.abort(reason)
      for (const job of engine.active.values()) job.stop(reason)
      engine.lookups.stop(reason)
      await parts.working.ended()
      host.probe('CLOSE: engine stopped')
      queue.close()
      engine.unrecorded.close()
      await telemetrySink.close()
      quietTrouble()
      const searchClosed = libraryInUse.close()
      await engine.net.close()
      await care.close(engine.library, engine.settings).catch((error: unknown) => {
        host.log.debug('What the library holds could not be noted', { because: String(error) })
      })
      engine.library.close()
      engine.pages.close()
      engine.mark.close()
      await ledger.close()
      await searchClosed()
    }
  }
}

async function applySettings(
  { host, engine, care, netState, working, libraryInUse }: SheafParts,
  version: string,
  { next, libraryDir }: { readonly next: SheafOptions['settings']; readonly libraryDir: string }
): Promise<void> {
  await working.settle(async () => {
    const before = engine.settings['safety.switch']
    await takeSettings(engine, next, {
      libraryDir,
      version,
      prepare: (library) => care.prepare(library, { startNew: false }),
      stateChanged: () => {
        netState.changed()
      },
      keys: engine.keyOf,
      stopWork: (which) => working.stop(which),
      catalogOf: (library) => libraryInUse.use(library)
    })
    libraryInUse.changed('all')
    if (before === 'off' && next['safety.switch'] !== 'off') host.log.info(SCHEMA_READY)
  })
}

function makeFigures({ host, ledger, engine, netState, working }: SheafParts): Own<SheafFigures> {
  const kept = new KeptFigures((listener) => ledger.onRow(listener))
  const readUntil =
    (until: AbortSignal): ReadSlice =>
    async (ask) => {
      // No timer: a thousand parts would each wait a millisecond for theirs.
      await yieldToEventLoop(undefined, { signal: until })
      return ledger.read(ask)
    }
  return {
    hosts: () => engine.net.board(),
    async setHostOpen(name, isOpen) {
      engine.net.setOpen(name, isOpen)
      await netState.saveNow()
    },
    reportInSlices: (name, signal) =>
      working.during(signal, (until) =>
        retrievalReportInSlices(readUntil(until), {
          list: name === null ? null : { id: ledger.read((r) => needListId(r, name)), name },
          now: host.clock.now()
        })
      ),
    insights: ({ days, ...of }, signal) =>
      working.during(signal, (until) =>
        insightsOver(days, { ...of, now: host.clock.now(), isAlive: true }, readUntil(until), kept)
      ),
    alerts: (signal) =>
      working.during(signal, (until) => alertsNow({ now: host.clock.now(), isAlive: true }, readUntil(until)))
  }
}

function makeNetwork({ host, engine, working }: SheafParts, version: string): SheafNetwork {
  return {
    testConnection: (signal) =>
      working.during(signal, (until) => testConnection(host, engine.settings, { version, signal: until })),
    async assertCaFile(path) {
      await readCaFile(host, path)
    }
  }
}
