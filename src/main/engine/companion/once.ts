/**
 * Executes a writing request once per key. The key is durable before the work starts and the answer is stored
 * after it, so a repeated key gets the same answer. A request interrupted by a crash is executed again:
 * planning and filing are idempotent, so nothing is done twice.
 */
import type { z } from 'zod'
import { COMPANION_LIMITS, type Refusal } from '../../../contract/companion'
import { fail, isSheafError } from '../../../contract/errors'
import { beginCompanionRequest, companionRequest, endCompanionRequest } from '../../ledger/companion-requests'
import type { Engine } from '../engine'
import type { KeyedLock } from '../keyed-lock'
import { jsonOrNull } from '../../../contract/unknown-values'
import { sha256Hex } from '../../platform/sha256'

export interface Answered<T> {
  readonly answer: T
  /** the answer was stored before; nothing was done now */
  readonly replayed: boolean
}

interface Once<T> {
  readonly key: string
  /** everything that identifies the request's content */
  readonly asked: readonly string[]
  readonly schema: z.ZodType<T>
  readonly work: () => Promise<T>
}

/**
 * REQUEST_KEY_REUSED; also rethrows errors of `work` that are not decisions: the same key may be sent again.
 */
export async function once<T>(
  engine: Engine,
  lock: KeyedLock,
  ask: Once<T | Refusal>
): Promise<Answered<T | Refusal>> {
  const { ledger, host } = engine
  const { key, schema } = ask
  const fingerprint = sha256Hex(JSON.stringify(ask.asked))
  return lock.run(key, async () => {
    const before = ledger.read((r) => companionRequest(r, key))
    if (before !== null && before.fingerprint !== fingerprint) return fail('REQUEST_KEY_REUSED')
    const kept = before?.answer == null ? null : schema.safeParse(jsonOrNull(before.answer))
    if (kept?.success === true) return { answer: kept.data, replayed: true }
    const now = host.clock.now()
    await ledger.commit((w) => {
      beginCompanionRequest(w, { key, fingerprint, now, forgetBefore: now - COMPANION_LIMITS.keptSeconds })
    })
    host.probe('COMPANION: key recorded')
    const answer = await decided(ask.work)
    host.probe('COMPANION: done, not recorded')
    await ledger.commit((w) => {
      endCompanionRequest(w, key, { answer: JSON.stringify(answer), now: host.clock.now() })
    })
    host.probe('COMPANION: recorded')
    return { answer, replayed: false }
  })
}

/** A refusal is stored as an answer; disk errors, shutdown and internal errors are not. */
async function decided<T>(work: () => Promise<T>): Promise<T | Refusal> {
  try {
    return await work()
  } catch (error) {
    if (!isSheafError(error) || error.code === 'INTERNAL') throw error
    if (!['Refuse', 'TryNext', 'GiveUp'].includes(error.family)) throw error
    return { code: error.code, message: error.message }
  }
}
