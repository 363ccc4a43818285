/**
 * Standard output with `--json`: one object per line and nothing else, in every case. While the reader is
 * behind, only the newest progress of a job is kept; every other line is written in order. Personal data is
 * removed from addresses, and control sequences that a terminal would interpret are escaped. The lines of a
 * plan, thousands in one turn of the event loop, are written together.
 */
import { forJson } from '../../contract/exits'
import type { Line } from '../../contract/lines'
import { redactData } from '../../contract/redact'
import type { BufferedWriter } from './buffered-writer'

/** Rows and reports with fields other than the engine's own lines. */
export type AnyLine = Line | (Readonly<Record<string, unknown>> & { readonly type: string })

export interface JsonLines {
  write(line: AnyLine): void
  /** Writes pending lines. */
  flush(): void
}

const MOST_TOGETHER = 65_536

export function jsonLines(writer: BufferedWriter): JsonLines {
  const heldBack = new Map<string, Line>()
  let together = ''
  const send = (): void => {
    if (together === '') return
    const text = together
    together = ''
    writer.write(text)
  }
  const out = (line: AnyLine): void => {
    if (together === '') queueMicrotask(send)
    together += `${forJson(redactData(line))}\n`
    if (line.type !== 'planned' || together.length > MOST_TOGETHER) send()
  }
  const takeBack = (): void => {
    for (const line of heldBack.values()) out(line)
    heldBack.clear()
  }
  return {
    write(line) {
      if (isProgress(line) && writer.isBehind) {
        heldBack.set(line.job_id, line)
        return
      }
      if (isProgress(line)) heldBack.delete(line.job_id)
      else if (heldBack.size > 0) takeBack()
      out(line)
    },
    flush() {
      takeBack()
      send()
    }
  }
}

function isProgress(line: AnyLine): line is Extract<Line, { type: 'progress' }> {
  return line.type === 'progress' && 'bytes' in line
}
