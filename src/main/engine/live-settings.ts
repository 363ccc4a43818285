/**
 * Applies settings that change while Sheaf is open. Most are read when needed and apply at once. Some are
 * built into the net or the library, which are rebuilt. A few are captured by a run, which is stopped (every
 * byte stays) and restarted by its caller. The ledger stays open.
 */
import type { KeyName } from '../../contract/keys'
import { SETTING_KEYS, type SettingKey, type Settings } from '../../contract/settings'
import type { Library } from '../library/library'
import { makeLibrary } from '../library/make-library'
import { lanesOf, makeNet } from '../net/make-net'
import { makeSources } from '../sources/ask-tier'
import type { Engine } from './engine'

export interface Consequences {
  /** the net must be rebuilt */
  readonly net: boolean
  /** the library must be rebuilt */
  readonly library: boolean
  /** an active run captured what changed */
  readonly run: boolean
}

/** Settings outside of `network.` that the net is built from. */
const NET_KEYS: ReadonlySet<SettingKey> = new Set(['general.mailto', 'files.maxBytes'])
/** Settings of `network.` that are read when needed, or passed to the existing net. */
const READ_LATE: ReadonlySet<SettingKey> = new Set([
  'network.workers',
  'network.lookUps',
  'network.pages',
  'network.maxBandwidth',
  'network.proxyPrefix'
])
const RUN_KEYS: ReadonlySet<SettingKey> = new Set(['safety.switch', 'safety.leaseTtlSeconds'])

/** Pure. `moved`: the library is another folder. */
export function consequencesOf(before: Settings, next: Settings, moved: boolean): Consequences {
  const changed = changedKeys(before, next)
  const net = changed.some((key) => NET_KEYS.has(key) || (key.startsWith('network.') && !READ_LATE.has(key)))
  const library = moved || changed.includes('files.nameTemplate')
  return { net, library, run: net || library || changed.some((key) => RUN_KEYS.has(key)) }
}

export function changedKeys(before: Settings, next: Settings): SettingKey[] {
  return SETTING_KEYS.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(next[key]))
}

export interface TakeSettings {
  readonly libraryDir: string
  readonly version: string
  /** called when the net has state that should be saved soon */
  readonly stateChanged: () => void
  readonly keys: (name: KeyName) => string | null
  /** ends the runs, or all work, that use what is about to be replaced; resolves when they have ended */
  readonly stopWork: (which: 'runs' | 'all') => Promise<void>
  /** recognises a library and creates its folders; resolves to the function that puts it in use */
  readonly prepare: (library: Library) => Promise<() => Promise<void>>
  /** wraps the new library before the engine uses it, with the catalog that follows its changes */
  readonly catalogOf: (library: Library) => Library
}

/** Applies new settings. An unusable library folder is refused before anything changes. */
export async function takeSettings(engine: Engine, next: Settings, how: TakeSettings): Promise<void> {
  const { host } = engine
  const before = engine.settings
  const { net, library, run } = consequencesOf(before, next, how.libraryDir !== engine.library.root)
  const newLibrary = library ? makeLibrary(host, next, how.libraryDir) : null
  const use = newLibrary === null ? null : await how.prepare(newLibrary)
  if (run) await how.stopWork(library ? 'all' : 'runs')
  engine.settings = next
  engine.leases.ttlSeconds = next['safety.leaseTtlSeconds']
  if (newLibrary !== null) {
    const old = engine.library
    await use?.()
    engine.library = how.catalogOf(newLibrary)
    old.close()
  }
  if (net) {
    const old = engine.net
    engine.net = makeNet(host, next, {
      state: old.saveState({ isLast: true }),
      version: how.version,
      lanes: () => lanesOf(engine.settings),
      stateChanged: how.stateChanged
    })
    engine.sources = makeSources({
      net: engine.net,
      clock: host.clock,
      random: host.random,
      pages: engine.pages,
      mark: engine.mark,
      mailto: next['general.mailto'],
      keys: how.keys,
      paidBudgetUsd: () => engine.settings['sources.paidBudgetUsd']
    })
    await old.close()
  } else {
    engine.net.limitTo(next['network.maxBandwidth'])
  }
  engine.gate.nudge()
}
