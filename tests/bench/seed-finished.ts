/**
 * A ledger and a library of many finished papers, with rows as the engine writes them: the command line
 * fetches the sample library once from loopback, and every row that belongs to one of its papers is
 * copied as often as asked, with identifiers, hashes and paths of its own. Every paper has its object,
 * its readable name and its line of the manifest, and the recorded hashes are right. Only the ledger's
 * size differs from a ledger that grew by itself: its pages are filled in order.
 *
 *   node scripts/run-ts.mjs tests/bench/seed-finished.ts <folder> [papers]
 *
 * Makes <folder>/data and <folder>/library. Needs a build (out/main/cli.js).
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startSampleWeb } from '../../src/main/demo/sample-web'
import { SAMPLE_WORKS } from '../../src/main/demo/sample-works'
import { Database } from '../../src/main/ledger/database'
import type { Reader, SqlRow, SqlValue } from '../../src/main/ledger/ledger'
import { useLibrary } from '../../src/main/ledger/libraries'
import { setMeta } from '../../src/main/ledger/meta'
import { migrate } from '../../src/main/ledger/migrate'
import { readLedger } from '../../src/main/ledger/read-ledger'
import { SNAPSHOT, snapshotOf, SUMS, sumsToText } from '../../src/main/ledger/snapshot-file'
import { namesOfWork } from '../../src/main/ledger/works'
import { loadSqlEngine } from '../../src/main/ledger/sql-engine'
import { makeLog } from '../../src/main/platform/log'
import { nodeHost } from '../../src/main/platform/node-host'

const JOB_NUMBER = 'job = (SELECT job_no FROM artifact_jobs WHERE job_id = ?1)'

/** The tables that hold a paper's rows, and which of their rows are of one job and its work. */
export const PAPER_TABLES: Readonly<Record<string, string>> = {
  works: 'work_id = ?2',
  name_rows: 'work_id = ?2',
  artifact_jobs: 'job_id = ?1',
  op_rows: JOB_NUMBER,
  event_rows: JOB_NUMBER,
  attempt_rows: JOB_NUMBER,
  artifact_rows: JOB_NUMBER
}
const NUMBERED = new Set(['artifact_rows.artifact_no'])
/**
 * A row of attempts or events that stands for several has the numbers before its own, or those after it; a STREAM says
 * how far its FINALIZE is.
 */
const SPACED = new Set(['attempt_rows.attempt_id', 'event_rows.event_id', 'op_rows.op_no'])
/** More than one row stands for. */
const MOST_TOGETHER = 64
const PAPERS_A_TRANSACTION = 1_000
/** Larger sample files say nothing more about the ledger and only fill the disk. */
const MOST_BYTES = 60_000

interface Template {
  readonly rows: Readonly<Record<string, readonly SqlRow[]>>
  /** of the whole ledger: words that rows name by number */
  readonly words: readonly SqlRow[]
  /** texts that name this paper alone, the longest first */
  readonly names: readonly string[]
  readonly sha256: string
  readonly libraryId: string
  readonly paperName: string
  readonly bytes: Buffer
  readonly manifestLine: string
}

const SECONDS_APART = 60

const quiet = makeLog(
  () => undefined,
  'error',
  () => 0
)

export async function seedFinished(folder: string, papers: number): Promise<{ readonly bytes: number }> {
  const sample = mkdtempSync(join(tmpdir(), 'sheaf-seed-'))
  try {
    await fetchSample(sample)
    const templates = await readTemplates(sample)
    if (templates.length === 0) throw new Error('The sample run finished no paper.')
    const data = join(folder, 'data')
    const library = join(folder, 'library')
    mkdirSync(data, { recursive: true })
    mkdirSync(join(library, 'papers'), { recursive: true })
    mkdirSync(join(library, '.sheaf'), { recursive: true })
    for (let n = 0; n < 256; n += 1)
      mkdirSync(join(library, 'objects', n.toString(16).padStart(2, '0')), { recursive: true })
    const libraryId = String(templates[0]?.libraryId)
    writeFileSync(
      join(library, '.sheaf', 'library.json'),
      JSON.stringify({ id: libraryId, created: 1_790_000_000 })
    )
    const engine = await loadSqlEngine((path) => readFile(path))
    const database = new Database(engine, null)
    database.transact((w) => {
      migrate(w, quiet)
      setMeta(w, 'ledger_id', createHash('sha256').update('seeded').digest('hex').slice(0, 32))
      for (const { word_no: number, word } of templates[0]?.words ?? [])
        w.run('INSERT INTO words (word_no, word) VALUES (?, ?)', [number ?? null, word ?? null])
      useLibrary(w, { libraryId, path: resolve(library), now: 1_790_000_000 })
    })
    for (let from = 0; from < papers; from += PAPERS_A_TRANSACTION) {
      const lines: string[] = []
      database.transact((w) => {
        for (let n = from; n < Math.min(papers, from + PAPERS_A_TRANSACTION); n += 1) {
          const template = templates[n % templates.length]
          if (template === undefined) continue
          const copy = copyOf(template, n, (papers - 1 - n) * SECONDS_APART)
          for (const [table, rows] of Object.entries(template.rows)) {
            for (const row of spaced(w, table, rows)) {
              const columns = Object.keys(row).filter((column) => !NUMBERED.has(`${table}.${column}`))
              w.run(
                `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
                columns.map((column) => copy.value(column, row[column] ?? null))
              )
            }
          }
          const object = join(library, placeOf(copy.sha256))
          writeFileSync(object, copy.bytes)
          linkSync(object, join(library, copy.text(template.paperName)))
          lines.push(copy.text(template.manifestLine))
        }
      })
      appendFileSync(join(library, 'manifest.jsonl'), lines.join(''))
    }
    const { pieces, sum } = snapshotOf(database, 1)
    await writeFile(join(data, SNAPSHOT), pieces)
    database.close()
    const found = sum()
    writeFileSync(join(data, SUMS), sumsToText(new Map([[1, { ...found, checked: true }]])))
    return { bytes: found.bytes }
  } finally {
    rmSync(sample, { recursive: true, force: true })
  }
}

/** The rows with numbers after those there are, as far apart as in the template. */
function spaced(r: Reader, table: string, rows: readonly SqlRow[]): readonly SqlRow[] {
  const column = [...SPACED].find((one) => one.startsWith(`${table}.`))?.split('.')[1]
  if (column === undefined) return rows
  const last = Number(r.get(`SELECT max(${column}) AS n FROM ${table}`)?.['n'] ?? 0)
  const first = Number(rows[0]?.[column] ?? 0)
  return rows.map((row) => ({ ...row, [column]: last + MOST_TOGETHER + Number(row[column]) - first }))
}

/** One copy: every text that names the paper is followed by its number, every hash is another. */
function copyOf(
  template: Template,
  n: number,
  agoSeconds: number
): {
  readonly sha256: string
  readonly bytes: Buffer
  text(from: string): string
  value(column: string, from: SqlValue): SqlValue
} {
  const bytes = Buffer.from(template.bytes)
  // The comment in a PDF's second line: four bytes above 127, whatever they are.
  const comment = bytes.indexOf('%', 1, 'latin1') + 1
  for (let at = 0; at < 4; at += 1) bytes[comment + at] = 0x80 | ((n >> (7 * at)) & 0x7f)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const wanted = new Map<string, string>([
    [placeOf(template.sha256), placeOf(sha256)],
    [template.sha256, sha256]
  ])
  for (const name of template.names) wanted.set(name, nameOf(name, n))
  const any = new RegExp([...wanted.keys()].map(escaped).join('|'), 'g')
  const text = (from: string): string => from.replace(any, (found) => wanted.get(found) ?? found)
  return {
    sha256,
    bytes,
    text,
    value: (column, from) => {
      if (column === 'job' || column === 'job_no') return n + 1
      if (column === 'paper') return text(template.paperName).slice('papers/'.length, -'.pdf'.length)
      if (from instanceof Uint8Array && Buffer.from(from).toString('hex') === template.sha256)
        return new Uint8Array(Buffer.from(sha256, 'hex'))
      if ((column === 'op' || column === 'key') && from instanceof Uint8Array) {
        const key = keyOf(Buffer.from(from).toString('hex'), n)
        return new Uint8Array(Buffer.from(key.slice(0, 2 * from.length), 'hex'))
      }
      // The result of an op may be a text as bytes.
      if (column === 'result_json' && from instanceof Uint8Array)
        return new Uint8Array(Buffer.from(text(Buffer.from(from).toString())))
      // Epoch seconds: one paper a minute, the last one now, as a library grows.
      if (typeof from === 'number' && from > 1e9 && from < 1e10) return from - agoSeconds
      if (typeof from !== 'string') return from
      if (column === 'idempotency_key') return keyOf(from, n)
      return text(from)
    }
  }
}

/** The first digits of an op's key name it in other rows. */
function keyOf(from: string, n: number): string {
  return createHash('sha256')
    .update(`${from.slice(0, 12)} ${String(n)}`)
    .digest('hex')
}

/** Where an object stands, as its rows and its line of the manifest name it. */
function placeOf(sha256: string): string {
  return `objects/${sha256.slice(0, 2)}/${sha256}.pdf`
}

/** Job ids stay 32 hexadecimal digits; everything else gets the number behind it. */
function nameOf(name: string, n: number): string {
  if (/^[0-9a-f]{32}$/.test(name))
    return createHash('sha256')
      .update(`${name} ${String(n)}`)
      .digest('hex')
      .slice(0, 32)
  if (name.startsWith('papers/')) return name.replace(/(\.\w+)$/, ` ${String(n)}$1`)
  return `${name}${String(n)}`
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** Fetches the sample library into <folder>/data and <folder>/library. Needs a build. */
export async function fetchSample(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const web = await startSampleWeb()
  try {
    const list = join(folder, 'dois.txt')
    writeFileSync(list, SAMPLE_WORKS.map((work) => work.doi).join('\n'))
    const child = spawn(
      process.execPath,
      [
        resolve('out/main/cli.js'),
        'run',
        ...['--from', list, '--data-dir', join(folder, 'data'), '--out', join(folder, 'library')],
        ...['--enable-idempotency', '--mailto', 'demo@example.org', '--rate', '*=1000/s', '--quiet'],
        ...['--set', 'network.proxy=none', '--connect-to', `*=${web.origin}`]
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] }
    )
    await new Promise((done) => child.once('exit', done))
  } finally {
    await web.close()
  }
}

async function readTemplates(folder: string): Promise<Template[]> {
  const library = join(folder, 'library')
  const manifest = readFileSync(join(library, 'manifest.jsonl'), 'utf8').trimEnd().split('\n')
  const copy = await readLedger(nodeHost(quiet), join(folder, 'data'))
  try {
    return copy.read((r) =>
      r.all("SELECT * FROM artifact_jobs WHERE state = 'DEDUPED'").flatMap((job) => {
        const [jobId, workId] = [String(job['job_id']), String(job['work_id'])]
        const rows = Object.fromEntries(
          Object.entries(PAPER_TABLES).map(([table, where]) => [
            table,
            r.all(`SELECT * FROM ${table} WHERE ${where.replace(/\?[12]/, '?')}`, [
              where.includes('?1') ? jobId : workId
            ])
          ])
        )
        const artifact = r.get('SELECT * FROM artifacts WHERE job_id = ?', [jobId])
        const line = manifest.find((one) => one.includes(workId))
        if (artifact === null || line === undefined || Number(artifact['bytes']) > MOST_BYTES) return []
        const paperName = String(artifact['paper_path'])
        const names = [
          jobId,
          paperName,
          String(rows['works']?.[0]?.['title']),
          ...namesOfWork(r, workId).map(({ value }) => value)
        ]
        return {
          rows,
          words: r.all('SELECT word_no, word FROM words'),
          names: [...new Set(names)].sort((a, b) => b.length - a.length),
          sha256: String(artifact['sha256']),
          libraryId: String(artifact['library_id']),
          paperName,
          bytes: readFileSync(join(library, String(artifact['path']))),
          manifestLine: `${line}\n`
        }
      })
    )
  } finally {
    copy.close()
  }
}

const [script, folder, papers] = process.argv.slice(1)
if (folder !== undefined && script?.endsWith('seed-finished.ts') === true) {
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new Error(`${folder} is not empty.`)
  const began = performance.now()
  const { bytes } = await seedFinished(folder, Number(papers ?? 25_000))
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`${folder}: a ledger of ${(bytes / 1e6).toFixed(0)} MB in ${seconds} s`)
}
