/**
 * The scope of one exchange: it ends when the caller aborts, its time is over, or the network is closed. One
 * signal stands for all three, and code that meets the abort rethrows its reason unchanged.
 */
import { setMaxListeners } from 'node:events'
import type { SheafError } from '../../contract/errors'
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
  private readonly controller = new AbortController()
  readonly timeouts: Timeouts
  private readonly onCaller = (): void => {
    this.abort(this.caller.reason)
  }

  constructor(
    private readonly caller: AbortSignal,
    watch: Watch,
    private readonly forget: () => void
  ) {
    this.timeouts = watch.begin((error) => {
      this.abort(error)
    })
    // One signal may serve a whole run; Node warns of a leak from eleven listeners on.
    setMaxListeners(0, caller)
    caller.addEventListener('abort', this.onCaller, { once: true })
  }

  get signal(): AbortSignal {
    return this.controller.signal
  }

  abort(reason: unknown): void {
    this.controller.abort(reason)
  }

  /** Idempotent. */
  end(): void {
    this.caller.removeEventListener('abort', this.onCaller)
    this.timeouts.end()
    this.forget()
  }
}
