/**
 * A circuit breaker for each host. After five consecutive failures the host is not requested for 30 s, then
 * by one probe; each failed probe doubles the pause, up to 10 min, and one success ends it. Own code instead
 * of cockatiel's breaker: the state must be kept across restarts in the Host's time, and requests that were
 * concurrent must not count as consecutive failures.
 */
import { z } from 'zod'
import { fail } from '../../contract/errors'
import type { Clock } from '../platform/host'

const circuitSchema = z.object({
  failures: z.number().int().min(0),
  /** how often it opened without a success in between */
  opened: z.number().int().min(0),
  /** epoch seconds; null while closed */
  openUntil: z.number().min(0).nullable(),
  /** when the last failure was counted, epoch seconds */
  failedAt: z.number().min(0)
})
export const breakerStateSchema = z.record(z.string(), circuitSchema)
export type BreakerState = z.infer<typeof breakerStateSchema>

type Circuit = BreakerState[string] & { probing: boolean }

const FAILURES_TO_OPEN = 5
const FIRST_REST_SECONDS = 30
const LONGEST_REST_SECONDS = 600
/** Requests during the probe are refused and may return after this time. */
const PROBE_SECONDS = 5

/** The outcome of one exchange. Each must be reported once, else a probe would never end. */
export interface Passage {
  succeeded(): void
  failed(): void
  /** aborted, or refused by Sheaf itself: says nothing about the host */
  dropped(): void
}

export class Breaker {
  private readonly circuits = new Map<string, Circuit>()

  constructor(
    private readonly clock: Clock,
    kept: BreakerState
  ) {
    for (const [host, circuit] of Object.entries(kept)) {
      // A stored time from a clock that ran ahead must not close a host for years.
      const openUntil =
        circuit.openUntil === null ? null : Math.min(circuit.openUntil, clock.now() + LONGEST_REST_SECONDS)
      this.circuits.set(host, { ...circuit, openUntil, probing: false })
    }
  }

  /** Throws BREAKER_OPEN, with the time of the next probe, while the host's breaker is open. */
  check(host: string): void {
    const circuit = this.circuits.get(host)
    if (circuit?.openUntil == null) return
    const now = this.clock.now()
    if (now >= circuit.openUntil && !circuit.probing) return
    const retryAt = Math.max(circuit.openUntil, now + (circuit.probing ? PROBE_SECONDS : 0))
    fail('BREAKER_OPEN', `${host} failed ${String(circuit.failures)} times in a row and is left alone.`, {
      retryAt,
      facts: { host, failures: circuit.failures }
    })
  }

  enter(host: string): Passage {
    this.check(host)
    const probe = this.circuits.get(host)
    const probing = probe?.openUntil != null
    if (probing) probe.probing = true
    const began = this.clock.now()
    let ended = false
    const end = (then: () => void) => (): void => {
      if (ended) return
      ended = true
      if (probing) probe.probing = false
      then()
    }
    return {
      succeeded: end(() => {
        this.circuits.delete(host)
      }),
      failed: end(() => {
        this.count(host, began)
      }),
      dropped: end(() => undefined)
    }
  }

  openUntil(host: string): number | null {
    const circuit = this.circuits.get(host)
    if (circuit?.openUntil == null) return null
    return circuit.openUntil > this.clock.now() || circuit.probing ? circuit.openUntil : null
  }

  /** Opened by the user: the host may be requested at once. */
  forget(host: string): void {
    this.circuits.delete(host)
  }

  save(): BreakerState {
    return Object.fromEntries(
      [...this.circuits].map(([host, { failures, opened, openUntil, failedAt }]) => [
        host,
        { failures, opened, openUntil, failedAt }
      ])
    )
  }

  private count(host: string, began: number): void {
    const now = this.clock.now()
    const circuit = this.circuits.get(host) ?? {
      failures: 0,
      opened: 0,
      openUntil: null,
      failedAt: 0,
      probing: false
    }
    this.circuits.set(host, circuit)
    // A request already in flight at the last counted failure has the same cause, and is not counted again.
    const sameTrouble = circuit.failures > 0 && began < circuit.failedAt
    if (sameTrouble) return
    circuit.failures += 1
    circuit.failedAt = now
    if (circuit.failures < FAILURES_TO_OPEN) return
    circuit.openUntil = now + Math.min(LONGEST_REST_SECONDS, FIRST_REST_SECONDS * 2 ** circuit.opened)
    circuit.opened += 1
  }
}
