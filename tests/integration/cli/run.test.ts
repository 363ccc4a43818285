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
  it('does what was asked, says so in JSON Lines and nothing else, and does it once', async () => {
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

  it('ends with 3 when a work has no open copy or a line cannot be understood, and says which', async () => {
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

  it('for people: paths on standard output, everything else on standard error, nothing with --quiet', async () => {
    const loud = await world.sheaf(['run', ...dois('hedgerows'), '--enable-idempotency'])
    expect(loud.stdout.trim().split('\n')).toHaveLength(1)
    expect(loud.stdout).toContain(join(world.library, 'papers'))
    expect(loud.stderr).toMatch(/done\s+1/)
    const quiet = await world.sheaf(['run', ...dois('queues'), '--enable-idempotency', '--quiet'])
    expect(quiet.stderr).toBe('')
    expect(quiet.stdout.trim().split('\n')).toHaveLength(1)
  }, 60_000)
})

describe('the switch', () => {
  it('off says so and leaves no row; the environment’s true is the same as the option', async () => {
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
    // The one that was fetched with the switch off is adopted (docs/design.md, G12).
    expect(rowsOf(await world.sheaf(['jobs', '--json']))).toHaveLength(2)
  }, 90_000)
})

describe('without doing', () => {
  it('plan fetches no file; dry run and list only write neither job nor file', async () => {
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
    '%s once stops within two seconds, with 130, and keeps every byte',
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

  it('a reader that leaves ends the run quietly', async () => {
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
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    child.stdout.once('data', () => child.stdout.destroy())
    const status = await new Promise((ended) => child.on('close', ended))
    expect(status, said).toBe(130)
    expect(said).not.toMatch(/EPIPE|Error|at .*\.js/)
  }, 60_000)

  it('a second process is told who holds the ledger, with 4', async () => {
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
      // It keeps the ledger for as long as this test needs, however slow the machine is.
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
      // What only reads works meanwhile, from the ledger's files.
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

  it('a damaged ledger ends with 5 and names the kept file; the next start goes on', async () => {
    // Given a process that died while its journal was long, and a byte of it that flipped since.
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

describe('keeping house', () => {
  it('removes with a tombstone, undoes it, exports and lists', async () => {
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

  it('doctor finds everything well when everything is', async () => {
    const end = await world.sheaf(['doctor', '--json', '--enable-idempotency'])
    const rows = rowsOf(end)
    expect(rows.filter((row) => row['verdict'] !== 'ok')).toEqual([])
    expect(rows.map((row) => row['name'])).toEqual(
      expect.arrayContaining(['node', 'library', 'unpaywall', 'wayback'])
    )
    expect(end.status).toBe(0)
  }, 60_000)
})
