/**
 * A whole Sheaf in a temporary folder, with the fixture web instead of the internet: the real engine, ledger,
 * files and HTTP. Only the servers are simulated.
 */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { onTestFinished } from 'vitest'
import type { KeyName } from '../../src/contract/keys'
import type { Line, SummaryLine } from '../../src/contract/lines'
import { defaultSettings, type Settings } from '../../src/contract/settings'
import type { WorkDraft } from '../../src/contract/work'
import type { Host } from '../../src/main/platform/host'
import { makeLog, type LogLine } from '../../src/main/platform/log'
import { nodeHost } from '../../src/main/platform/node-host'
import { openSheaf } from '../../src/main/sheaf'
import type { StoredArtifact } from '../../src/main/ledger/artifacts'
import type { Sheaf } from '../../src/main/sheaf-api'
import { recognise } from '../../src/main/works/works'
import type { Web } from '../web/web'
import { keptChild } from './kept-children'

export interface SheafWorld {
  readonly dataDir: string
  readonly libraryDir: string
  /** all lines since the world was opened, in order */
  readonly lines: Line[]
  readonly said: LogLine[]
  readonly sheaf: Sheaf
  /** plans these identifiers and works until no job is due */
  run(identifiers?: readonly string[], signal?: AbortSignal): Promise<SummaryLine>
  /** closes (unless already closed) and opens again: a restart */
  reopen(settings?: Partial<Settings>): Promise<void>
  linesOf<T extends Line['type']>(type: T): Extract<Line, { type: T }>[]
  /** relative path → sha256 of every file under objects/ */
  objects(): Promise<Map<string, string>>
  /** the artifacts of the library's papers, as stored */
  stored(): (StoredArtifact | null)[]
  /** names under papers/ */
  papers(): Promise<string[]>
}

/** The default settings with the switch on, fast rates, and all traffic sent to the fixture web. */
export function worldSettings(web: Web, changed: Partial<Settings> = {}): Settings {
  return {
    ...defaultSettings(),
    'safety.switch': 'on',
    'general.mailto': 'reader@example.org',
    'network.rates': { '*': 500 },
    'network.connectTo': [...web.connectTo],
    'network.firstByteTimeoutMs': 5_000,
    'network.stallTimeoutMs': 1_500,
    ...changed
  }
}

export interface WorldOptions {
  readonly settings?: Partial<Settings>
  readonly host?: (host: Host) => Host
  /** reads papers for the search in the background */
  readonly search?: boolean
  readonly keys?: (name: KeyName) => string | null
}

/** A world that is closed and removed when the test has ended. */
export async function openWorld(web: Web, options: WorldOptions = {}): Promise<SheafWorld> {
  const opened = await openWorldForAll(web, options)
  onTestFinished(opened.close)
  return opened.world
}

/** A world for several tests; the caller closes it. */
export async function openWorldForAll(
  web: Web,
  options: WorldOptions = {}
): Promise<{ readonly world: SheafWorld; readonly close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-world-'))
  const lines: Line[] = []
  const said: LogLine[] = []
  const log = makeLog(
    (line) => said.push(line),
    'debug',
    () => Date.now() / 1000
  )
  const plainHost = { ...nodeHost(log), startChild: keptChild }
  const host = options.host?.(plainHost) ?? plainHost
  const dataDir = join(folder, 'data')
  const libraryDir = join(folder, 'library')
  const start = async (settings: Partial<Settings> = {}): Promise<Sheaf> => {
    const sheaf = await openSheaf(host, {
      dataDir,
      libraryDir,
      settings: worldSettings(web, { ...options.settings, ...settings }),
      version: '0.0.0-test',
      onDamage: 'throw',
      search: options.search ?? false,
      ...(options.keys === undefined ? {} : { keys: options.keys })
    })
    sheaf.on((line) => lines.push(line))
    return sheaf
  }
  let sheaf = await start()
  let open = true
  const close = async (): Promise<void> => {
    if (open) await sheaf.close()
    await rm(folder, { recursive: true, force: true })
  }
  const world: SheafWorld = {
    dataDir,
    libraryDir,
    lines,
    said,
    get sheaf() {
      return sheaf
    },
    async run(identifiers, signal = new AbortController().signal) {
      if (identifiers === undefined) return sheaf.run({}, signal)
      return sheaf.run({ plan: { drafts: identifiers.map(draft), formats: ['pdf'] } }, signal)
    },
    async reopen(settings) {
      if (open) await sheaf.close()
      open = false
      sheaf = await start(settings)
      open = true
    },
    linesOf: (type) => lines.filter((line): line is never => line.type === type),
    stored: () => [...sheaf.library()].map(({ artifact }) => sheaf.catalog.artifact(artifact.artifactId)),
    async objects() {
      const found = new Map<string, string>()
      for (const shard of await namesIn(join(libraryDir, 'objects'))) {
        for (const name of await namesIn(join(libraryDir, 'objects', shard))) {
          const bytes = await readFile(join(libraryDir, 'objects', shard, name))
          found.set(`objects/${shard}/${name}`, createHash('sha256').update(bytes).digest('hex'))
        }
      }
      return found
    },
    papers: () => namesIn(join(libraryDir, 'papers'))
  }
  return { world, close }
}

/** Typed identifiers as drafts. */
export function draft(text: string): WorkDraft {
  const found = recognise(text)
  if (found.kind !== 'ids') throw new Error(`${text}: ${found.because}`)
  return {
    ids: found.ids,
    facts: {},
    ...(found.arxivVersion === undefined ? {} : { arxivVersion: found.arxivVersion }),
    ...(found.namedBy === undefined ? {} : { namedBy: found.namedBy })
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch {
    return []
  }
}
