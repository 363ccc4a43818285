/**
 * Standard error for people: permanent sentences, and below them a few lines that are redrawn during
 * progress. Without a terminal only the sentences are written. Whatever a text contains, only our own two
 * control sequences reach the terminal.
 */
import { forTerminal, oneLine } from '../../contract/exits'
import { redactText } from '../../contract/redact'
import type { BufferedWriter } from './buffered-writer'

export interface Terminal {
  readonly isTerminal: boolean
  readonly columns: number
}

export interface Screen {
  readonly isLive: boolean
  readonly columns: number
  /** Writes a permanent sentence. */
  say(text: string): void
  /** Sets the lines below it until the next call. */
  show(lines: readonly string[]): void
}

const UP_AND_CLEAR = '\u001b[1A\u001b[2K'

export function makeScreen(writer: BufferedWriter, terminal: () => Terminal): Screen {
  let shown = 0
  let last = ''
  const wipe = (): string => {
    const text = UP_AND_CLEAR.repeat(shown)
    shown = 0
    last = ''
    return text
  }
  return {
    get isLive() {
      return terminal().isTerminal
    },
    get columns() {
      return Math.max(40, Math.min(160, terminal().columns))
    },
    say(text) {
      const clean = forTerminal(redactText(text))
      writer.write(`${wipe()}${clean}${clean.endsWith('\n') ? '' : '\n'}`)
    },
    show(lines) {
      if (!terminal().isTerminal || writer.isBehind) return
      const text = lines.map((line) => `${oneLine(redactText(line))}\n`).join('')
      if (text === last) return
      writer.write(wipe() + text)
      shown = lines.length
      last = text
    }
  }
}
