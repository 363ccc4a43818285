/**
 * The run bar of an open Sheaf: the state of the run, the queue and the downloads. The queue is counted again only
 * when it may have changed, and a view is sent only when it differs from the one before.
 */
import type { RunPhase, RunView } from '../../contract/views'
import type { QueueTotals, Sheaf } from '../sheaf-api'
import type { RunLoop } from '../sheaf-run-loop'
import type { LiveStreams } from './live-bytes'
import { RunBar } from './run-view'
import type { Tell } from './session-api'

interface LiveRunParts {
  readonly sheaf: Sheaf
  readonly loop: RunLoop
  readonly streams: LiveStreams
  readonly tell: Tell
  readonly nextRevision: () => number
}

export class LiveRun {
  readonly #parts: LiveRunParts
  readonly #bar = new RunBar()
  #totals: QueueTotals | null = null
  #view: RunView
  #text = ''

  constructor(parts: LiveRunParts) {
    this.#parts = parts
    this.#view = this.view()
  }

  /** The same object as long as nothing changed. */
  view(): RunView {
    const { sheaf, streams, nextRevision } = this.#parts
    const counts = this.#counts()
    const view = this.#bar.view({
      ...this.#phase(counts),
      counts,
      later: counts.later,
      bytesPerSecond: streams.bytesPerSecond,
      recentSpeeds: streams.isQuiet ? [] : streams.recentSpeeds,
      limit: sheaf.options.settings['network.maxBandwidth'],
      live: streams.all(),
      revision: 0
    })
    const text = JSON.stringify(view)
    if (text === this.#text) return this.#view
    this.#text = text
    this.#view = { ...view, revision: nextRevision() }
    return this.#view
  }

  tell(): void {
    const before = this.#view
    if (this.view() !== before) this.#parts.tell('run', this.#view)
  }

  /** The queue may have other counts. */
  countAgain(): void {
    this.#totals = null
  }

  /** Ends a second and sends the view if it changed. True: the next second may change it by itself. */
  second(): boolean {
    const { loop, streams } = this.#parts
    // Jobs due later become due soon just by the passing of time.
    const isPassing = loop.isRunning || this.#counts().later > 0
    if (isPassing) this.countAgain()
    this.#bar.second(this.#counts())
    this.tell()
    return isPassing || !streams.isQuiet
  }

  #phase(counts: QueueTotals): { readonly phase: RunPhase; readonly because: string | null } {
    const { sheaf, loop } = this.#parts
    if (loop.isPaused) return { phase: 'paused', because: 'You paused it.' }
    const still = sheaf.standsStill()
    if (still !== null) {
      const phase = still.code === 'OFFLINE' ? 'offline' : still.code === 'SUSPENDED' ? 'asleep' : 'stuck'
      return { phase, because: still.sentence }
    }
    const isAtWork = counts.active > 0 || counts.waiting > counts.later
    return { phase: loop.isRunning && isAtWork ? 'running' : 'idle', because: null }
  }

  #counts(): QueueTotals {
    this.#totals ??= this.#parts.sheaf.queueTotals()
    return this.#totals
  }
}
