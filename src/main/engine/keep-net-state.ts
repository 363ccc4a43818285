/**
 * Saves the network's state (rates, rests, closures, breakers, hosts contacted) in the ledger during a run:
 * after a killed process, the next one must not send requests sooner than a service allowed. Written when the
 * run begins, soon after every rest or closure, periodically, and at the end.
 */
import type { Ledger } from '../ledger/ledger'
import { getMeta, setMeta } from '../ledger/meta'
import type { Host } from '../platform/host'
import { Soon } from '../platform/soon'
import { jsonOrNull } from '../../contract/unknown-values'

const NET_STATE = 'net_state'
/**
 * Maximum age, after a kill, of the log of hosts and the counts of the day. Rests and closures are saved at
 * once.
 */
const EVERY_MS = 30_000
const SOON_MS = 250

export interface NetStateParts {
  readonly host: Host
  readonly ledger: Ledger
  readonly save: (how: { readonly isLast: boolean }) => unknown
}

export class NetState {
  /** during a run */
  private soon: Soon | null = null

  constructor(private readonly parts: NetStateParts) {}

  /** Called when state changed that the next process must know. */
  changed(): void {
    this.soon?.call()
  }

  /** Call before the first request of a run. The returned function ends it, after the last request. */
  async begin(): Promise<() => Promise<void>> {
    const { host, ledger } = this.parts
    const soon = new Soon(host.clock, SOON_MS, () => {
      this.write(false)
    })
    this.soon = soon
    this.write(false)
    await ledger.flush()
    const stop = host.clock.every(EVERY_MS, () => {
      this.write(false)
    })
    return async () => {
      stop()
      soon.close()
      this.soon = null
      if (ledger.trouble() !== null) return
      this.write(true)
      await ledger.flush()
    }
  }

  async saveNow(): Promise<void> {
    if (this.parts.ledger.trouble() !== null) return
    this.write(this.soon === null)
    await this.parts.ledger.flush()
  }

  private write(isLast: boolean): void {
    const { ledger, save } = this.parts
    if (ledger.trouble() !== null) return
    ledger.transact((w) => {
      setMeta(w, NET_STATE, JSON.stringify(save({ isLast }) ?? null))
    })
  }
}

/** The state that an earlier process saved, or null. */
export function storedNetState(ledger: Ledger): unknown {
  const stored = ledger.read((r) => getMeta(r, NET_STATE))
  return stored === null ? null : jsonOrNull(stored)
}
