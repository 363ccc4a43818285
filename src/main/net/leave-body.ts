/** The end of an exchange's body on the wire: read to its end, left when it is long, or broken. */
import { OVER } from '../platform/ended-with'
import type { Clock } from '../platform/host'
import type { BodyEnd } from './body'
import type { WireAnswer } from './client'
import type { Turn } from './turns'

/** What is left of a body that is not wanted may be read, so that its connection can be used again. */
const DRAINED_BYTES = 65_536
const DRAIN_MS = 1_000

/**
 * The rest of a body that is not wanted: a short one is read, so that the connection can be used again.
 * Its place is kept until then: a service that allows one connection never sees two.
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
  const announced = headers['content-length']
  const length = announced === undefined ? null : Number(announced)
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
