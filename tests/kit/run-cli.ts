/**
 * The built command line as a child process: its JSON lines, its exit, and a SIGKILL at a chosen line. Builds
 * `out/` first when a source is newer, once for all tests that run at the same time.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import type { Line } from '../../src/contract/lines'
import { repositoryRoot } from './shared'

export const CLI = join(repositoryRoot, 'out/main/cli.js')

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** written to standard input, which is then closed */
  readonly input?: string
  /** sends SIGKILL at the first line for which this is true */
  readonly killWhen?: (line: Line, all: readonly Line[]) => boolean
  /** called with the child, to send other signals */
  readonly onStart?: (child: ChildProcess) => void
  /** kills the child after this time and fails the test (default 60 s) */
  readonly timeoutMs?: number
}

export interface CliEnd {
  /** null when a signal ended it */
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  /** the JSON lines of standard output (with `--json`) */
  readonly lines: readonly Line[]
  readonly stdout: string
  readonly stderr: string
}

/** Runs `sheaf …` to its end. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliEnd> {
  await ensureBuilt()
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: options.cwd ?? repositoryRoot,
    env: { ...cleanEnvironment(), ...options.env },
    stdio: ['pipe', 'pipe', 'pipe']
  })
  const lines: Line[] = []
  let stdout = ''
  let stderr = ''
  let lastOutputAt = performance.now()
  const endedWith: { status: number | null; signal: NodeJS.Signals | null } = { status: null, signal: null }
  child.on('exit', (status, signal) => Object.assign(endedWith, { status, signal }))
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input ?? '')
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  createInterface({ input: child.stdout }).on('line', (text) => {
    stdout += `${text}\n`
    lastOutputAt = performance.now()
    const line = asLine(text)
    if (line === null) return
    lines.push(line)
    if (options.killWhen?.(line, lines) === true) child.kill('SIGKILL')
  })
  options.onStart?.(child)
  const timeout = AbortSignal.timeout(options.timeoutMs ?? 60_000)
  timeout.addEventListener('abort', () => child.kill('SIGKILL'))
  const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, by) => {
      resolve([code, by])
    })
  })
  if (timeout.aborted) {
    // The last lines show what it was waiting for; status and signal show a child that kept its pipes open.
    const last = stdout.split('\n').slice(-12).join('\n')
    throw new Error(
      `sheaf ${args[0] ?? ''} did not end in time (status ${String(endedWith.status)}, signal ${String(endedWith.signal)}, ` +
        `last line ${Math.round(performance.now() - lastOutputAt)} ms before).\n${last}\n${stderr.slice(-2_000)}`
    )
  }
  // Windows has no signals: a process that ends itself by force has status 1 and no signal.
  const isKilled = process.platform === 'win32' && status === 1 && options.env?.['SHEAF_DIE_AT'] !== undefined
  return { ...(isKilled ? { status: null, signal: 'SIGKILL' } : { status, signal }), lines, stdout, stderr }
}

/** The lines of one type. */
export function linesOf<T extends Line['type']>(
  end: { readonly lines: readonly Line[] },
  type: T
): Extract<Line, { type: T }>[] {
  return end.lines.filter((line): line is Extract<Line, { type: T }> => line.type === type)
}

function asLine(text: string): Line | null {
  if (!text.startsWith('{')) return null
  try {
    return JSON.parse(text) as Line
  } catch {
    // The last line of a killed process may be incomplete.
    return null
  }
}

/** The environment without proxies, Sheaf's own variables and those of the test runner. */
function cleanEnvironment(): Record<string, string> {
  const unwanted = /^(?:https?_proxy|all_proxy|no_proxy|SHEAF_|DOCSTOKG_|VITEST|NODE_OPTIONS|XDG_)/i
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !unwanted.test(entry[0])
    )
  )
}

let built: Promise<void> | undefined

/** Whether `out/` exists and no source is newer. */
export function ensureBuilt(): Promise<void> {
  built ??= buildOnce()
  return built
}

async function buildOnce(): Promise<void> {
  const lock = join(repositoryRoot, 'node_modules/.cache/sheaf-build.lock')
  mkdirSync(join(repositoryRoot, 'node_modules/.cache'), { recursive: true })
  for (;;) {
    if (isFresh()) return
    try {
      mkdirSync(lock)
      break
    } catch {
      // Another test file is building; an abandoned lock is taken over after two minutes.
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
      if (age > 120_000) rmdirSync(lock)
      await wait(200)
    }
  }
  try {
    if (isFresh()) return
    const made = spawnSync('npm', ['run', 'build', '--silent'], {
      cwd: repositoryRoot,
      encoding: 'utf8',
      // npm is a script on Windows, which only a shell can start.
      shell: process.platform === 'win32'
    })
    if (made.status !== 0) throw new Error(`The build failed.\n${made.stdout}\n${made.stderr}`)
  } finally {
    rmdirSync(lock)
  }
}

function isFresh(): boolean {
  const made = statSync(CLI, { throwIfNoEntry: false })?.mtimeMs
  if (made === undefined) return false
  const sources = ['src/contract', 'src/main', 'electron.vite.config.ts', 'package.json']
  return sources.every((path) => newest(join(repositoryRoot, path)) <= made)
}

function newest(path: string): number {
  const own = statSync(path)
  if (!own.isDirectory()) return own.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))))
}
