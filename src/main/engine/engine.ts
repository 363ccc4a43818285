/**
 * The engine's parts, joined once by `sheaf.ts` and handed to whatever the engine does: run, preview,
 * attach, remove, reconcile. No behaviour here but the making of journeys' common ground.
 */
import type { Line } from '../../contract/lines'
import type { FallbackPlan, Settings } from '../../contract/settings'
import type { JobRow } from '../../contract/work'
import type { Ledger } from '../ledger/ledger'
import type { Library } from '../library/library'
import type { Net } from '../net/net'
import type { Host } from '../platform/host'
import type { Sources } from '../sources/sources'
import type { Gate } from './gate'
import type { Rooms } from './journey'
import type { KeyedLock } from './keyed-lock'
import type { Leases } from './leases'
import { RecordedKeeper } from './recorded-keeper'
import type { ActiveJob } from './scheduler'
import type { Tally } from './tally'

export interface Engine {
  readonly host: Host
  readonly settings: Settings
  readonly plan: FallbackPlan
  readonly ledger: Ledger
  readonly library: Library
  readonly net: Net
  readonly sources: Sources
  readonly leases: Leases
  readonly gate: Gate
  readonly hashLock: KeyedLock
  readonly active: Map<string, ActiveJob>
  readonly emit: (line: Line) => void
}

export function roomsOf(engine: Engine, tally: Tally): Rooms {
  const { host, settings, plan, net, sources, library, emit, hashLock } = engine
  return { host, settings, plan, net, sources, library, emit, tally, hashLock }
}

export function keeperOf(
  engine: Engine,
  granted: JobRow,
  run: { readonly runId: string | null; readonly tally: Tally; readonly signal: AbortSignal }
): RecordedKeeper {
  return new RecordedKeeper({
    host: engine.host,
    ledger: engine.ledger,
    owner: engine.leases.owner,
    granted,
    ttlSeconds: engine.leases.ttlSeconds,
    runId: run.runId,
    signal: run.signal,
    tally: run.tally,
    emit: engine.emit
  })
}
