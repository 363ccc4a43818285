/**
 * The scope of one exchange: it ends when the caller aborts, its time is over, or the network is closed. One
 * signal stands for all three, and code that meets the abort rethrows its reason unchanged.
 */
import { setMaxListeners } from 'node:events'
import type { SheafError } from '../../contract/errors'
import { endedWith, type Ended } from '../platform/ended-with'
import type { Timeouts, Watch } from './timeouts'

export class ExchangeScopes {
  private readonly alive = new Set<ExchangeScope>()

  constructor(private readonly watch: Watch) {}

  begin(caller: AbortSignal): ExchangeScope {
    caller.throwIfAborted()
    const scope: ExchangeScope = new ExchangeScope(caller, this.watch, () => this.alive.delete(scope))
    this.alive.add(scope)
    return scope
  }

  endAll(reason: SheafError): void {
    for (const scope of [...this.alive]) scope.abort(reason)
  }
}

export class ExchangeScope {
  private readonly ended: Ended
  readonly timeouts: Timeouts

  constructor(
    caller: AbortSignal,
    watch: Watch,
    private readonly forget: () => void
  ) {
    this.timeouts = watch.begin((error) => {
      this.abort(error)
    })
    // One signal may serve a whole run; Node warns of a leak from eleven listeners on.
    setMaxListeners(0, caller)
    this.ended = endedWith(caller)
  }

  get signal(): AbortSignal {
    return this.ended.controller.signal
  }

  abort(reason: unknown): void {
    this.ended.controller.abort(reason)
  }

  /** Idempotent. */
  end(): void {
    this.ended.free()
    this.timeouts.end()
    this.forget()
  }
}
