/**
 * The demo starts this program again as a child process, reads its JSON lines, and may kill it with SIGKILL.
 * The child's standard error is kept line by line.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fail } from '../../contract/errors'
import { demoLineOf, type DemoLine } from './demo-lines'

export interface ChildRun {
  readonly lines: readonly DemoLine[]
  /** lines of standard output */
  readonly output: readonly string[]
  readonly said: readonly string[]
  /** null when it was killed */
  readonly status: number | null
}

export interface ChildStart {
  /** how this program is started: interpreter and script */
  readonly self: readonly string[]
  readonly arguments: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly onLine?: (line: DemoLine, kill: () => void) => void
}

/** Longer than any sample takes; a hanging child must not block the demo. */
const TIMEOUT_MS = 45_000

export async function runSelf(start: ChildStart): Promise<ChildRun> {
  const [program = '', ...rest] = start.self
  const child = spawn(program, [...rest, ...start.arguments], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...start.env },
    windowsHide: true
  })
  const kill = (): void => {
    child.kill('SIGKILL')
  }
  const timer = setTimeout(kill, TIMEOUT_MS)
  start.signal.addEventListener('abort', kill, { once: true })
  const lines: DemoLine[] = []
  const output: string[] = []
  const said: string[] = []
  const readLines = (async () => {
    for await (const text of createInterface({ input: child.stdout })) {
      output.push(text)
      const line = demoLineOf(text)
      if (line === null) continue
      lines.push(line)
      start.onLine?.(line, kill)
    }
  })()
  const readSaid = (async () => {
    for await (const text of createInterface({ input: child.stderr })) said.push(text)
  })()
  try {
    const status = await new Promise<number | null>((ended, broken) => {
      child.on('error', broken)
      child.on('exit', (code) => {
        ended(code)
      })
    })
    await Promise.all([readLines, readSaid])
    start.signal.throwIfAborted()
    return { lines, output, said, status }
  } finally {
    clearTimeout(timer)
    start.signal.removeEventListener('abort', kill)
    kill()
  }
}

export function linesOf<T extends DemoLine['type']>(
  run: ChildRun,
  type: T
): Extract<DemoLine, { type: T }>[] {
  return run.lines.filter((line): line is Extract<DemoLine, { type: T }> => line.type === type)
}

export function summaryOf(run: ChildRun): Extract<DemoLine, { type: 'summary' }> {
  const summary = linesOf(run, 'summary').at(-1)
  if (summary) return summary
  const last = run.said.slice(-5).join('\n')
  return fail(
    'INTERNAL',
    `The child process ended (status ${run.status ?? 'none'}) without a summary.\n${last}`
  )
}
