/**
 * The parts of a session that delegate to the open workspace: the run, checks of the library, and the
 * machine's state. `session.ts` decides which workspace is open.
 */
import type { RunView } from '../../contract/views'
import type { SessionChecks, SessionRun } from './session-api'
import type { Workspace } from './workspace'

export interface OpenWorkspace {
  /** the open workspace */
  readonly now: () => Workspace | null
  /** the same; throws the reason when none is open */
  readonly must: () => Workspace
}

export function runOf(
  { now, must }: OpenWorkspace,
  about: {
    readonly begun: () => Promise<void>
    /** shown while no workspace is open */
    readonly idle: () => RunView
    readonly rememberPause: (paused: boolean) => Promise<void>
  }
): SessionRun {
  return {
    get begun() {
      return about.begun()
    },
    view: () => now()?.runView() ?? about.idle(),
    async start() {
      must().loop.start()
      await about.rememberPause(false)
    },
    async pause() {
      const workspace = must()
      await Promise.all([workspace.loop.pause(), about.rememberPause(true)])
    },
    live(jobId) {
      const workspace = now()
      // A stopped stream is dropped at the next second; no worker holds it any more.
      return workspace?.sheaf.isActive(jobId) === true ? workspace.streams.of(jobId) : null
    },
    plan: (drafts, signal, list) => must().plan(drafts, signal, list),
    wake() {
      now()?.loop.wake()
    }
  }
}

export function checksOf({ now, must }: OpenWorkspace, onDismissed: () => void): SessionChecks {
  return {
    interruption: () => now()?.interruption ?? null,
    dismissInterruption() {
      const workspace = now()
      if (workspace !== null) workspace.interruption = null
      onDismissed()
    },
    begin(how) {
      must().checks.begin(how)
    },
    cancel() {
      now()?.checks.cancel()
    },
    view: () => now()?.checks.view ?? null,
    standing: (kind) => now()?.standing(kind) ?? []
  }
}
