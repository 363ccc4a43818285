/**
 * Determines which library a folder is, and whether it is the one recorded in the ledger (docs/design.md, G12). A
 * folder that held papers and is now absent, or a different one under the same path, is never taken for an
 * empty library: nothing is requeued and nothing is written in its place.
 */
import { join, resolve } from 'node:path'
import { SheafError } from '../../contract/errors'
import { filedAfter } from '../ledger/artifacts'
import type { Ledger } from '../ledger/ledger'
import { countFilesOf, currentLibrary, libraryById, noteHoldsPapers, useLibrary } from '../ledger/libraries'
import { readHolder } from '../ledger/lock'
import { getMeta } from '../ledger/meta'
import {
  readIdentity,
  writeIdentity,
  type IdentityFound,
  type LibraryIdentity,
  type LibraryOwner
} from '../library/identity'
import { MANIFEST } from '../library/manifest-file'
import type { Host } from '../platform/host'
import { objectPath } from '../platform/recorded-path'

export interface PresenceParts {
  readonly host: Host
  readonly ledger: Ledger
  /** absolute path of the ledger's data folder */
  readonly dataDir: string
}

export type Recognised =
  /** the library to use, with the content of its `library.json` */
  | { readonly kind: 'use'; readonly identity: LibraryIdentity }
  | { readonly kind: 'missing'; readonly error: SheafError }

/** Recorded files checked in a folder without a readable library id. */
const SAMPLE = 40

/**
 * Reads only. `startNew`: the user gives up the former library (`--new-library`). Throws LEDGER_IN_USE when a
 * live process works on this library with another ledger.
 */
export async function recogniseLibrary(
  parts: PresenceParts,
  root: string,
  how: { readonly startNew: boolean }
): Promise<Recognised> {
  const { host, ledger } = parts
  const found = await readIdentity(host.files, root)
  const known = ledger.read(currentLibrary)
  const carried = found.kind === 'identity' ? found.identity : null
  if (carried !== null) await assertNotShared(parts, root, carried.owner)
  const use = (identity: LibraryIdentity | null): Recognised => ({
    kind: 'use',
    identity: identity ?? newIdentity(host)
  })
  if (how.startNew || (known !== null && carried?.id === known.libraryId)) return use(carried)
  const files = ledger.read((r) => countFilesOf(r, known?.libraryId ?? null))
  const heldPapers = files > 0 || known?.holdsPapers === true
  const isSamePlace = known === null || (await isSameFolder(host, known.path, root))
  if (!heldPapers || (!isSamePlace && carried !== null)) return use(carried)
  // Its library.json was lost, or the ledger is older than that file: identify the library by its papers.
  if ((carried === null || known === null) && (await holdsRecorded(parts, root))) {
    return use(carried ?? (known === null ? null : { ...newIdentity(host), id: known.libraryId }))
  }
  if (!isSamePlace) return use(carried)
  return { kind: 'missing', error: missingError(root, known?.libraryId ?? null, files, found) }
}

/** Makes the recognised library the one in use, on disk and in the ledger. Its folders must exist. */
export async function takeLibrary(
  parts: PresenceParts,
  root: string,
  identity: LibraryIdentity
): Promise<void> {
  const { host, ledger, dataDir } = parts
  const path = resolve(root)
  const now = host.clock.now()
  const before = ledger.read(currentLibrary)
  if (before?.libraryId !== identity.id || before.path !== path) {
    if (before !== null && before.libraryId === identity.id) {
      host.log.info(`The library ${identity.id} is now at ${path}.`, { was: before.path })
    }
    await ledger.commit((w) => {
      useLibrary(w, { libraryId: identity.id, path, now })
    })
  }
  const owner: LibraryOwner = {
    ledger: ledger.read((r) => getMeta(r, 'ledger_id')) ?? '',
    data_dir: resolve(dataDir),
    host: host.identity.hostname,
    since: now
  }
  const other = identity.owner
  if (other?.ledger === owner.ledger && other.data_dir === owner.data_dir && other.host === owner.host) return
  if (other !== undefined && other.ledger !== owner.ledger && isOwnPlace(other, owner)) {
    host.log.info('The former ledger of this library is gone; its papers are adopted into this one.', {
      library: identity.id
    })
  } else if (other !== undefined && other.ledger !== owner.ledger) {
    host.log.warn(
      `Another ledger used this library: ${other.data_dir} on ${other.host}. Papers that it filed are adopted here; work on one library with one ledger at a time.`,
      { library: identity.id, ledger: other.ledger }
    )
  }
  await writeIdentity(host.files, root, { ...identity, owner })
}

/** Throws LIBRARY_MISSING unless the library in use is at `root` now. Cheap: one small file is read. */
export async function assertPresent(parts: PresenceParts, root: string): Promise<void> {
  const { host, ledger } = parts
  const known = ledger.read(currentLibrary)
  if (known === null) return
  const found = await readIdentity(host.files, root)
  if (found.kind === 'identity' && found.identity.id === known.libraryId) return
  const files = ledger.read((r) => countFilesOf(r, known.libraryId))
  throw missingError(root, known.libraryId, files, found)
}

/** Is this folder the library that the ledger uses, by its id, or by its files where it has no id? */
export async function isCurrentLibrary(parts: PresenceParts, root: string): Promise<boolean> {
  const known = parts.ledger.read(currentLibrary)
  const found = await readIdentity(parts.host.files, root)
  if (found.kind === 'identity') return found.identity.id === known?.libraryId
  return holdsRecorded(parts, root)
}

/** Notes, for a ledger that records no files (the switch is off), that papers lie in the library. */
export async function notePapers(parts: PresenceParts, root: string): Promise<void> {
  const { host, ledger } = parts
  const known = ledger.read(currentLibrary)
  if (known === null || known.holdsPapers || ledger.trouble() !== null) return
  const manifest = await host.files.stat(join(root, MANIFEST))
  if (manifest === null || manifest.bytes === 0) return
  await ledger.commit((w) => {
    noteHoldsPapers(w, known.libraryId)
  })
}

/** The last folder of a former library, if it is there now. */
export async function formerLibrary(parts: PresenceParts, libraryId: string): Promise<string | null> {
  const known = parts.ledger.read((r) => libraryById(r, libraryId))
  if (known === null) return null
  const found = await readIdentity(parts.host.files, known.path)
  return found.kind === 'identity' && found.identity.id === libraryId ? known.path : null
}

function isOwnPlace(other: LibraryOwner, mine: LibraryOwner): boolean {
  return other.data_dir === mine.data_dir && other.host === mine.host
}

function newIdentity(host: Host): LibraryIdentity {
  return { id: host.random.hex(16), created: host.clock.now() }
}

/** Are any files that the ledger recorded there, with their sizes? Stops at the first match. */
async function holdsRecorded({ host, ledger }: PresenceParts, root: string): Promise<boolean> {
  for (const artifact of ledger.read((r) => filedAfter(r, '', SAMPLE)).rows) {
    const stat = await host.files.stat(join(root, objectPath(artifact.sha256, artifact.format)))
    if (stat?.isFile === true && stat.bytes === artifact.bytes) return true
  }
  return false
}

async function isSameFolder(host: Host, one: string, other: string): Promise<boolean> {
  const [a, b] = [resolve(one), resolve(other)]
  if (a === b) return true
  const [realA, realB] = await Promise.all([host.files.realPath(a), host.files.realPath(b)])
  return realA !== null && realA === realB
}

/** Two processes with two ledgers would write the same parts, because their job ids are equal. */
async function assertNotShared(
  parts: PresenceParts,
  root: string,
  owner: LibraryOwner | undefined
): Promise<void> {
  const { host, ledger, dataDir } = parts
  if (owner === undefined || owner.host !== host.identity.hostname) return
  if (owner.ledger === ledger.read((r) => getMeta(r, 'ledger_id'))) return
  if (await isSameFolder(host, owner.data_dir, dataDir)) return
  const holder = await readHolder(host, owner.data_dir)
  if (holder === null) return
  const since = new Date(holder.since * 1000).toISOString()
  throw new SheafError(
    'LEDGER_IN_USE',
    `The library ${root} is in use by pid ${holder.pid} since ${since}, with the ledger in ${owner.data_dir}.`,
    {
      facts: { pid: holder.pid, since: holder.since },
      hint: 'Wait until it has ended, or use another library.'
    }
  )
}

function missingError(
  root: string,
  libraryId: string | null,
  papers: number,
  found: IdentityFound
): SheafError {
  const state = {
    no_folder: 'is not there',
    none: 'is not there: its folder carries no library id and holds none of its papers',
    damaged: 'cannot be recognised: its .sheaf/library.json is damaged',
    identity: `is not there: in its place is another library${found.kind === 'identity' ? `, ${found.identity.id}` : ''}`
  }[found.kind]
  const expected =
    libraryId === null ? 'recorded by an earlier version, without an id' : `expected id ${libraryId}`
  return new SheafError(
    'LIBRARY_MISSING',
    `The library ${root} (${expected}) ${state}. Plug in its drive or put it back, give its folder with --out, or start a new library with --new-library.`,
    {
      facts: {
        folder: root,
        expected: libraryId,
        found: found.kind === 'identity' ? found.identity.id : null,
        papers
      }
    }
  )
}
