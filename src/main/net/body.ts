/**
 * A response body: chunks as they arrive, under the stall timeout, the bandwidth limit and the size limit.
 * Invariant: it ends normally only when it is complete as far as HTTP can tell, and its socket is released in
 * every case.
 */
import type { Readable } from 'node:stream'
import { sayBytes } from '../../contract/counted'
import { SheafError } from '../../contract/errors'
import type { Clock } from '../platform/host'
import type { Bandwidth } from './bandwidth'
import { failureFrom } from './failures'
import type { Timeouts } from './timeouts'
import { bytesOfChunk } from '../platform/chunks'

export interface BodyParts {
  readonly stream: Readable
  readonly host: string
  readonly url: string
  /** Content-Length of these bytes; null when unknown or when the body is decoded */
  readonly announced: number | null
  readonly maxBytes: number
  readonly timeouts: Timeouts
  readonly stallTimeoutMs: number
  readonly bandwidth: Bandwidth
  readonly clock: Clock
  readonly signal: AbortSignal
  /** called for every chunk */
  readonly received: (bytes: number) => void
  /** called once, when the body has ended for any reason */
  readonly ended: (end: BodyEnd) => void
}

export type BodyEnd =
  { readonly kind: 'whole' | 'given up' } | { readonly kind: 'broken'; readonly bytes: number }

export async function* readBody(parts: BodyParts): AsyncGenerator<Uint8Array, void, undefined> {
  const { timeouts, stallTimeoutMs, bandwidth, signal } = parts
  const chunks: AsyncIterator<unknown> = parts.stream[Symbol.asyncIterator]()
  let bytes = 0
  let end: BodyEnd = { kind: 'given up' }
  try {
    for (;;) {
      signal.throwIfAborted()
      timeouts.expect('stall', stallTimeoutMs)
      const next = await chunks.next()
      timeouts.rest()
      if (next.done === true) break
      const chunk = bytesOfChunk(next.value)
      bytes += chunk.length
      timeouts.arrived(chunk.length)
      parts.received(chunk.length)
      if (bytes > parts.maxBytes) throw tooLarge(parts.host, bytes, parts.maxBytes)
      const waitMs = bandwidth.take(chunk.length)
      if (waitMs >= 1) await parts.clock.sleep(waitMs, signal)
      yield chunk
    }
    if (parts.announced !== null && bytes !== parts.announced) {
      throw new SheafError(
        'CONNECTION_RESET',
        `${parts.host} ended after ${sayBytes(bytes)} of ${sayBytes(parts.announced)}.`,
        { facts: { host: parts.host, bytes, announced: parts.announced } }
      )
    }
    end = { kind: 'whole' }
  } catch (error) {
    if (signal.aborted && !(signal.reason instanceof SheafError)) throw signal.reason
    const failure = failureFrom(signal.aborted ? signal.reason : error, {
      host: parts.host,
      url: parts.url,
      bytes
    })
    if (failure.code !== 'TOO_LARGE') end = { kind: 'broken', bytes }
    throw failure
  } finally {
    parts.stream.destroy()
    parts.ended(end)
  }
}

export function tooLarge(host: string, bytes: number, maxBytes: number): SheafError {
  return new SheafError(
    'TOO_LARGE',
    `${host} sends ${sayBytes(bytes)} or more; at most ${sayBytes(maxBytes)} are allowed.`,
    { facts: { host, bytes, maxBytes } }
  )
}
