/**
 * The Host for Node: the real clock, random numbers and disk. The only place that reads the process, the
 * operating system and the environment.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname, uptime } from 'node:os'
import { forkChild } from './child-process'
import { systemCode } from './files'
import type { Clock, Host, Identity, Program, Random } from './host'
import type { Log } from './log'
import { nodeFiles } from './node-files'
import { openMark } from './node-mark'
import { abortError } from './or-aborted'
import type { ProbeName } from './probes'
import { forgetProcess, processStart, startQuestion, statFields } from './process-start'

/** `isOnlyApp`: see `Identity`. */
export function nodeHost(log: Log, program: Program = 'command', isOnlyApp = false): Host {
  return {
    clock: nodeClock,
    random: nodeRandom,
    files: nodeFiles,
    log,
    identity: { ...nodeIdentity(), program, isOnlyApp },
    startChild: forkChild,
    probe: probeFrom(process.env),
    openMark,
    availableMemory,
    env: process.env
  }
}

/**
 * Respects a container's limit. macOS counts only completely free pages, which are always few, and compresses
 * and swaps instead of killing: its figure is meaningless.
 */
function availableMemory(): number | null {
  return process.platform === 'darwin' ? null : process.availableMemory()
}

export const nodeClock: Clock = {
  now: () => Date.now() / 1000,
  monotonicMs: () => performance.now(),
  // Most waits are ended by their signal: `node:timers/promises` would create an error for each.
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(abortError(signal))
        return
      }
      const aborted = (): void => {
        clearTimeout(timer)
        if (signal !== undefined) reject(abortError(signal))
      }
      const over = (): void => {
        signal?.removeEventListener('abort', aborted)
        resolve()
      }
      // setTimeout's range ends at 2^31-1 ms; no wait here is longer than a day.
      const timer = setTimeout(over, Math.min(Math.max(0, ms), 86_400_000))
      signal?.addEventListener('abort', aborted, { once: true })
    }),
  every(ms, tick) {
    const timer = setInterval(tick, ms)
    timer.unref()
    return () => {
      clearInterval(timer)
    }
  }
}

export const nodeRandom: Random = {
  uniform: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
  hex: (bytes) => randomBytes(bytes).toString('hex')
}

function nodeIdentity(): Identity {
  return {
    hostname: hostname(),
    pid: process.pid,
    startedAt: Math.floor(ownStart() ?? Date.now() / 1000 - process.uptime()),
    bootId: readBootId(),
    startOf: processStart,
    isAlive(pid, startedAt) {
      if (!Number.isInteger(pid) || pid <= 0) return false
      try {
        process.kill(pid, 0)
      } catch (error) {
        // EPERM: another user's process, but alive.
        if (systemCode(error) !== 'EPERM') {
          forgetProcess(pid)
          return false
        }
      }
      // A zombie: killed and not reaped (in a container without an init it never is).
      if (['Z', 'X'].includes(statFields(pid)?.[0] ?? '')) return false
      const began = startedAt === null ? null : processStart(pid)
      // Pids are reused: a process that started later is another one. One that started earlier may be the
      // same: outside of Linux a process uses its own time as its start, which is when Node began in it.
      return startedAt === null || began === null || began <= startedAt + 2
    }
  }
}

/** Outside of Linux this process uses its own clock, so that no command is run at every start. */
const ownStart = (): number | null =>
  startQuestion(process.platform, process.pid) === null ? processStart(process.pid) : null

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    // Elsewhere the boot time, to the minute, is used instead.
    return `boot-${String(Math.round((Date.now() / 1000 - uptime()) / 60))}`
  }
}

/** `SHEAF_DIE_AT='STREAM: part written#3'` kills this process at the third call. */
export function probeFrom(env: NodeJS.ProcessEnv): (name: ProbeName) => void {
  const wanted = env['SHEAF_DIE_AT']
  if (!wanted) return () => undefined
  const [name, count] = wanted.split('#')
  let left = Number(count ?? 1)
  return (passed) => {
    if (passed !== name) return
    left -= 1
    if (left <= 0) process.kill(process.pid, 'SIGKILL')
  }
}
