/**
 * The catalog of the library in use and the search over it. Another library has another catalog; what
 * listens stays subscribed.
 */
import { join } from 'node:path'
import { keepSearch } from './engine/read-for-search'
import { makeLibraryCatalog, type CatalogUpdater, type Changed } from './engine/library-catalog'
import { tellingOfQuarantine } from './engine/telling-of-quarantine'
import type { Ledger } from './ledger/ledger'
import type { Library } from './library/library'
import { makeTextReader } from './library/text-reader'
import type { Host } from './platform/host'
import { Listeners } from './platform/listeners'
import type { SheafOptions } from './sheaf-requests'
import type { SheafLibrary } from './sheaf-api'
import { SEARCH_INDEX } from './sheaf-reading'

export class LibraryInUse {
  readonly onCatalog = new Listeners()
  readonly onQuarantine = new Listeners()
  readonly #parts: { readonly host: Host; readonly ledger: Ledger; readonly options: SheafOptions }
  #catalog: CatalogUpdater
  readonly #search: ReturnType<typeof keepSearch> | null

  constructor(
    parts: { readonly host: Host; readonly ledger: Ledger; readonly options: SheafOptions },
    library: Library
  ) {
    this.#parts = parts
    this.#catalog = this.#catalogOf(library)
    const { host, options } = parts
    this.#search =
      options.search === true
        ? keepSearch({
            host,
            file: join(options.dataDir, SEARCH_INDEX),
            catalog: () => this.#catalog,
            libraryDir: () => this.library.root,
            reader: makeTextReader(host),
            changed: this.onCatalog.call
          })
        : null
  }

  get catalog(): CatalogUpdater {
    return this.#catalog
  }

  /** The library in use; catalog and listeners are notified of papers that are added or removed. */
  get library(): Library {
    return this.#catalog.library
  }

  /** Whether the app's search is on: it is the index's only writer then. */
  get hasSearch(): boolean {
    return this.#search !== null
  }

  /** Another library is in use from now on; returns it as the engine uses it. */
  use(library: Library): Library {
    this.#catalog = this.#catalogOf(library)
    return this.library
  }

  readonly changed = (what: Changed): void => {
    this.#search?.look(what)
    this.onCatalog.call()
  }

  /** The part of Sheaf that shows it; without the search `find` finds nothing. */
  api(): Pick<SheafLibrary, 'onCatalogChange' | 'find' | 'snippets' | 'hitsIn' | 'unread' | 'isSearchFull'> {
    const search = this.#search
    return {
      onCatalogChange: (listener) => this.onCatalog.add(listener),
      find: (query) => search?.find(query) ?? Promise.resolve([]),
      snippets: (query, where) => search?.snippets(query, where) ?? Promise.resolve(where.map(() => null)),
      hitsIn: (artifactId, query) => search?.hitsIn(artifactId, query) ?? Promise.resolve([]),
      unread: () => search?.unread() ?? 0,
      isSearchFull: () => search?.isFull() ?? false
    }
  }

  async close(): Promise<void> {
    await this.#search?.close()
  }

  #catalogOf(library: Library): CatalogUpdater {
    const { ledger, host } = this.#parts
    const made = makeLibraryCatalog({
      ledger,
      library: tellingOfQuarantine(library, this.onQuarantine.call),
      log: host.log
    })
    made.onChange(this.changed)
    return made
  }
}
