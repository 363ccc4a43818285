/**
 * Assembles the engine of one Sheaf: network with its stored state, sources, look-ups, leases. Settings are
 * read at each use, since they may change at any time.
 */
import type { Line } from '../contract/lines'
import type { Engine } from './engine/engine'
import type { Gate } from './engine/gate'
import { NetState, storedNetState } from './engine/keep-net-state'
import { makeKeyedLock } from './engine/keyed-lock'
import { Leases } from './engine/leases'
import type { LibraryCare } from './engine/library-care'
import { LookUpBatches } from './engine/look-up-batches'
import { isSilent, offlineMode } from './sources/offline'
import { isRecorded } from './engine/plan-drafts'
import { upcomingWorks } from './engine/run-sources'
import { UnrecordedJobs } from './engine/unrecorded-jobs'
import type { Ledger } from './ledger/ledger'
import { lanesOf, makeNet } from './net/make-net'
import { ownerName, type Host } from './platform/host'
import { openReadingMark } from './platform/reading-mark'
import type { SheafOptions } from './sheaf-requests'
import { makeSources } from './sources/ask-tier'
import { makePageReader } from './sources/page-reader'

export interface EngineParts {
  readonly options: SheafOptions
  readonly ledger: Ledger
  readonly library: Engine['library']
  readonly care: LibraryCare
  readonly gate: Gate
  /** receives every line of the engine, in order */
  readonly emit: (line: Line) => void
}

/** The caller closes `engine.net`, `engine.pages` and `engine.mark`, in this order. */
export function assembleEngine(
  host: Host,
  { options, ledger, library, care, gate, emit }: EngineParts
): { readonly engine: Engine; readonly netState: NetState } {
  const { settings } = options
  const netState = new NetState({ host, ledger, save: (how) => engine.net.saveState(how) })
  const net = makeNet(host, settings, {
    state: storedNetState(ledger),
    version: options.version,
    lanes: () => lanesOf(engine.settings),
    stateChanged: () => {
      netState.changed()
    }
  })
  const leases = new Leases({
    host,
    ledger,
    owner: ownerName(host.identity),
    ttlSeconds: settings['safety.leaseTtlSeconds'],
    onSleep: (seconds) => {
      host.log.info('The computer slept; leases are checked again', { seconds: Math.round(seconds) })
    }
  })
  const keyOf = options.keys ?? (() => null)
  const pages = makePageReader(host)
  const mark = openReadingMark(host, options.dataDir)
  const engine: Engine = {
    host,
    settings,
    ledger,
    library,
    care,
    net,
    pages,
    sources: makeSources({
      net,
      clock: host.clock,
      random: host.random,
      pages,
      mark,
      mailto: settings['general.mailto'],
      keys: keyOf,
      paidBudgetUsd: () => engine.settings['sources.paidBudgetUsd']
    }),
    keyOf,
    lookups: new LookUpBatches({
      host,
      ledger,
      mark,
      net: () => engine.net,
      plan: () => engine.settings['sources.plan'],
      isSilent: () =>
        isSilent(offlineMode(engine.settings['network.offline'], engine.settings['sources.plan'])),
      mailto: () => engine.settings['general.mailto'],
      keys: keyOf,
      upcoming: (most) => upcomingWorks(engine, most),
      isRecorded: (workId) => isRecorded(engine, workId),
      // The PDF reader loads its libraries while services are pending, not while the first file is.
      onAsked: () => {
        if (engine.active.size > 0 && engine.settings['files.formats'].includes('pdf'))
          engine.library.judge.expectPdf()
      }
    }),
    mark,
    leases,
    gate,
    hashLock: makeKeyedLock(),
    active: new Map(),
    renaming: new Set(),
    unrecorded: new UnrecordedJobs(host, settings['safety.leaseTtlSeconds']),
    emit
  }
  return { engine, netState }
}
