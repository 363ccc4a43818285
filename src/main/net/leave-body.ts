/** Ends an exchange's body: reads the rest, leaves it when it is long, or breaks it off. */
import { OVER } from '../platform/ended-with'
import type { Clock } from '../platform/host'
import type { BodyEnd } from './body'
import type { WireAnswer } from './client'
import { contentLength } from './headers'
import type { Turn } from './turns'

/** Maximum rest of an unwanted body that is read to reuse its connection. */
const DRAINED_BYTES = 65_536
const DRAIN_MS = 1_000

/**
 * Reads a short rest of an unwanted body, so that its connection can be reused. Its slot is kept until then:
 * a service that allows one connection never sees two.
 */
export async function leaveBody(
  { stream, headers }: WireAnswer,
  { end, turn, clock }: { readonly end: BodyEnd; readonly turn: Turn; readonly clock: Clock }
): Promise<void> {
  if (end.kind === 'whole' || stream.readableEnded || stream.destroyed) {
    stream.resume()
    turn.release()
    return
  }
  const length = contentLength(headers)
  const isShort = stream.complete || (length !== null && length <= DRAINED_BYTES)
  if (end.kind !== 'given up' || !isShort) {
    stream.destroy()
    turn.release()
    return
  }
  const over = new AbortController()
  const closed = new Promise<void>((resolve) => {
    stream.once('close', resolve)
  })
  stream.on('error', () => undefined)
  stream.resume()
  const late = clock.sleep(DRAIN_MS, over.signal).then(
    () => stream.destroy(),
    () => undefined
  )
  await Promise.race([closed, late])
  over.abort(OVER)
  turn.release()
}
