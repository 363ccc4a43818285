/** Reference managers: reading a Zotero library, handing papers over to it, and linked .bib files. */
import { homedir } from 'node:os'
import { keepBibs } from './engine/bib/linked-bibs'
import { makeHandOver } from './engine/zotero/hand-over'
import { databaseOrNothing, readZotero } from './engine/zotero/zotero-library'
import type { Machine } from './settings/standard-folders'
import type { SheafManagers } from './sheaf-api'
import { withLibrary, type SheafParts } from './sheaf-parts'

export function makeManagers(parts: SheafParts, dataDir: string): SheafManagers {
  const { host, ledger, engine, working, libraryInUse, care } = parts
  const handOver = makeHandOver({
    host,
    ledger,
    dataDir,
    catalog: () => libraryInUse.catalog,
    root: () => engine.library.root,
    citationKey: () => engine.settings['export.citationKey']
  })
  const machine = machineOf(host.env)
  const folder = (): string | null => {
    const chosen = engine.settings['zotero.dataFolder']
    return chosen === '' ? null : chosen
  }
  return {
    handOver: (request, how) =>
      working.during(how.signal, (signal) => withLibrary(parts, () => handOver(request, { ...how, signal }))),
    bibs: keepBibs({
      host,
      ledger,
      root: () => (care.missing === null ? engine.library.root : null),
      onCatalogChange: (listener) => libraryInUse.onCatalog.add(listener)
    }),
    readZotero: (signal) =>
      working.during(signal, (until) =>
        readZotero(host, machine, {
          origin: engine.settings['zotero.url'],
          dataDir: folder(),
          signal: until
        })
      ),
    zoteroDatabase: () => databaseOrNothing(host.files, machine, folder())
  }
}

function machineOf(env: Machine['env']): Machine {
  const { platform } = process
  const home = env[platform === 'win32' ? 'USERPROFILE' : 'HOME']
  return { platform, home: home === undefined || home === '' ? homedir() : home, env }
}
