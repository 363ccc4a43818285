/**
 * Starts an Electron app for a test: on the real binary where it is installed, else on the project's
 * stand-in, which uses the system's Chromium. The specs do not know which one it is.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { _electron, type ElectronApplication } from 'playwright'
import { childrenOf } from './processes'
import { repositoryRoot } from './shared'

/** The real binary is fetched by `install-electron`; without it the stand-in is used. */
export const hasRealElectron =
  process.env['SHEAF_HOST'] !== 'standin' &&
  existsSync(join(repositoryRoot, 'node_modules/electron/path.txt')) &&
  existsSync(join(repositoryRoot, 'node_modules/electron/dist/version'))

export const hostName = hasRealElectron
  ? 'Electron'
  : 'the stand-in for Electron (its binary is not installed)'

export interface HostStart {
  /** the folder of the app's package.json */
  readonly appPath: string
  readonly userData: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** Chromium's sandbox is on where it can be: on a real Electron, but not for root on Linux. */
const isSandboxed = hasRealElectron && !(process.platform === 'linux' && process.getuid?.() === 0)

export function startElectron(start: HostStart): Promise<ElectronApplication> {
  // Electron's own variable, which Playwright reads in this process to find the binary.
  if (!hasRealElectron) process.env['ELECTRON_OVERRIDE_DIST_PATH'] = join(repositoryRoot, 'tests/standin')
  return _electron.launch({
    args: [start.appPath, `--user-data-dir=${start.userData}`, ...(start.args ?? [])],
    chromiumSandbox: isSandboxed,
    cwd: repositoryRoot,
    env: { ...cleanEnvironment(), ...start.env },
    // The app chooses the theme: nothing is emulated unless a spec asks for it.
    colorScheme: null,
    timeout: 30_000
  })
}

/** A start beside another one, seen from outside only; resolves with its exit code. */
export function startBeside(start: HostStart): Promise<number | null> {
  const program = hasRealElectron
    ? (createRequire(import.meta.url)('electron') as unknown as string)
    : join(repositoryRoot, 'tests/standin/electron')
  const args = [
    ...(isSandboxed ? [] : ['--no-sandbox']),
    start.appPath,
    `--user-data-dir=${start.userData}`,
    ...(start.args ?? [])
  ]
  const child = spawn(program, args, {
    cwd: repositoryRoot,
    env: { ...cleanEnvironment(), ...start.env },
    stdio: 'ignore'
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
}

/** SIGKILL, as by a power cut: the main process first, then its children. */
export async function killHard(app: ElectronApplication): Promise<void> {
  const main = app.process()
  const rest = main.pid === undefined ? [] : childrenOf(main.pid)
  const ended =
    main.exitCode === null && main.signalCode === null
      ? new Promise((done) => main.once('exit', done))
      : Promise.resolve()
  main.kill('SIGKILL')
  await ended
  for (const pid of rest) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended with its parent.
    }
  }
}

/** A folder for several starts in sequence; the caller removes it. */
export function makeFolder(name: string): { readonly path: string; remove(): Promise<void> } {
  const path = mkdtempSync(join(tmpdir(), `sheaf-${name}-`))
  return {
    path,
    async remove() {
      // Children of a killed browser may still write for a moment.
      const deadline = performance.now() + 20_000
      while (existsSync(path)) {
        try {
          rmSync(path, { recursive: true, force: true })
        } catch (error) {
          if (performance.now() > deadline) throw error
          await wait(100)
        }
      }
    }
  }
}

/** The environment without proxies, Sheaf's own variables and those of the test runner. */
function cleanEnvironment(): Record<string, string> {
  const unwanted = /^(?:https?_proxy|all_proxy|no_proxy|SHEAF_|DOCSTOKG_|VITEST|NODE_OPTIONS|XDG_|ELECTRON_)/i
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !unwanted.test(entry[0])
    )
  )
}
