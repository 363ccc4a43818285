/**
 * The read-only part of `Sheaf`: the same answers for an open Sheaf and for a command that reads while the
 * app or another command holds the ledger (docs/cli.md).
 */
import { join } from 'node:path'
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { fail } from '../contract/errors'
import type { Settings } from '../contract/settings'
import { entriesIn } from './engine/answers'
import { citationKeysIn } from './engine/citation-keys'
import { historyOf } from './engine/history'
import { jobNamed } from './engine/job-named'
import { handOffList } from './engine/handoff/hand-off-list'
import { needListId } from './engine/lists'
import { lookUpWork } from './engine/look-up'
import { searchLibrary } from './engine/search-library'
import { LiveCatalog } from './engine/library-catalog'
import { insightsOver } from './insights/insights'
import { measure } from './insights/measures'
import { readAlerts } from './insights/read-alerts'
import { telemetryTimeline } from './insights/telemetry/events'
import { telemetryLines, telemetryPage, telemetryTable } from './insights/telemetry/write-telemetry'
import { retrievalReport } from './insights/report/retrieval-report'
import { countArtifacts } from './ledger/artifacts'
import { countByReason, countByState, listJobs } from './ledger/job-lists'
import { jobById } from './ledger/jobs'
import type { Reader } from './ledger/ledger'
import { allLists } from './ledger/lists'
import { exportManifest } from './ledger/manifest-file'
import { opRowsOfJob } from './ledger/ops'
import { readHolder } from './ledger/lock'
import { readLedger } from './ledger/read-ledger'
import { lastReconciliation } from './ledger/reconciliations'
import { lastRunRow } from './ledger/runs'
import type { Library } from './library/library'
import { makeLibrary } from './library/make-library'
import { makeTextReader } from './library/text-reader'
import type { Host } from './platform/host'
import type { JobFilter, StatusReport } from './sheaf-requests'
import type { Sheaf } from './sheaf-api'

/** The full-text index in the data folder: derived from the library, not a ledger. */
export const SEARCH_INDEX = 'search.sqlite'

/** The read-only part of `Sheaf`. */
export type SheafReader = Pick<
  Sheaf,
  | 'status'
  | 'figures'
  | 'jobs'
  | 'jobNamed'
  | 'ops'
  | 'history'
  | 'library'
  | 'lists'
  | 'report'
  | 'exportManifest'
  | 'quarantineList'
  | 'searchLibrary'
  | 'telemetry'
  | 'lookUp'
  | 'handOffList'
  | 'citationKeys'
>

export interface ReadingParts {
  readonly host: Host
  readonly read: <T>(ask: (reader: Reader) => T) => T
  readonly library: () => Library
  readonly paused: () => StatusReport['paused']
  /** the setting `network.proxyPrefix` */
  readonly proxyPrefix: () => string
  /** the setting `export.citationKey` */
  readonly citationKey: () => string
  /** whether a live process may be running on this ledger */
  readonly isAlive: () => boolean
  readonly indexFile: string
  /** whether this process may write the index file now */
  readonly mayKeepIndex: () => Promise<boolean>
}

/** Size: one short function for each query. */
export function makeReading({ host, read, library, paused, ...parts }: ReadingParts): SheafReader {
  const needJob = (jobId: string): void => {
    if (read((r) => jobById(r, jobId)) === null) fail('NO_SUCH_JOB', `There is no job ${jobId}.`)
  }
  return {
    status(name) {
      const list = name === undefined ? null : read((r) => needListId(r, name))
      const counts = read((r) => countArtifacts(r, list))
      const last = read(lastReconciliation)
      const now = host.clock.now()
      const measures = read((r) => measure(r, now))
      return {
        byState: read((r) => countByState(r, list)),
        byReason: read((r) => countByReason(r, list)),
        bytesInLibrary: counts.bytes,
        artifacts: counts.artifacts,
        lastRun: read(lastRunRow),
        lastReconcile: last?.line ?? null,
        measures,
        alerts:
          list === null
            ? read((r) => readAlerts(r, { measures: measures.measures, now, isAlive: parts.isAlive() }))
            : [],
        paused: paused()
      }
    },
    figures: (days, signal) =>
      insightsOver(days, { now: host.clock.now(), isAlive: parts.isAlive() }, async (ask) => {
        await yieldToEventLoop(undefined, { signal })
        return read(ask)
      }),
    jobs: (filter) => read((r) => listJobs(r, queryOf(r, filter))),
    jobNamed: (text) => read((r) => jobNamed(r, text)),
    ops(jobId) {
      needJob(jobId)
      return read((r) => opRowsOfJob(r, jobId))
    },
    history(jobId) {
      needJob(jobId)
      return read((r) => historyOf(r, jobId))
    },
    library: (name) =>
      entriesIn(read, library().root, name === undefined ? null : read((r) => needListId(r, name))),
    lookUp: (drafts) => read((r) => drafts.map((draft) => lookUpWork(r, draft))),
    citationKeys: () => citationKeysIn(read, parts.citationKey()),
    lists: () => read(allLists),
    handOffList: (request) => read((r) => handOffList(r, request, parts.proxyPrefix())),
    report: (name) =>
      read((r) =>
        retrievalReport(r, {
          list: name === null ? null : { id: needListId(r, name), name },
          now: host.clock.now()
        })
      ),
    exportManifest: () => read((r) => exportManifest(host.files, r)),
    quarantineList: () => library().quarantine.list({ tidy: false }),
    telemetry({ format, since, withUrls }) {
      const now = host.clock.now()
      const { count, events } = telemetryTimeline(read, {
        since: format === 'prometheus' ? 0 : since,
        withUrls
      })
      if (format === 'jsonl') return { pieces: telemetryLines(events), events: count }
      if (format === 'csv') return { pieces: telemetryTable(events), events: count }
      return read((r) => {
        const { measures } = measure(r, now)
        const alerts = readAlerts(r, { measures, now, isAlive: parts.isAlive() })
        const page = telemetryPage({ events, byState: countByState(r, null), measures, alerts })
        return { pieces: [page], events: count }
      })
    },
    searchLibrary: (ask, signal) =>
      searchLibrary(
        {
          host,
          indexFile: parts.indexFile,
          catalog: new LiveCatalog({ ledger: { read }, library: library(), log: host.log }),
          libraryDir: library().root,
          makeReader: () => makeTextReader(host),
          mayWrite: parts.mayKeepIndex
        },
        ask,
        signal
      )
  }
}

export interface OpenedReader extends SheafReader {
  /** the unreadable part of the ledger; null when all was read */
  readonly damage: string | null
  /** the live process that holds the ledger */
  readonly heldBy: number | null
  close(): Promise<void>
}

/** Reads a ledger and a library in place: takes no lock, creates no folder, writes nothing. */
export async function readSheaf(
  host: Host,
  options: { readonly dataDir: string; readonly libraryDir: string; readonly settings: Settings }
): Promise<OpenedReader> {
  const copy = await readLedger(host, options.dataDir)
  const library = makeLibrary(host, options.settings, options.libraryDir)
  const reading = makeReading({
    host,
    read: (ask) => copy.read(ask),
    library: () => library,
    paused: () => null,
    proxyPrefix: () => options.settings['network.proxyPrefix'],
    citationKey: () => options.settings['export.citationKey'],
    isAlive: () => copy.heldBy !== null,
    indexFile: join(options.dataDir, SEARCH_INDEX),
    mayKeepIndex: async () =>
      (await host.files.stat(options.dataDir)) !== null && (await readHolder(host, options.dataDir)) === null
  })
  return {
    ...reading,
    damage: copy.damage,
    heldBy: copy.heldBy,
    close() {
      copy.close()
      library.close()
      return Promise.resolve()
    }
  }
}

function queryOf(r: Reader, filter: JobFilter): Parameters<typeof listJobs>[1] {
  return {
    list: filter.list === undefined ? null : needListId(r, filter.list),
    states: filter.state ?? [],
    reasons: filter.reason ?? [],
    text: filter.text ?? null,
    limit: filter.limit ?? -1,
    offset: filter.offset ?? 0,
    after: filter.after ?? null
  }
}
