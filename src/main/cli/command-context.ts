/**
 * What a command receives: the host, its request, the output streams, the stop signal, and Sheaf when it
 * needs it. Sheaf is opened late (a help text needs no ledger) and always closed.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, isSheafError, type ErrorCode } from '../../contract/errors'
import { forTerminal, oneLine } from '../../contract/exits'
import type { ErrorLine } from '../../contract/lines'
import { redactText } from '../../contract/redact'
import type { Host } from '../platform/host'
import { openKeys } from '../settings/keys'
import { loadSettings, type LoadedSettings } from '../settings/load-settings'
import { standardDataDir, standardLibraryDir, type Machine } from '../settings/standard-folders'
import type { Sheaf } from '../sheaf-api'
import type { SheafReader } from '../sheaf-reading'
import type { Invocation } from './invocation'
import type { JsonLines } from './json-lines'
import type { BufferedWriter } from './buffered-writer'
import type { Screen } from './screen'

export interface CommandContext {
  readonly host: Host
  readonly invocation: Invocation
  readonly dataDir: string
  readonly machine: Machine
  readonly version: string
  readonly nodeVersion: string
  /** how this program was started: interpreter and script */
  readonly self: readonly string[]
  readonly tempDir: string
  /** standard output: only results go there */
  readonly out: BufferedWriter
  /** standard output as JSON Lines; null without --json */
  readonly lines: JsonLines | null
  /** standard error */
  readonly screen: Screen
  readonly signal: AbortSignal
  /** all of standard input, undecoded */
  readStandardInput(): Promise<Uint8Array>
}

export interface Opened {
  readonly sheaf: Sheaf
  readonly loaded: LoadedSettings
}

export function dataDirOf(invocation: Invocation, machine: Machine): string {
  return invocation.dataDir ?? standardDataDir(machine)
}

/** The settings in force; unusable values are logged. */
export async function settingsFor(context: CommandContext): Promise<LoadedSettings> {
  const loaded = await loadSettings({
    files: context.host.files,
    env: context.host.env,
    dataDir: context.dataDir,
    overrides: context.invocation.overrides
  })
  for (const problem of loaded.problems) context.host.log.warn(`${problem.code}: ${problem.message}`)
  return loaded
}

export function libraryDirOf(context: CommandContext, loaded: LoadedSettings): string {
  const library = loaded.settings['files.library']
  return library === '' ? standardLibraryDir(context.machine) : library
}

/** Opens Sheaf for the command, and closes it in every case. */
export async function withSheaf<T>(context: CommandContext, use: (opened: Opened) => Promise<T>): Promise<T> {
  return closing(await open(context, context.dataDir, await settingsFor(context)), use)
}

/** Errors that prevent creating a ledger; a ledger in use, damaged or too new is not among them. */
const NO_LEDGER: readonly ErrorCode[] = ['FOLDER_UNUSABLE', 'FILE_UNREADABLE', 'DISK_READ_ONLY', 'DISK_ERROR']

/**
 * Like `withSheaf`; where no ledger can be created, papers are still downloaded, with the switch off and a
 * temporary data folder (docs/design.md §9).
 */
export async function withSheafOrPlainly<T>(
  context: CommandContext,
  use: (opened: Opened) => Promise<T>
): Promise<T> {
  const loaded = await settingsFor(context)
  let opened: Opened
  try {
    opened = await open(context, context.dataDir, loaded)
  } catch (error) {
    if (!isSheafError(error) || !NO_LEDGER.includes(error.code)) throw error
    const folder = join(context.tempDir, `sheaf-plain-${context.host.random.hex(8)}`)
    const plainly = { ...loaded, settings: { ...loaded.settings, 'safety.switch': 'off' as const } }
    try {
      opened = await open(context, folder, plainly)
      context.host.log.warn(`Idempotency could not be initialised. ${error.message}`)
      return await closing(opened, use)
    } catch (second) {
      // The cause was the library's folder, not the ledger's.
      throw isSheafError(second) && second.message === error.message ? error : second
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  return closing(opened, use)
}

async function closing<T>(opened: Opened, use: (opened: Opened) => Promise<T>): Promise<T> {
  try {
    return await use(opened)
  } finally {
    await opened.sheaf.close()
  }
}

async function open(context: CommandContext, dataDir: string, loaded: LoadedSettings): Promise<Opened> {
  const keys = await openKeys({ files: context.host.files, env: context.host.env, dataDir })
  const { openSheaf } = await import('../sheaf')
  const sheaf = await openSheaf(context.host, {
    dataDir,
    libraryDir: libraryDirOf(context, loaded),
    settings: loaded.settings,
    version: context.version,
    onDamage: 'throw',
    keys: keys.get,
    newLibrary: context.invocation.newLibrary
  })
  return { sheaf, loaded }
}

/**
 * Opens ledger and library read-only, without the ledger's lock and without changing a byte, so that the
 * command works while the app or another command is running. A damaged ledger that no process holds is opened
 * normally, which sets the evidence aside and names it.
 */
export async function withReader<T>(
  context: CommandContext,
  use: (reader: SheafReader) => Promise<T>
): Promise<T> {
  const loaded = await settingsFor(context)
  const { readSheaf } = await import('../sheaf-reading')
  const reader = await readSheaf(context.host, {
    dataDir: context.dataDir,
    libraryDir: libraryDirOf(context, loaded),
    settings: loaded.settings
  })
  try {
    if (reader.damage === null) return await use(reader)
    if (reader.heldBy !== null) {
      context.host.log.warn(reader.damage)
      return await use(reader)
    }
  } finally {
    await reader.close()
  }
  return withSheaf(context, ({ sheaf }) => use(sheaf))
}

/** Refuses what only makes sense with crash-safe downloads; `why` begins the sentence. */
export function assertRemembers({ options }: Pick<Sheaf, 'options'>, why: string): void {
  if (options.settings['safety.switch'] !== 'off') return
  fail('BAD_OPTION', `${why}; crash-safe downloads are off.`, {
    hint: 'Add --enable-idempotency, or sheaf settings set safety.switch on.'
  })
}

/** Reports an error for both kinds of reader: a sentence with the next step, and an `error` line. */
export function report(
  context: Pick<CommandContext, 'lines' | 'screen'>,
  { code, message, hint, works }: Omit<ErrorLine, 'type'>
): void {
  context.lines?.write({ code, message, hint, ...(works === undefined ? {} : { works }), type: 'error' })
  context.screen.say(hint === '' ? oneLine(message) : `${oneLine(message)}\n  ${oneLine(hint)}`)
}

/** A result for people: on standard output, except with --json. */
export function print(context: CommandContext, text: string): void {
  if (context.lines !== null) return
  const clean = forTerminal(redactText(text))
  context.out.write(clean.endsWith('\n') ? clean : `${clean}\n`)
}

/** A message beside the results: suppressed by --quiet and --json. */
export function tell(context: CommandContext, text: string): void {
  if (context.lines === null && !context.invocation.quiet) context.screen.say(text)
}

/** A line of progress on a terminal, for people, in place of the last one. `showProgress(context, null)` removes it. */
export function showProgress(
  context: {
    readonly lines: object | null
    readonly invocation: Pick<Invocation, 'quiet'>
    readonly screen: Pick<Screen, 'isLive' | 'show'>
  },
  text: string | null
): void {
  if (context.lines !== null || context.invocation.quiet || !context.screen.isLive) return
  context.screen.show(text === null ? [] : [text])
}
