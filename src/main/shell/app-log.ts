/**
 * The app's log: the same file as the command line's, and the last lines in memory for the support file.
 * Warnings and errors also go to standard error, for a Sheaf started in a terminal.
 */
import { join } from 'node:path'
import { forJson, oneLine } from '../../contract/exits'
import type { Files } from '../platform/files'
import { makeLog, type Log, type LogLine } from '../platform/log'
import { logFile } from '../platform/log-file'

const KEPT_LINES = 1_000

export interface AppLog {
  readonly log: Log
  readonly recent: () => readonly LogLine[]
  /** Resolves when everything is written. */
  readonly close: () => Promise<void>
}

export function makeAppLog(files: Files, dataDir: string, now: () => number): AppLog {
  const written = logFile(files, join(dataDir, 'logs'))
  const lines: LogLine[] = []
  // A closed terminal must not end the app.
  process.stderr.on('error', () => undefined)
  const log = makeLog(
    (line) => {
      written.take(line)
      lines.push(line)
      if (lines.length > KEPT_LINES) lines.splice(0, lines.length - KEPT_LINES)
      if (line.level === 'warn' || line.level === 'error')
        process.stderr.write(`${line.level}: ${oneLine(line.sentence)} ${forJson(line.facts)}\n`)
    },
    'info',
    now
  )
  return { log, recent: () => [...lines], close: () => written.close() }
}
