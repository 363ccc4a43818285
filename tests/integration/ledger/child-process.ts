/** Bundles a test's TypeScript program with its worker threads and runs it as a separate process. */
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import { electronViteAssets } from '../../../scripts/vitest-assets.mjs'
import { repositoryRoot } from '../../kit/shared'

export async function buildProgram(entry: string): Promise<string> {
  const outDir = join(repositoryRoot, 'node_modules/.cache/sheaf-programs', String(process.pid))
  await build({
    configFile: false,
    logLevel: 'error',
    root: repositoryRoot,
    plugins: [electronViteAssets()],
    build: {
      ssr: resolve(entry),
      outDir,
      minify: false,
      rolldownOptions: {
        output: {
          entryFileNames: 'program.mjs',
          codeSplitting: false,
          banner: 'const __filename = import.meta.filename, __dirname = import.meta.dirname'
        }
      }
    },
    ssr: { noExternal: true, target: 'node' }
  })
  return join(outDir, 'program.mjs')
}

export interface Ended {
  readonly lines: readonly string[]
  readonly errors: string
  readonly signal: NodeJS.Signals | null
  readonly code: number | null
}

/** `killAfterMs`: SIGKILL this long after its first output. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly killAfterMs?: number } = {}
): Promise<Ended> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [program, ...args], {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe']
    })
    let out = ''
    let errors = ''
    let timer: NodeJS.Timeout | null = null
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      if (options.killAfterMs === undefined) return
      timer ??= setTimeout(() => child.kill('SIGKILL'), options.killAfterMs)
    })
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    child.once('error', failed)
    child.once('close', (code, signal) => {
      if (timer !== null) clearTimeout(timer)
      done({ lines: out.split('\n'), errors, signal, code })
    })
  })
}
