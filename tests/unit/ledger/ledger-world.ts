/**
 * The world of the ledger tests: real files in a temporary folder, a clock without timers, and a process
 * whose pid and liveness the test decides.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { FileHandle, Files } from '../../../src/main/platform/files'
import { forkChild } from '../../../src/main/platform/child-process'
import type { Clock, Host, Program } from '../../../src/main/platform/host'
import { makeLog, type LogLine } from '../../../src/main/platform/log'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { nodeRandom } from '../../../src/main/platform/node-host'
import type { ProbeName } from '../../../src/main/platform/probes'

export interface World {
  readonly folder: string
  readonly lines: LogLine[]
  /** pids that count as alive */
  readonly alive: Set<number>
  readonly probes: ProbeName[]
  host(own?: {
    pid?: number
    files?: Files
    probe?: (name: ProbeName) => void
    hostname?: string
    program?: Program
    /** the app holds the single-instance lock of the folder */
    isOnlyApp?: boolean
    /** when every other process began; absent: unknown */
    startOf?: number
  }): Host
  /** Closes the handles that killed processes left open, and removes the folder. */
  end(): Promise<void>
}

export function makeWorld(): World {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-ledger-'))
  const lines: LogLine[] = []
  const alive = new Set<number>()
  const probes: ProbeName[] = []
  const handles: FileHandle[] = []
  return {
    folder,
    lines,
    alive,
    probes,
    host(own = {}) {
      const pid = own.pid ?? 100
      alive.add(pid)
      return {
        clock: quickClock,
        random: nodeRandom,
        files: keepingHandles(own.files ?? nodeFiles, handles),
        log: makeLog(
          (line) => lines.push(line),
          'debug',
          () => quickClock.now()
        ),
        identity: {
          ...(own.program === undefined ? {} : { program: own.program }),
          isOnlyApp: own.isOnlyApp ?? false,
          startOf: () => own.startOf ?? null,
          hostname: own.hostname ?? 'here',
          pid,
          startedAt: 1_700_000_000,
          bootId: 'boot-1',
          isAlive: (asked) => alive.has(asked)
        },
        probe: (name) => {
          probes.push(name)
          own.probe?.(name)
        },
        startChild: forkChild,
        env: {}
      }
    },
    async end() {
      for (const handle of handles.splice(0)) await handle.close().catch(() => undefined)
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

function keepingHandles(files: Files, handles: FileHandle[]): Files {
  return {
    ...files,
    async open(path, mode) {
      const handle = await files.open(path, mode)
      handles.push(handle)
      return handle
    }
  }
}

/** Real time, but sleeps last a few milliseconds at most, and periodic timers never run. */
const quickClock: Clock = {
  now: () => Date.now() / 1000,
  monotonicMs: () => performance.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted()
    await wait(Math.min(ms, 5))
    signal?.throwIfAborted()
  },
  every: () => () => undefined
}
