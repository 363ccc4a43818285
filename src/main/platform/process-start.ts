/**
 * The start time of a process, which identifies it together with its pid: pids are reused, on Windows at
 * once. Linux has it in `/proc`; elsewhere a system tool is run, once per process, since it takes up to a
 * second.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const TIMEOUT_MS = 5_000

/** The command that prints the start time of `pid`, and how its output is read. Pure. */
export interface StartQuestion {
  readonly program: string
  readonly args: readonly string[]
  /** epoch seconds; null when the output is not a time */
  readonly read: (answer: string) => number | null
}

/** Null where `/proc` has it. Sources: ps(1) `lstart` of BSD and macOS; PowerShell, `Get-Process`. */
export function startQuestion(platform: NodeJS.Platform, pid: number): StartQuestion | null {
  if (platform === 'linux' || platform === 'android') return null
  if (platform === 'win32') {
    const script = `(Get-Process -Id ${String(pid)}).StartTime.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ')`
    return {
      program: 'powershell.exe',
      args: ['-NoProfile', '-NonInteractive', '-Command', script],
      read: (answer) => secondsOf(answer.trim())
    }
  }
  return {
    program: 'ps',
    args: ['-o', 'lstart=', '-p', String(pid)],
    // `Mon Nov 30 01:04:12 2026`, in the given zone and language: UTC and C.
    read: (answer) => secondsOf(`${answer.trim().replace(/\s+/g, ' ')} UTC`)
  }
}

function secondsOf(text: string): number | null {
  const ms = Date.parse(text)
  return Number.isFinite(ms) ? ms / 1000 : null
}

const known = new Map<number, number>()

/** Epoch seconds; null when unknown. */
export function processStart(pid: number): number | null {
  const question = startQuestion(process.platform, pid)
  if (question === null) return linuxStart(pid)
  const before = known.get(pid)
  if (before !== undefined) return before
  const start = askSystem(question)
  if (start !== null) known.set(pid, start)
  return start
}

/** The process is gone: a new one with its pid is another. */
export function forgetProcess(pid: number): void {
  known.delete(pid)
}

export function askSystem({ program, args, read }: StartQuestion): number | null {
  try {
    const env = { ...process.env, TZ: 'UTC', LC_ALL: 'C' }
    const answer = execFileSync(program, args, {
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'ignore'],
      env
    })
    return read(answer)
  } catch {
    return null
  }
}

function linuxStart(pid: number): number | null {
  try {
    const boot = /^btime (\d+)/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]
    const ticks = Number(statFields(pid)?.[19])
    // USER_HZ is 100 on every Linux that Node runs on (proc(5), sysconf(_SC_CLK_TCK)).
    return boot === undefined || !Number.isFinite(ticks) ? null : Number(boot) + ticks / 100
  } catch {
    return null
  }
}

/**
 * The fields of a process on Linux, its state first; the name before it may contain any character (proc(5)).
 */
export function statFields(pid: number): readonly string[] | null {
  try {
    return readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
  } catch {
    return null
  }
}
