import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CLI, ensureBuilt, runCli, type CliEnd } from '../../kit/run-cli'

beforeAll(() => ensureBuilt())

let folder = ''
let here: string[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sheaf-usage-'))
  here = ['--data-dir', join(folder, 'data'), '--out', join(folder, 'library')]
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const errorOf = (end: CliEnd): { code: string; message: string; hint: string } => {
  expect(end.stdout.trim().split('\n')).toHaveLength(1)
  const line = JSON.parse(end.stdout) as { type: string; code: string; message: string; hint: string }
  expect(line.type).toBe('error')
  return line
}

describe('invalid usage exits with 2 before anything is created', () => {
  it.each([
    [['run', '--workers', 'many'], '--workers', 'from 1 to 64'],
    [['run', '--doi', 'ten.1000/x'], '--doi', 'a DOI such as'],
    [['run', '--enable-idempotency', '--disable-idempotency'], '--disable-idempotency', 'one of them'],
    [['run', '--fallback-plan', 'none.yaml'], '--fallback-plan', 'is not there'],
    [['run', '--from', 'none.bib'], '--from', 'is not there'],
    [['import-manifest', 'none.sqlite3'], 'none.sqlite3', 'is not there'],
    // A file stands where the folder would be.
    [['run', '--fallback-plan', 'package.json/a.yaml'], '--fallback-plan', 'is not there'],
    [['run', '--from', 'package.json/a.bib'], '--from', 'is not there'],
    [['bib', 'link', 'package.json/a.bib'], 'a.bib', 'is not there'],
    [['import-manifest', 'package.json/a.sqlite3'], 'a.sqlite3', 'is not there'],
    [['settings', 'set', 'network.workers', '900'], 'network.workers', 'from 1 to 64'],
    [['sing'], 'sing', 'nknown command']
  ])('%j', async (args, names, allowed) => {
    const plain = await runCli([...args, ...here])
    expect(plain.status).toBe(2)
    expect(plain.stdout).toBe('')
    expect(plain.stderr).toContain(names)
    expect(plain.stderr).toContain(allowed)
    const json = await runCli(['--json', ...args, ...here])
    expect(json.status).toBe(2)
    expect(errorOf(json).message).toContain(names)
    await expect(stat(join(folder, 'library'))).rejects.toThrow('ENOENT')
  })

  it('errors in a plan file are reported with their lines', async () => {
    const { writeFile } = await import('node:fs/promises')
    const plan = join(folder, 'plan.yaml')
    await writeFile(plan, 'budgets:\n  total_attempts: none\ntiers: 5\n')
    const end = await runCli(['run', '--doi', '10.1000/x', '--fallback-plan', plan, ...here])
    expect(end.status).toBe(2)
    expect(end.stderr).toContain('plan.yaml, line 2: budgets.total_attempts')
    expect(end.stderr).toContain('plan.yaml, line 3: tiers')
  })
})

describe('output', () => {
  it('help and version are printed on standard output, exit status 0', async () => {
    const help = await runCli(['--help'])
    expect([help.status, help.stderr]).toEqual([0, ''])
    expect(help.stdout).toContain('doctor')
    const version = await runCli(['--version'])
    const { version: wanted } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string }
    expect(version.stdout).toBe(`${wanted}\n`)
  })
})

describe('a piped list', () => {
  it('has whole titles; a prefix of an id or a DOI selects a job', async () => {
    const { writeFile } = await import('node:fs/promises')
    const title = 'What is known about the keeping of very long titles in narrow columns '.repeat(4).trim()
    const list = join(folder, 'list.ris')
    await writeFile(list, `TY  - JOUR\nTI  - ${title}\nDO  - 10.5555/long.1\nER  - \n`)
    const planned = await runCli(['plan', '--from', list, '--enable-idempotency', ...here])
    expect(planned.stdout).toContain(title)
    const jobs = await runCli(['jobs', ...here])
    expect(jobs.stdout).toContain(title)
    expect(jobs.stdout).toContain('waiting')
    const id = jobs.stdout.split(' ')[0] ?? ''
    const named = await Promise.all(
      [id, id.slice(0, 6), '10.5555/long.1'].map((name) => runCli(['ops', name, '--json', ...here]))
    )
    expect(named.map((end) => end.status)).toEqual([0, 0, 0])
    expect((await runCli(['ops', id.slice(0, 3), ...here])).status).toBe(2)
    const retried = await runCli(['retry', '--reason', 'NOPE', ...here])
    expect(retried.status).toBe(2)
    expect(retried.stderr).toContain('it must be one of')
    expect(retried.stderr).toContain('NO_OPEN_COPY')
  })
})

describe('settings', () => {
  it('a value that was set is returned, with its origin when it is overridden', async () => {
    expect((await runCli(['settings', 'set', 'network.workers', '7', ...here])).status).toBe(0)
    expect((await runCli(['settings', 'get', 'network.workers', ...here])).stdout).toBe('7\n')
    const end = await runCli(['settings', 'get', 'safety.switch', '--json', ...here], {
      env: { DOCSTOKG_ENABLE_IDEMPOTENCY: 'true' }
    })
    expect(JSON.parse(end.stdout)).toMatchObject({ type: 'setting', value: 'on', origin: 'environment' })
    const wrong = await runCli(['settings', 'get', 'safety.switch', ...here], {
      env: { DOCSTOKG_ENABLE_IDEMPOTENCY: 'perhaps' }
    })
    expect([wrong.status, wrong.stdout]).toEqual([0, 'off\n'])
    expect(wrong.stderr).toContain('DOCSTOKG_ENABLE_IDEMPOTENCY')
  })
})

describe('unusable folders', () => {
  it('a library path that is a file is reported with its path, exit status 1', async () => {
    const { writeFile } = await import('node:fs/promises')
    const file = join(folder, 'a-file')
    await writeFile(file, '')
    const end = await runCli([
      'run',
      '--enable-idempotency',
      '--data-dir',
      join(folder, 'data'),
      '--out',
      file
    ])
    expect(end.status).toBe(1)
    expect(end.stderr).toContain(file)
  })
})

describe.skipIf(!existsSync('/dev/full'))('output that cannot be written', () => {
  it.each([
    [['--help']],
    [['settings', 'get']],
    [['status', '--json']],
    [['export', '--format', 'csl-json']],
    [['run', '--url', 'https://nobody.invalid/paper', '--connect-to', '*=http://127.0.0.1:9', '--json']]
  ])('%j exits with 1 and reports it', (args) => {
    const full = openSync('/dev/full', 'w')
    try {
      const end = spawnSync(process.execPath, [CLI, ...args, ...(args[0] === '--help' ? [] : here)], {
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8'
      })
      expect(end.stderr).toContain('Standard output cannot be written')
      expect(end.status).toBe(1)
    } finally {
      closeSync(full)
    }
  })
})
