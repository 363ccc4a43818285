/**
 * Readers that need a disk, a process or SQLite. All their files are below one folder; every path that they
 * pass to the disk is checked.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { isSheafError } from '../../src/contract/errors'
import { defaultSettings } from '../../src/contract/settings'
import { loadSqlEngine } from '../../src/main/ledger/sql-engine'
import { readManifestBytes } from '../../src/main/ledger/read-manifest'
import { makeLibrary } from '../../src/main/library/make-library'
import { makeReaders } from '../../src/main/library/readers'
import type { Files } from '../../src/main/platform/files'
import { makeLog } from '../../src/main/platform/log'
import { nodeFiles } from '../../src/main/platform/node-files'
import { nodeHost } from '../../src/main/platform/node-host'
import { loadSettings } from '../../src/main/settings/load-settings'

export interface WorldReader {
  readonly read: (bytes: Buffer) => Promise<unknown>
  readonly seeds?: readonly (readonly [folder: string, ending: string])[]
  readonly samples?: readonly Buffer[]
}

const never = new AbortController().signal
const CANARY = 'nothing may change this'
const SHA = 'ab'.repeat(32)

const SIDECAR = {
  v: 1,
  jobId: 'j',
  url: 'https://a.example/x.pdf',
  etag: '"x"',
  lastModified: null,
  totalBytes: 3,
  syncedBytes: 3,
  bootId: 'b'
}
const RECORD = {
  id: 'q',
  jobId: 'j',
  workId: 'w',
  sha256: SHA,
  bytes: 3,
  path: 'quarantine/q.pdf',
  because: 'x',
  evidence: {},
  provenance: null,
  quarantinedAt: 1
}
const LINE = {
  v: 1,
  work_id: 'w',
  artifact_id: 'a',
  sha256: SHA,
  bytes: 3,
  path: `objects/ab/${SHA}.pdf`,
  paper_path: 'papers/a.pdf',
  format: 'pdf'
}

/** `escaped` is called with every path outside the folder, and with every change beside it. */
export async function makeWorldReaders(
  folder: string,
  escaped: (what: string) => void
): Promise<Readonly<Record<string, WorldReader>>> {
  const root = join(folder, 'guarded', 'library')
  const data = join(folder, 'guarded', 'data')
  const outside = join(folder, 'guarded', 'outside.txt')
  for (const each of [root, data, join(root, 'quarantine'), join(root, '.sheaf/staging')])
    mkdirSync(each, { recursive: true })
  writeFileSync(outside, CANARY)
  const host = {
    ...nodeHost(
      makeLog(
        () => undefined,
        'error',
        () => 0
      )
    ),
    files: watched(nodeFiles, [root, data], escaped)
  }
  const library = makeLibrary(host, defaultSettings(), root)
  await library.prepare()
  const engine = await loadSqlEngine((path) => nodeFiles.readWhole(path))
  const readers = makeReaders(nodeHost(host.log))

  /** Expected answers are returned; a thrown error must have a code. */
  const named = async (perform: () => Promise<unknown>): Promise<unknown> => {
    try {
      return await perform()
    } catch (error) {
      if (isSheafError(error)) return error.code
      throw error
    } finally {
      lookAround(join(folder, 'guarded'), outside, escaped)
    }
  }
  const json = (...values: readonly unknown[]): Buffer[] =>
    values.map((value) => Buffer.from(JSON.stringify(value)))

  return {
    PDF: {
      read: (bytes) => {
        const path = join(data, 'input.pdf')
        writeFileSync(path, bytes)
        return readers.pdf(path, { ids: {}, facts: {} }, never)
      },
      seeds: [
        ['recorded/pdf', '.pdf'],
        ['web', '.pdf']
      ]
    },
    settings: {
      read: (bytes) => {
        writeFileSync(join(data, 'settings.json'), bytes)
        return named(() => loadSettings({ files: host.files, env: {}, dataDir: data }))
      },
      samples: json(defaultSettings(), { 'general.mailto': 'a@example.org', 'network.rates': { '*': 3 } })
    },
    'sidecar on disk': {
      read: (bytes) => {
        const staging = join(root, '.sheaf/staging')
        writeFileSync(join(staging, 'j.json'), bytes)
        writeFileSync(join(staging, 'j.part'), 'abc')
        return named(async () => {
          const own = makeLibrary(host, defaultSettings(), root)
          const facts = [await own.staging.list(), await own.staging.facts('j')]
          await own.staging.discard('j')
          return facts
        })
      },
      samples: json(SIDECAR)
    },
    'record of the quarantine': {
      read: (bytes) => {
        writeFileSync(join(root, 'quarantine/q.json'), bytes)
        writeFileSync(join(root, 'quarantine/q.pdf'), 'abc')
        return named(async () => {
          for (const file of await library.quarantine.list())
            await library.quarantine.release(file.id, 'reject')
        })
      },
      samples: json(RECORD, { ...RECORD, path: '../outside.txt' }, { ...RECORD, id: '../../outside' })
    },
    'library file on disk': {
      read: (bytes) => {
        writeFileSync(join(root, 'manifest.jsonl'), bytes)
        return named(async () => {
          const { papers } = await library.manifest.readLines()
          for (const line of papers.values()) await library.objects.verify(line.path, line.sha256)
          await library.manifest.drop(['a'])
        })
      },
      samples: json(LINE, { ...LINE, path: '../outside.txt' }, { ...LINE, paper_path: '../../outside.txt' })
    },
    'manifest.sqlite3': {
      read: (bytes) => named(() => Promise.resolve(readManifestBytes(engine, bytes))),
      samples: [sampleManifest()]
    }
  }

  function sampleManifest(): Buffer {
    const database = new engine.Database()
    database.run(
      `CREATE TABLE artifact_jobs (job_id TEXT PRIMARY KEY, work_id TEXT NOT NULL, artifact_id TEXT NOT NULL, canonical_url TEXT NOT NULL, state TEXT NOT NULL, lease_owner TEXT, lease_until REAL, created_at REAL NOT NULL, updated_at REAL NOT NULL, idempotency_key TEXT NOT NULL);
       CREATE TABLE artifact_ops (op_key TEXT PRIMARY KEY, job_id TEXT NOT NULL, op_type TEXT NOT NULL, started_at REAL NOT NULL, finished_at REAL, result_code TEXT, result_json TEXT);
       CREATE VIEW v AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT x FROM c;
       INSERT INTO artifact_jobs VALUES ('j','w','a','https://a.example/x.pdf','INDEXED',NULL,NULL,1,2,'k');
       INSERT INTO artifact_ops VALUES ('o','j','FINALIZE',1,2,'OK','{"path":"objects/ab/x.pdf","sha256":"${SHA}"}');`
    )
    const bytes = Buffer.from(database.export())
    database.close()
    return bytes
  }
}

/** The disk, with every path outside the folders reported. */
function watched(files: Files, roots: readonly string[], escaped: (what: string) => void): Files {
  return new Proxy(files, {
    get(target, name, receiver): unknown {
      const method: unknown = Reflect.get(target, name, receiver)
      if (typeof method !== 'function') return method
      return (...parameters: readonly unknown[]): unknown => {
        for (const one of parameters) {
          if (typeof one !== 'string' || !one.startsWith(sep) || name === 'writeWhole') continue
          const path = resolve(one)
          if (
            !roots.some((root) => path === root || path.startsWith(root + sep) || root.startsWith(path + sep))
          ) {
            escaped(`${String(name)} ${path}`)
          }
        }
        return Reflect.apply(method, target, parameters) as unknown
      }
    }
  })
}

function lookAround(folder: string, canary: string, escaped: (what: string) => void): void {
  const names = readdirSync(folder).sort().join(' ')
  if (names !== 'data library outside.txt') {
    escaped(`beside the library lies: ${names}`)
    for (const name of readdirSync(folder))
      if (!/^(?:data|library)$/.test(name)) rmSync(join(folder, name), { recursive: true })
    writeFileSync(canary, CANARY)
  } else if (readFileSync(canary, 'utf8') !== CANARY) {
    escaped('the file beside the library was changed')
    writeFileSync(canary, CANARY)
  }
}
