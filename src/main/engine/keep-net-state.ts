/**
 * Keeps what the network must remember (rates, rests, closures, breakers, hosts contacted) in the ledger
 * while a run goes on: a killed process must not make the next one ask sooner than a service allowed. It
 * is written when the run begins, soon after every rest or closure, now and then, and at the end.
 */
import type { Ledger } from '../ledger/ledger'
import { getMeta, setMeta } from '../ledger/meta'
import type { Host } from '../platform/host'
import { jsonOrNull } from '../../contract/unknown-values'

const NET_STATE = 'net_state'
/** The log of hosts and the counts of the day may be this old after a kill; rests and closures may not. */
const EVERY_MS = 30_000
const SOON_MS = 250

export interface NetStateParts {
  readonly host: Host
  readonly ledger: Ledger
  readonly save: (how: { readonly isLast: boolean }) => unknown
}

export class NetState {
  private isOpen = false
  private soon: AbortController | null = null

  constructor(private readonly parts: NetStateParts) {}

  /** Something changed that the next process must know. */
  changed(): void {
    if (!this.isOpen || this.soon !== null) return
    const soon = new AbortController()
    this.soon = soon
    void this.parts.host.clock.sleep(SOON_MS, soon.signal).then(
      () => {
        this.soon = null
        if (this.isOpen) this.write(false)
      },
      () => undefined
    )
  }

  /** Before the first request of a run. The returned function ends it, after the last. */
  async begin(): Promise<() => Promise<void>> {
    const { host, ledger } = this.parts
    this.isOpen = true
    this.write(false)
    await ledger.flush()
    const stop = host.clock.every(EVERY_MS, () => {
      this.write(false)
    })
    return async () => {
      stop()
      this.isOpen = false
      this.soon?.abort()
      this.soon = null
      if (ledger.trouble() !== null) return
      this.write(true)
      await ledger.flush()
    }
  }

  async saveNow(): Promise<void> {
    if (this.parts.ledger.trouble() !== null) return
    this.write(!this.isOpen)
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

/** What an earlier process left, or null. */
export function storedNetState(ledger: Ledger): unknown {
  const stored = ledger.read((r) => getMeta(r, NET_STATE))
  return stored === null ? null : jsonOrNull(stored)
}
