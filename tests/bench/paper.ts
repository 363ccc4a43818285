/**
 * What a finished paper costs on disk: bytes of the ledger by table and column, bytes of the journal by
 * statement, and commits. The command line fetches the sample library from loopback; the ledger's bytes are
 * those of many such papers, so that the schema itself counts little.
 * Target: at most 5 kB of ledger and 5 kB of journal a paper.
 *
 *   node scripts/run-ts.mjs tests/bench/paper.ts [papers]
 */
import { existsSync, linkSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LineDecoder } from '../../src/main/ledger/journal-line'
import type { SqlValue } from '../../src/main/ledger/ledger'
import { readLedger } from '../../src/main/ledger/read-ledger'
import { makeLog } from '../../src/main/platform/log'
import { nodeHost } from '../../src/main/platform/node-host'
import { fetchSample, PAPER_TABLES, seedFinished } from './seed-finished'

const papers = Number(process.argv[2] ?? 2_000)
const quiet = makeLog(
  () => undefined,
  'error',
  () => 0
)
const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'sheaf-paper-'))

/** Keeps a second name of every journal, since a clean end removes them. */
async function journalsOf(run: Promise<void>, data: string): Promise<string[]> {
  const kept = new Set<string>()
  const keep = (): void => {
    if (!existsSync(data)) return
    for (const name of readdirSync(data)) {
      if (!/^journal-\d+\.log$/.test(name) || kept.has(name)) continue
      linkSync(join(data, name), join(folder, name))
      kept.add(name)
    }
  }
  const timer = setInterval(keep, 20)
  await run
  clearInterval(timer)
  return [...kept].map((name) => join(folder, name))
}

function printJournal(files: readonly string[], finished: number): void {
  const byStatement = new Map<string, { bytes: number; count: number }>()
  let bytes = 0
  let unpacked = 0
  let commits = 0
  for (const file of files) {
    const decoder = new LineDecoder()
    const [header, ...lines] = linesOf(readFileSync(file))
    if (header === undefined || decoder.header(header) === null) continue
    const texts = new Set<string>()
    for (const line of lines) {
      let textsOfLine = 0
      const before = decoder.unpackedChars
      const statements = decoder.transaction(line) ?? []
      const isSchema = statements.some(({ sql }) => /^\s*(CREATE|ALTER|DROP)\b/.test(sql))
      for (const { sql, parameters } of statements) {
        if (!texts.has(sql)) textsOfLine += sql.length
        texts.add(sql)
        if (isSchema) continue
        // A statement's text is in a file once: it is no cost of a paper.
        const own = JSON.stringify([0, ...parameters.map(asInJson)]).length + 1
        const name = sql.replace(/\s+/g, ' ').slice(0, 60)
        const known = byStatement.get(name) ?? { bytes: 0, count: 0 }
        byStatement.set(name, { bytes: known.bytes + own, count: known.count + 1 })
      }
      if (isSchema) continue
      bytes += line.length + 1
      unpacked += decoder.unpackedChars - before - textsOfLine
      commits += 1
    }
  }
  const each = (sum: number): string => String(Math.round(sum / finished))
  console.log(
    `\njournal: ${each(bytes)} bytes and ${(commits / finished).toFixed(1)} commits a paper; ${each(unpacked)} before lines are packed, of which:`
  )
  for (const [name, { bytes: own, count }] of [...byStatement].sort((a, b) => b[1].bytes - a[1].bytes))
    if (own / finished >= 20)
      console.log(`  ${each(own).padStart(6)}  ${(count / finished).toFixed(1).padStart(5)} ×  ${name}`)
}

function asInJson(value: SqlValue): SqlValue {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
}

function linesOf(file: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let at = 0, end = file.indexOf(10); end !== -1; at = end + 1, end = file.indexOf(10, at))
    lines.push(file.subarray(at, end))
  return lines
}

async function printLedger(data: string): Promise<void> {
  const copy = await readLedger(nodeHost(quiet), data)
  try {
    copy.read((r) => {
      for (const table of Object.keys(PAPER_TABLES)) {
        const columns = r
          .all(`SELECT name FROM pragma_table_info('${table}')`)
          .map((row) => String(row['name']))
        const sums = r.get(
          `SELECT count(*) AS n, ${columns.map((one) => `sum(length(CAST(${one} AS BLOB))) AS ${one}`).join(', ')} FROM ${table}`
        )
        const sized = columns
          .map((one) => [one, Math.round(Number(sums?.[one] ?? 0) / papers)] as const)
          .filter(([, size]) => size >= 20)
          .sort((a, b) => b[1] - a[1])
        const rows = (Number(sums?.['n'] ?? 0) / papers).toFixed(1)
        console.log(
          `  ${table}: ${rows} rows; ${sized.map(([one, size]) => `${one} ${String(size)}`).join(', ')}`
        )
      }
      for (const row of r.all(
        `SELECT op_type, sum(length(result_json)) AS bytes, sum(length(context_json)) AS context, count(*) AS n
         FROM artifact_ops GROUP BY 1`
      ))
        console.log(
          `    ${String(row['op_type'])}: ${(Number(row['n']) / papers).toFixed(1)} rows, result ${String(Math.round(Number(row['bytes']) / papers))}, context ${String(Math.round(Number(row['context']) / papers))}`
        )
    })
  } finally {
    copy.close()
  }
}

try {
  const sample = join(folder, 'sample')
  const data = join(sample, 'data')
  const journals = await journalsOf(fetchSample(sample), data)
  const copy = await readLedger(nodeHost(quiet), data)
  const finished = copy.read(
    (r) => r.all('SELECT state FROM artifact_jobs').filter((row) => isDoneState(row['state'])).length
  )
  copy.close()
  const { bytes } = await seedFinished(join(folder, 'many'), papers)
  console.log(`ledger: ${String(Math.round(bytes / papers))} bytes a paper (${String(papers)} papers)`)
  await printLedger(join(folder, 'many', 'data'))
  printJournal(journals, finished)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function isDoneState(state: unknown): boolean {
  return state === 'DEDUPED' || state === 'SKIPPED_DUPLICATE'
}
