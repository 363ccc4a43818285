/**
 * The log on disk: `logs/sheaf.log` in the data folder, rotated when large, three files kept. If the log
 * cannot be written, it is given up without affecting anything else.
 */
import { join } from 'node:path'
import { forJson, forTerminal } from '../../contract/exits'
import type { Files } from './files'
import type { LogLine } from './log'
import { appendRotated } from './rotate-file'

const ROTATION = { atBytes: 5_000_000, keep: 3 }

export interface LogFile {
  take(line: LogLine): void
  /** Resolves when all accepted lines are written. */
  close(): Promise<void>
}

export const NO_LOG_FILE: LogFile = { take: () => undefined, close: () => Promise.resolve() }

export function logFile(files: Files, folder: string): LogFile {
  const path = join(folder, 'sheaf.log')
  let silent = false
  let waiting: LogLine[] = []
  let writing: Promise<void> | null = null

  const writeOut = async (): Promise<void> => {
    const lines = waiting
    waiting = []
    await appendRotated(files, path, { text: lines.map(logText).join(''), rotation: ROTATION })
  }
  const begin = (): void => {
    writing = writeOut()
      .catch(() => {
        silent = true
        waiting = []
      })
      .finally(() => {
        writing = null
        if (waiting.length > 0 && !silent) begin()
      })
  }
  return {
    take(line) {
      if (silent) return
      waiting.push(line)
      if (writing === null) begin()
    },
    async close() {
      while (writing !== null) await writing
    }
  }
}

/** One line: time, level, sentence, facts as JSON. */
function logText(line: LogLine): string {
  const facts = Object.keys(line.facts).length === 0 ? '' : ` ${forJson(line.facts)}`
  const sentence = forTerminal(line.sentence).replaceAll('\n', '\n  ')
  return `${new Date(line.at * 1000).toISOString()} ${line.level} ${sentence}${facts}\n`
}
