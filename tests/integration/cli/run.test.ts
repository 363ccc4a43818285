import { spawn } from 'node:child_process'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SAMPLE_WORKS, SLOW_WORK } from '../../../src/main/demo/sample-works'
import { CLI, ensureBuilt, linesOf, type CliEnd } from '../../kit/run-cli'
import { makeCliWorld, type CliWorld } from './cli-world'

let world: CliWorld
beforeEach(async () => {
  await ensureBuilt()
  world = await makeCliWorld()
})
afterEach(() => world.end())

const doiOf = (key: string): string => SAMPLE_WORKS.find((work) => work.key === key)!.doi
const dois = (...keys: string[]): string[] => keys.flatMap((key) => ['--doi', doiOf(key)])
const rowsOf = (end: CliEnd): Record<string, unknown>[] =>
  end.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe('a run', () => {
  it('does what was requested once, and prints only JSON Lines', async () => {
    const args = ['run', ...dois('hedgerows', 'queues'), '--enable-idempotency', '--json']
    const first = await world.sheaf(args)
    expect(first.status).toBe(0)
    for (const row of rowsOf(first)) expect(typeof row['type']).toBe('string')
    expect(first.stdout.trim().split('\n')).toHaveLength(first.lines.length)
    expect(linesOf(first, 'summary')[0]).toMatchObject({ planned: 2, existing: 0, done: 2, failed: 0 })
    const done = linesOf(first, 'done')
    expect(done).toHaveLength(2)
    for (const line of done) expect((await readFile(line.path!)).subarray(0, 5).toString()).toBe('%PDF-')
    expect(first.stderr).toContain('Idempotency schema migrated successfully')

    const sent = world.web.fileBytesSent()
    const second = await world.sheaf(args)
    expect(second.status).toBe(0)
    expect(linesOf(second, 'summary')[0]).toMatchObject({ planned: 0, existing: 2, bytes_fetched: 0 })
    expect(world.web.fileBytesSent()).toBe(sent)

    const status = rowsOf(await world.sheaf(['status', '--json']))[0]!
    expect(status).toMatchObject({ type: 'status', by_state: { DEDUPED: 2 }, artifacts: 2 })
    const jobs = rowsOf(await world.sheaf(['jobs', '--json', '--state', 'DEDUPED']))
    expect(jobs.map((job) => [job['type'], job['state']])).toEqual([
      ['job', 'DEDUPED'],
      ['job', 'DEDUPED']
    ])
    const ops = rowsOf(await world.sheaf(['ops', String(jobs[0]!['job_id']), '--json']))
    expect(ops.map((op) => op['op_type'])).toEqual(
      expect.arrayContaining(['RESOLVE', 'HEAD', 'STREAM', 'FINALIZE', 'INDEX', 'DEDUPE'])
    )
    const history = await world.sheaf(['ops', String(jobs[0]!['job_id'])])
    expect(history.stdout.split('\n').length).toBeGreaterThan(ops.length)
  }, 60_000)

  it('exits with 3 when a work has no open copy or a line cannot be parsed, and says which', async () => {
    const list = join(world.folder, 'list.txt')
    await writeFile(list, `${doiOf('queues')}\nthis is no identifier\n`)
    const end = await world.sheaf(['run', '--from', list, '--enable-idempotency', '--json'])
    expect(end.status).toBe(3)
    expect(linesOf(end, 'error')[0]?.message).toContain('list.txt, line 2')
    expect(linesOf(end, 'summary')[0]).toMatchObject({ done: 1, failed: 0 })
    const none = await world.sheaf(['run', ...dois('letters'), '--enable-idempotency'])
    expect(none.status).toBe(3)
    expect(none.stderr).toContain('No open copy was found')
    const retried = await world.sheaf(['retry', '--reason', 'NO_OPEN_COPY'])
    expect(retried.stdout).toContain('1 job put back')
  }, 60_000)

  it('without --json: paths on standard output, the rest on standard error, nothing with --quiet', async () => {
    const verbose = await world.sheaf(['run', ...dois('hedgerows'), '--enable-idempotency'])
    expect(verbose.stdout.trim().split('\n')).toHaveLength(1)
    expect(verbose.stdout).toContain(join(world.library, 'papers'))
    expect(verbose.stderr).toMatch(/done\s+1/)
    const quiet = await world.sheaf(['run', ...dois('queues'), '--enable-idempotency', '--quiet'])
    expect(quiet.stderr).toBe('')
    expect(quiet.stdout.trim().split('\n')).toHaveLength(1)
  }, 60_000)
})

describe('the switch', () => {
  it('off is reported and records no row; the environment variable has the same effect as the option', async () => {
    const off = await world.sheaf(['run', ...dois('hedgerows'), '--json'])
    expect(off.status).toBe(0)
    expect(off.stderr).toContain('Idempotency off: plain downloads, nothing is remembered')
    expect(rowsOf(await world.sheaf(['jobs', '--json']))).toEqual([])
    const plan = await world.sheaf(['plan', ...dois('hedgerows')])
    expect(plan.stderr).toContain('give the same selectors to sheaf run')
    const remembered = await world.sheaf(['plan', ...dois('queues'), '--enable-idempotency'])
    expect(remembered.stderr).toContain('sheaf run fetches them')
    const on = await world.sheaf(['run', ...dois('queues'), '--json'], {
      env: { DOCSTOKG_ENABLE_IDEMPOTENCY: 'true' }
    })
    expect(on.status).toBe(0)
    expect(on.stderr).not.toContain('Idempotency off')
    // The paper fetched with the switch off is adopted (docs/design.md, G12).
    expect(rowsOf(await world.sheaf(['jobs', '--json']))).toHaveLength(2)
  }, 90_000)
})

describe('without downloads', () => {
  it('plan fetches no file; dry run and list only write no job and no file', async () => {
    const dry = await world.sheaf(['run', ...dois('lichens'), '--dry-run', '--json', '--enable-idempotency'])
    expect(dry.status).toBe(0)
    const candidates = linesOf(dry, 'candidate')
    expect(candidates[0]?.rank).toBe(1)
    const alone = await world.sheaf([
      ...['run', ...dois('maps'), '--dry-run', '--enable-idempotency'],
      ...['--connect-to', 'https://api.openalex.org=http://127.0.0.1:9']
    ])
    expect(alone.stderr).toMatch(/There may be more: .*openalex.* could not be asked/)
    const all = await world.sheaf([
      'plan',
      ...dois('lichens'),
      '--list-only',
      '--json',
      '--enable-idempotency'
    ])
    expect(linesOf(all, 'candidate').length).toBeGreaterThanOrEqual(2)
    expect(rowsOf(await world.sheaf(['jobs', '--json']))).toEqual([])
    const plan = await world.sheaf(['plan', ...dois('lichens', 'queues'), '--json', '--enable-idempotency'])
    expect(plan.status).toBe(0)
    expect(linesOf(plan, 'planned')).toHaveLength(2)
    expect(linesOf(plan, 'summary')[0]).toMatchObject({ planned: 2, existing: 0 })
    expect(await readdir(join(world.library, 'objects')).catch(() => [])).toEqual([])
  }, 60_000)
})

describe('interruptions', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'one %s stops the run within two seconds, with exit status 130, and keeps every byte',
    async (name) => {
      let asked = 0
      const end = await world.sheaf(['run', '--doi', SLOW_WORK.doi, '--enable-idempotency', '--json'], {
        onStart: (child) => {
          void world.web.slowFileHalfSent.then(() => {
            asked = performance.now()
            child.kill(name)
          })
        }
      })
      expect(performance.now() - asked).toBeLessThan(2_500)
      expect([end.status, end.signal]).toEqual([130, null])
      const resumed = await world.sheaf(['run', '--json', '--enable-idempotency'])
      expect(resumed.status).toBe(0)
      expect(linesOf(resumed, 'summary')[0]?.bytes_resumed).toBeGreaterThan(100_000)
    },
    60_000
  )

  it('a closed output pipe ends the run without an error message', async () => {
    const child = spawn(
      process.execPath,
      [
        CLI,
        'run',
        '--doi',
        SLOW_WORK.doi,
        '--enable-idempotency',
        '--json',
        '--data-dir',
        world.dataDir,
        '--out',
        world.library,
        '--connect-to',
        `*=${world.web.origin}`,
        '--rate',
        '*=1000/s',
        '--mailto',
        'test@example.org'
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] }
    )
    let output = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stdout.once('data', () => child.stdout.destroy())
    const status = await new Promise((ended) => child.on('close', ended))
    expect(status, output).toBe(130)
    expect(output).not.toMatch(/EPIPE|Error|at .*\.js/)
  }, 60_000)

  it('a second process exits with 4 and names the process that holds the ledger', async () => {
    const child = spawn(
      process.execPath,
      [
        CLI,
        'run',
        '--doi',
        SLOW_WORK.doi,
        '--enable-idempotency',
        '--data-dir',
        world.dataDir,
        '--out',
        world.library,
        '--connect-to',
        `*=${world.web.origin}`,
        '--rate',
        '*=1000/s',
        '--mailto',
        'test@example.org'
      ],
      { stdio: 'ignore' }
    )
    try {
      await world.web.slowFileHalfSent
      // Holds the ledger for as long as this test needs, however slow the machine is.
      if (process.platform !== 'win32') child.kill('SIGSTOP')
      const [second, doctor] = await Promise.all([
        world.sheaf(['run', '--enable-idempotency', '--json']),
        world.sheaf(['doctor'])
      ])
      expect(second.status).toBe(4)
      expect(linesOf(second, 'error')[0]).toMatchObject({ code: 'LEDGER_IN_USE' })
      expect(second.stdout).toContain(String(child.pid))
      expect(doctor.status).toBe(4)
      expect(doctor.stdout).toContain(String(child.pid))
      // Meanwhile read-only commands work from the ledger's files.
      const [status, jobs, ops, lists, quarantine, csv] = await Promise.all([
        world.sheaf(['status', '--json']),
        world.sheaf(['jobs', '--json']),
        world.sheaf(['ops', SLOW_WORK.doi, '--json']),
        world.sheaf(['lists', '--json']),
        world.sheaf(['quarantine', 'list', '--json']),
        world.sheaf(['export', '--format', 'csv'])
      ])
      for (const end of [status, jobs, ops, lists, quarantine, csv])
        expect([end.status, end.stderr]).toEqual([0, ''])
      const found = rowsOf(jobs).find((row) => row['work_id'] === `doi:${SLOW_WORK.doi}`)
      if (process.platform !== 'win32') expect(found).toMatchObject({ state: 'STREAMING' })
      expect(rowsOf(ops).map((row) => row['op_type'])).toContain('STREAM')
    } finally {
      child.kill('SIGKILL')
    }
  }, 60_000)

  it('a damaged ledger exits with 5 and names the kept copy; the next start works', async () => {
    // A process was killed with a long journal, and a byte of the journal changed since.
    await world.sheaf(['run', '--doi', SLOW_WORK.doi, '--enable-idempotency', '--json'], {
      killWhen: (line) => line.type === 'progress'
    })
    const names = (await readdir(world.dataDir)).filter((name) => name.startsWith('journal-')).sort()
    const path = join(world.dataDir, names.at(-1)!)
    const bytes = await readFile(path)
    const inSecondLine = bytes.indexOf(0x0a) + 20
    bytes[inSecondLine] = (bytes[inSecondLine] ?? 0) ^ 1
    await writeFile(path, bytes)
    const end = await world.sheaf(['status', '--json'])
    expect(end.status).toBe(5)
    const [error] = linesOf(end, 'error')
    expect(error?.code).toBe('LEDGER_DAMAGED')
    expect(error?.message).toContain(world.dataDir)
    expect((await world.sheaf(['status', '--json'])).status).toBe(0)
  }, 60_000)
})

describe('library commands', () => {
  it('remove with a tombstone, undo, export and list', async () => {
    const run = await world.sheaf(['run', ...dois('hedgerows'), '--enable-idempotency', '--json'])
    const [done] = linesOf(run, 'done')
    expect((await world.sheaf(['remove', done!.job_id])).status).toBe(0)
    const again = await world.sheaf(['plan', ...dois('hedgerows'), '--enable-idempotency', '--json'])
    expect(linesOf(again, 'planned')[0]?.tombstone).toContain('by you')
    expect((await world.sheaf(['remove', done!.work_id, '--undo'])).status).toBe(0)
    const back = await world.sheaf(['run', ...dois('hedgerows'), '--enable-idempotency', '--json'])
    expect(back.status).toBe(0)
    for (const [format, sign] of [
      ['bibtex', '@'],
      ['ris', 'TY  - '],
      ['csl-json', '['],
      ['csv', ','],
      ['jsonl', '{']
    ] as const) {
      const out = await world.sheaf(['export', '--format', format])
      expect(out.status).toBe(0)
      expect(out.stdout).toContain(sign)
      expect(out.stdout.toLowerCase()).toContain(doiOf('hedgerows'))
    }
    const manifest = join(world.folder, 'manifest.sqlite3')
    expect((await world.sheaf(['export', '--format', 'manifest-sqlite', '--output', manifest])).status).toBe(
      0
    )
    expect((await readFile(manifest)).subarray(0, 15).toString()).toBe('SQLite format 3')
    const imported = await world.sheaf(['import-manifest', manifest])
    expect(imported.status).toBe(0)
    expect((await world.sheaf(['ops', 'nobody'])).status).toBe(2)
    expect((await world.sheaf(['quarantine', 'list'])).status).toBe(0)
    expect((await world.sheaf(['quarantine', 'accept', 'nothing'])).status).toBe(2)
    const attached = await world.sheaf(['attach', 'nobody', manifest])
    expect(attached.status).toBe(2)
  }, 90_000)

  it('doctor reports no problem for an intact library', async () => {
    const end = await world.sheaf(['doctor', '--json', '--enable-idempotency'])
    const rows = rowsOf(end)
    expect(rows.filter((row) => row['verdict'] !== 'ok')).toEqual([])
    expect(rows.map((row) => row['name'])).toEqual(
      expect.arrayContaining(['node', 'library', 'unpaywall', 'wayback'])
    )
    expect(end.status).toBe(0)
  }, 60_000)
})
