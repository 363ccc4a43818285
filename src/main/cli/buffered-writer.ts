/**
 * Writes standard output or standard error. A slow reader loses no text: what the pipe does not take is kept,
 * and `drained` resolves when writing may continue. A closed pipe (EPIPE) is reported once; after that,
 * writing does nothing.
 */
import type { Writable } from 'node:stream'
import { systemCode } from '../platform/files'
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'

export interface BufferedWriter {
  write(text: string | Uint8Array): void
  /** true while the reader is behind */
  readonly isBehind: boolean
  readonly isBroken: boolean
  /** Resolves when the reader has caught up, or is gone. */
  drained(): Promise<void>
  /** Resolves when everything written has left this process or the reader is gone; errors are known then. */
  finish(): Promise<void>
}

export function bufferedWriter(stream: Writable, onBroken: (error: unknown) => void): BufferedWriter {
  let broken = false
  const waiting = new Set<() => void>()
  const wake = (): void => {
    for (const go of [...waiting]) go()
    waiting.clear()
  }
  const breakOff = (error: unknown): void => {
    if (broken) return
    broken = true
    wake()
    onBroken(error)
  }
  stream.on('error', breakOff)
  stream.on('drain', wake)
  stream.on('close', wake)
  return {
    write(text) {
      if (!broken && !stream.destroyed) stream.write(text)
    },
    get isBehind() {
      return !broken && stream.writableNeedDrain
    },
    get isBroken() {
      return broken
    },
    async drained() {
      if (broken || stream.destroyed || !stream.writableNeedDrain) return
      await new Promise<void>((go) => waiting.add(go))
    },
    async finish() {
      // A stream reports a failed write later: do not exit before that.
      await yieldToEventLoop()
      if (broken || stream.destroyed || stream.writableLength === 0) return
      await new Promise<void>((go) => {
        waiting.add(go)
        stream.write('', () => {
          go()
        })
      })
    }
  }
}

/** Did the reader of a pipe simply exit? */
export function isGoneReader(error: unknown): boolean {
  return ['EPIPE', 'ERR_STREAM_DESTROYED', 'EOF'].includes(systemCode(error) ?? '')
}
