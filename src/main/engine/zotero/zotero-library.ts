/**
 * Reads a Zotero library from a copy of its database and log, so that it works whether or not Zotero runs;
 * or, when an address is given, from a running Zotero. A file is a stored or linked PDF or EPUB that is on
 * disk and not in the trash.
 */
import { isAbsolute, join, posix } from 'node:path'
import { asSheafError, fail, isSheafError, type SheafError } from '../../../contract/errors'
import type { Files } from '../../platform/files'
import { readNamedFile } from '../../platform/read-named-file'
import { loadSqlEngine } from '../../ledger/sql-engine'
import { readZoteroDatabase, type ZoteroAttachment, type ZoteroItem } from '../../ledger/zotero-database'
import { contactZotero, type ZoteroAbout } from '../../net/zotero/zotero-client'
import { PAPER_TYPE, readHoldings, type ZoteroHolding } from '../../net/zotero/zotero-reading'
import type { Host } from '../../platform/host'
import type { Machine } from '../../settings/standard-folders'
import { jsonOrNull } from '../../../contract/unknown-values'
import { applicationDataFolder } from '../../platform/application-data'

export interface ZoteroAsk {
  /** the folder that holds zotero.sqlite; null: found through Zotero's profile */
  readonly dataDir: string | null
  /** only items of this collection and of those in it */
  readonly collection: string | null
  /** the origin of a running Zotero; null: not given */
  readonly url: string | null
}

/**
 * Items that have no file, in the order in which they were added. Throws FILE_NOT_FOUND, BAD_FILE, BAD_OPTION,
 * and with an address ZOTERO_CLOSED, NOT_ZOTERO and ZOTERO_API_OFF when the database is not found either.
 */
export async function zoteroMissing(
  host: Pick<Host, 'files' | 'clock'>,
  machine: Machine,
  { ask, signal }: { readonly ask: ZoteroAsk; readonly signal: AbortSignal }
): Promise<readonly ZoteroHolding[]> {
  const items = await holdings(host, machine, { ask, signal })
  return inCollection(items, ask.collection).filter((item) => !item.hasFile)
}

/** The items of `--collection`, or all without it. BAD_OPTION when the collection has none. */
export function inCollection(
  items: readonly ZoteroHolding[],
  collection: string | null
): readonly ZoteroHolding[] {
  if (collection === null) return items
  const inIt = items.filter((item) => item.collections.includes(collection))
  if (inIt.length === 0)
    fail('BAD_OPTION', `--collection cannot be “${collection}”: no item is in a collection of that name.`)
  return inIt
}

async function holdings(
  host: Pick<Host, 'files' | 'clock'>,
  machine: Machine,
  { ask, signal }: { readonly ask: ZoteroAsk; readonly signal: AbortSignal }
): Promise<readonly ZoteroHolding[]> {
  const { files, clock } = host
  if (ask.url === null) return holdingsInDatabase(files, machine, ask.dataDir)
  try {
    const client = await contactZotero(ask.url, clock, signal)
    if (client.about.api === 'off') fail('ZOTERO_API_OFF')
    return await readHoldings(client, files, signal)
  } catch (error) {
    if (!isSheafError(error, 'ZOTERO_CLOSED') && !isSheafError(error, 'ZOTERO_API_OFF')) throw error
    return holdingsInDatabase(files, machine, ask.dataDir).catch((second: unknown) => {
      throw ask.dataDir === null ? error : second
    })
  }
}

/** The readable part of a Zotero library; throws only the signal's reason. */
export interface ZoteroReading {
  /** null: Zotero is not running, or another program has its address */
  readonly about: ZoteroAbout | null
  /** ZOTERO_CLOSED or NOT_ZOTERO; null while Zotero answers */
  readonly silent: SheafError | null
  /** null: neither the local API nor a database is readable */
  readonly items: readonly ZoteroHolding[] | null
  readonly from: 'api' | 'database' | null
  /** why nothing is readable */
  readonly unread: SheafError | null
}

/** Queries the running Zotero where its local API is on; else reads a copy of its database. */
export async function readZotero(
  host: Pick<Host, 'files' | 'clock'>,
  machine: Machine,
  where: { readonly origin: string; readonly dataDir: string | null; readonly signal: AbortSignal }
): Promise<ZoteroReading> {
  const { origin, dataDir, signal } = where
  let about: ZoteroAbout | null = null
  let silent: SheafError | null = null
  try {
    const client = await contactZotero(origin, host.clock, signal)
    about = client.about
    if (about.api === 'on') {
      const items = await readHoldings(client, host.files, signal)
      return { about, silent, items, from: 'api', unread: null }
    }
  } catch (error) {
    signal.throwIfAborted()
    silent = asSheafError(error)
  }
  try {
    const items = await holdingsInDatabase(host.files, machine, dataDir)
    return { about, silent, items, from: 'database', unread: null }
  } catch (error) {
    signal.throwIfAborted()
    return { about, silent, items: null, from: null, unread: asSheafError(error) }
  }
}

/** For sending: the items in a copy of the database; null when none is found and none was named. */
export async function databaseOrNothing(
  files: Files,
  machine: Machine,
  dataDir: string | null
): Promise<readonly ZoteroHolding[] | null> {
  try {
    return await holdingsInDatabase(files, machine, dataDir)
  } catch (error) {
    if (dataDir === null && isSheafError(error)) return null
    throw error
  }
}

/** All items, from a copy of the database. Throws FILE_NOT_FOUND, FILE_UNREADABLE, BAD_FILE. */
async function holdingsInDatabase(
  files: Files,
  machine: Machine,
  dataDir: string | null
): Promise<readonly ZoteroHolding[]> {
  const place = dataDir === null ? await foundFolder(files, machine) : { folder: dataDir, base: null }
  const { bytes, wal } = await copyOf(files, join(place.folder, 'zotero.sqlite'))
  const items = readZoteroDatabase(await loadSqlEngine((path) => files.readWhole(path)), bytes, wal)
  const found: ZoteroHolding[] = []
  for (const item of items) {
    const { key, type, fields, authors, collections } = item
    const hasOne = await hasFile(files, item, place)
    found.push({ key, library: null, type, fields, authors, collections, hasFile: hasOne })
  }
  return found
}

interface Place {
  readonly folder: string
  /** base folder of linked files with relative paths; null: unknown */
  readonly base: string | null
}

async function hasFile(files: Files, item: ZoteroItem, place: Place): Promise<boolean> {
  for (const attachment of item.attachments) {
    const path = pathOf(attachment, place)
    if (path !== null && (await files.stat(path))?.isFile === true) return true
  }
  return false
}

/** Null: a link, a web page, or an unknown location. */
function pathOf({ key, linkMode, contentType, path }: ZoteroAttachment, place: Place): string | null {
  if (!PAPER_TYPE.test(contentType)) return null
  if (linkMode === 0 || linkMode === 1) {
    const name = /^storage:(.+)$/.exec(path)?.[1]
    // A name that contains a folder would lead out of the attachment's own.
    return name === undefined || /[/\\]/.test(name) ? null : join(place.folder, 'storage', key, name)
  }
  if (linkMode !== 2) return null
  const relative = /^attachments:(.+)$/.exec(path)?.[1]
  if (relative === undefined) return isAbsolute(path) ? path : null
  return place.base === null ? null : join(place.base, relative)
}

const TRIES = 5

/** Copies database and log as of one moment: Zotero may write meanwhile. */
async function copyOf(
  files: Files,
  path: string
): Promise<{ readonly bytes: Uint8Array; readonly wal: Uint8Array | null }> {
  const state = async (): Promise<string> =>
    JSON.stringify([await files.stat(path), await files.stat(`${path}-wal`)])
  try {
    return await readNamedFile(path, async () => {
      for (let tries = 1; ; tries += 1) {
        const before = await state()
        const bytes = await files.readWhole(path)
        const wal = (await files.stat(`${path}-wal`)) === null ? null : await files.readWhole(`${path}-wal`)
        if ((await state()) === before) return { bytes, wal }
        if (tries >= TRIES)
          fail('FILE_UNREADABLE', `${path} changes all the time; close Zotero and try again.`)
      }
    })
  } catch (error) {
    if (!isSheafError(error, 'FILE_NOT_FOUND')) throw error
    return fail('FILE_NOT_FOUND', `There is no Zotero library at ${path}.`, {
      cause: error,
      hint: 'Name its folder: --zotero-data, or in the app “Choose its folder…”.'
    })
  }
}

/** Finds the folder through the default profile's settings, else Zotero's default folder. */
async function foundFolder(files: Files, machine: Machine): Promise<Place> {
  const profiles = profilesFolder(machine)
  const ini = await textOf(files, join(profiles, 'profiles.ini'))
  const profile = defaultProfile(ini ?? '')
  const prefs =
    profile === null
      ? ''
      : ((await textOf(
          files,
          join(profile.isRelative ? join(profiles, profile.path) : profile.path, 'prefs.js')
        )) ?? '')
  const own = preference(prefs, 'dataDir')
  const base = preference(prefs, 'baseAttachmentPath')
  const isUsed = /user_pref\("extensions\.zotero\.useDataDir",\s*true\)/.test(prefs)
  return { folder: isUsed && own !== null ? own : join(machine.home, 'Zotero'), base }
}

function profilesFolder(machine: Machine): string {
  const path = machine.platform === 'darwin' ? ['Zotero'] : ['Zotero', 'Zotero']
  return applicationDataFolder(machine, path) ?? posix.join(machine.home, '.zotero', 'zotero')
}

async function textOf(files: Files, path: string): Promise<string | null> {
  return files.readWhole(path).then(
    (bytes) => Buffer.from(bytes).toString('utf8'),
    () => null
  )
}

function defaultProfile(ini: string): { readonly path: string; readonly isRelative: boolean } | null {
  const sections = ini.split(/^\[/m).filter((section) => /^Profile/i.test(section))
  const section = sections.find((one) => /^Default=1\s*$/m.test(one)) ?? sections.at(-1)
  const path = /^Path=(.+)$/m.exec(section ?? '')?.[1]?.trim()
  return path === undefined || path === ''
    ? null
    : { path, isRelative: /^IsRelative=1\s*$/m.test(section ?? '') }
}

/** A text setting of prefs.js; its value is a JavaScript string. */
function preference(prefs: string, name: string): string | null {
  const value = new RegExp(`user_pref\\("extensions\\.zotero\\.${name}",\\s*("(?:[^"\\\\]|\\\\.)*")\\)`).exec(
    prefs
  )?.[1]
  if (value === undefined) return null
  const read = jsonOrNull(value)
  return typeof read === 'string' && read !== '' ? read : null
}
