/**
 * The catalog of the library in use and the search over it. Another library has another catalog; what
 * listens stays subscribed.
 */
import { join } from 'node:path'
import { Indexer } from './engine/read-for-search'
import { LiveCatalog } from './engine/library-catalog'
import type { Changed } from './engine/list-change'
import { recordOfManifest } from './engine/recorded-manifest'
import { searchStep, type SearchStep } from './engine/search-step'
import { tellingOfQuarantine } from './engine/telling-of-quarantine'
import type { Ledger } from './ledger/ledger'
import type { Library } from './library/library'
import { makeTextReader } from './library/text-reader'
import type { Host } from './platform/host'
import { Listeners } from './platform/listeners'
import { Soon } from './platform/soon'
import type { SheafOptions } from './sheaf-requests'
import type { SheafLibrary } from './sheaf-api'
import { SEARCH_INDEX } from './sheaf-reading'

/** How far the search has read; a cache beside its index. */
export const SEARCH_STEP = 'search-step.json'
/** So that the page has its first rows before all papers are read. */
const READ_PAPERS_AFTER_MS = 1_500

export class LibraryInUse {
  readonly onCatalog = new Listeners()
  readonly onQuarantine = new Listeners()
  readonly #parts: { readonly host: Host; readonly ledger: Ledger; readonly options: SheafOptions }
  #catalog: LiveCatalog
  readonly #search: Indexer | null
  readonly #step: SearchStep
  #closing: (() => Promise<void>) | null = null

  constructor(
    parts: { readonly host: Host; readonly ledger: Ledger; readonly options: SheafOptions },
    library: Library
  ) {
    this.#parts = parts
    this.#catalog = this.#catalogOf(library)
    const { host, options, ledger } = parts
    const indexFile = join(options.dataDir, SEARCH_INDEX)
    this.#step = searchStep(host, ledger, { file: join(options.dataDir, SEARCH_STEP), indexFile })
    this.#search =
      options.search === true
        ? new Indexer({
            host,
            file: indexFile,
            catalog: () => this.#catalog,
            libraryDir: () => this.library.root,
            reader: makeTextReader(host),
            step: this.#step,
            changed: this.onCatalog.call
          })
        : null
  }

  get catalog(): LiveCatalog {
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

  /** Begins to close; call the returned function once the ledger is closed. */
  close(): () => Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  #close(): () => Promise<void> {
    this.#step.beforeClosing()
    // The index can be rebuilt: the ledger does not wait for it.
    const closed = this.#search?.close()
    return async () => {
      const unread = (await closed) ?? null
      if (unread !== null) await this.#step.keep(unread)
    }
  }

  #catalogOf(library: Library): LiveCatalog {
    const { ledger, host } = this.#parts
    library.manifest.recordedIn(recordOfManifest(ledger))
    const made = new LiveCatalog({
      ledger,
      library: tellingOfQuarantine(library, this.onQuarantine.call),
      log: host.log,
      background: {
        begin: (read) => {
          new Soon(host.clock, READ_PAPERS_AFTER_MS, read).call()
        },
        done: this.onCatalog.call
      }
    })
    made.onChange(this.changed)
    return made
  }
}
