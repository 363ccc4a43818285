/**
 * From a command line to an exit status: parses the arguments, builds the command's context, runs the
 * command, closes what was opened. Invariant: standard output contains only results, the reason is on
 * standard error, and no written text is lost.
 */
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { isSheafError } from '../../contract/errors'
import { forJson, oneLine } from '../../contract/exits'
import { LOG_LEVELS, makeLog, type Log, type LogLevel, type LogLine } from '../platform/log'
import type { Files } from '../platform/files'
import type { Host } from '../platform/host'
import { closeDataFolder, withPrivateFolder } from '../platform/private-folder'
import type { Machine } from '../settings/standard-folders'
import { readArguments } from './arguments'
import { perform } from './commands/perform'
import { errorDataOf, EXIT, exitStatusOf, type ExitStatus } from './exit-status'
import { onlyReads, type Invocation } from './invocation'
import { jsonLines } from './json-lines'
import { logFile, NO_LOG_FILE, type LogFile } from '../platform/log-file'
import { isGoneReader, bufferedWriter } from './buffered-writer'
import { makeScreen, type Screen } from './screen'
import { stopSwitch } from './signals'
import { dataDirOf, report, type CommandContext } from './command-context'
import { bytesOfChunk } from '../platform/chunks'

/** The process's environment, injected so that tests can replace it. */
export interface Outside {
  readonly argv: readonly string[]
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number }
  readonly machine: Machine
  readonly version: string
  readonly nodeVersion: string
  readonly self: readonly string[]
  readonly tempDir: string
  readonly files: Files
  readonly now: () => number
  readonly makeHost: (log: Log) => Host
  readonly signals: Parameters<typeof stopSwitch>[0]
  /** ends the process at once; nothing is closed */
  readonly endNow: (status: ExitStatus) => void
}

export async function runCommandLine(outside: Outside): Promise<ExitStatus> {
  const err = bufferedWriter(outside.stderr, () => undefined)
  const stop: { by: (why: string) => void } = { by: () => undefined }
  const results = { areLost: false }
  const out = bufferedWriter(outside.stdout, (error) => {
    if (!isGoneReader(error)) {
      results.areLost = true
      err.write(`Standard output cannot be written: ${String(error)}\n`)
    }
    stop.by('a reader that left')
  })
  const screen = makeScreen(err, () => ({
    isTerminal: outside.stderr.isTTY === true && outside.machine.env['TERM'] !== 'dumb',
    // A terminal with an unknown width reports 0.
    columns: outside.stderr.columns || 80
  }))
  const { argv } = outside
  const lines = argv.includes('--json') ? jsonLines(out) : null
  const status = await understand()
  lines?.flush()
  await out.finish()
  await err.finish()
  // The caller did not get the results, whatever the outcome of the works.
  return results.areLost && !SAYS_MORE.includes(status) ? EXIT.unexpected : status

  async function understand(): Promise<ExitStatus> {
    let invocation: Invocation
    try {
      const read = readArguments(argv, outside.version)
      if (read.kind === 'shown') {
        out.write(read.text)
        return EXIT.done
      }
      invocation = read
    } catch (error) {
      report({ lines, screen }, errorDataOf(error))
      return exitStatusOf(error)
    }
    const dataDir = dataDirOf(invocation, outside.machine)
    const files = withPrivateFolder(outside.files, dataDir)
    // A read-only command writes no log into the data folder, either.
    const written = onlyReads(invocation) ? NO_LOG_FILE : logFile(files, join(dataDir, 'logs'))
    const log = bothLogs(invocation, screen, written, outside.now)
    const ending = stopSwitch(
      outside.signals,
      (by) => {
        if (by.startsWith('SIG'))
          screen.say('Stopping; everything stays where it is. (Again to stop at once.)')
      },
      () => {
        outside.endNow(EXIT.interrupted)
      }
    )
    stop.by = (why) => {
      ending.stop(why)
    }
    const context: CommandContext = {
      host: privately(outside.makeHost(log), dataDir),
      invocation,
      dataDir,
      machine: outside.machine,
      version: outside.version,
      nodeVersion: outside.nodeVersion,
      self: outside.self,
      tempDir: outside.tempDir,
      out,
      lines,
      screen,
      signal: ending.signal,
      readStandardInput: () => readAll(outside.stdin)
    }
    try {
      await closeDataFolder(files, dataDir, outside.machine.home)
      return await runCommand(context, written, outside.now)
    } finally {
      await written.close()
      ending.release()
    }
  }
}

/** Files written into the data folder are private to its user. */
function privately(host: Host, dataDir: string): Host {
  return { ...host, files: withPrivateFolder(host.files, dataDir) }
}

/** Statuses that are more informative than lost output: nothing was done, for the given reason. */
const SAYS_MORE: readonly ExitStatus[] = [EXIT.usage, EXIT.inUse, EXIT.damaged]

async function runCommand(context: CommandContext, written: LogFile, now: () => number): Promise<ExitStatus> {
  try {
    return await perform(context)
  } catch (error) {
    if (context.signal.aborted && (error === context.signal.reason || isAbort(error))) return EXIT.interrupted
    const data = errorDataOf(error)
    if (!isSheafError(error) && error instanceof Error) {
      written.take({ at: now(), level: 'error', sentence: data.message, facts: { stack: error.stack } })
    }
    report(context, withKeptFile(error, data))
    return exitStatusOf(error)
  }
}

/** A damaged ledger's message names the file that was kept. */
function withKeptFile(error: unknown, data: ReturnType<typeof errorDataOf>): ReturnType<typeof errorDataOf> {
  const kept = isSheafError(error, 'LEDGER_DAMAGED') ? error.facts['kept'] : undefined
  if (typeof kept !== 'string' || data.message.includes(kept)) return data
  return { ...data, message: `${data.message} Kept: ${kept}.` }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'Interrupted')
}

/** For people on standard error from the requested level; everything relevant on disk. */
function bothLogs(invocation: Invocation, screen: Screen, written: LogFile, now: () => number): Log {
  const shown: LogLevel = invocation.logLevel ?? (invocation.quiet ? 'warn' : 'info')
  const kept: LogLevel = shown === 'debug' ? 'debug' : 'info'
  const from = LOG_LEVELS.indexOf(shown)
  return makeLog(
    (line) => {
      written.take(line)
      if (LOG_LEVELS.indexOf(line.level) >= from) screen.say(sentenceOf(line))
    },
    kept,
    now
  )
}

function sentenceOf(line: LogLine): string {
  const facts = Object.entries(line.facts)
  const shown =
    line.level === 'info' || facts.length === 0
      ? ''
      : ` (${facts.map(([key, value]) => `${key} ${typeof value === 'string' ? oneLine(value) : forJson(value)}`).join(', ')})`
  return `${line.level === 'info' ? '' : `${line.level}: `}${line.sentence}${shown}`
}

async function readAll(stdin: Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stdin) chunks.push(bytesOfChunk(chunk))
  return Buffer.concat(chunks)
}
