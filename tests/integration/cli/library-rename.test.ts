/**
 * `sheaf library rename`: each paper is renamed once, also when killed at any instant, and a user's file is
 * never overwritten (G2, G3).
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { SAMPLE_WORKS } from '../../../src/main/demo/sample-works'
import { PROBES } from '../../../src/main/platform/probes'
import type { CliEnd } from '../../kit/run-cli'
import { makeCliWorld, type CliWorld } from './cli-world'

const DOIS = SAMPLE_WORKS.filter((work) => work.arxiv === undefined)
  .slice(0, 3)
  .map(({ doi }) => doi)

const shaOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

/** relative path → sha256 of every file under `papers/` */
function papersIn({ library }: CliWorld): Map<string, string> {
  const folder = join(library, 'papers')
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile()
  )
  return new Map(all.sort().map((name) => [`papers/${name.split(sep).join('/')}`, shaOf(join(folder, name))]))
}

interface ListedPaper {
  readonly artifact_id: string
  readonly paper: string
  readonly sha256: string
}
const listed = ({ library }: CliWorld): ListedPaper[] =>
  readFileSync(join(library, 'manifest.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ListedPaper)

interface Renamed {
  readonly type: string
  readonly job_id: string
  readonly from: string
  readonly to: string | null
  readonly result: string
  readonly because?: string
}
const renamesOf = (end: CliEnd): Renamed[] =>
  (end.lines as readonly unknown[] as readonly Renamed[]).filter(({ type }) => type === 'renamed')

async function makeWorld(): Promise<CliWorld> {
  const world = await makeCliWorld()
  onTestFinished(() => world.end())
  const ran = await world.sheaf([
    'run',
    ...DOIS.flatMap((doi) => ['--doi', doi]),
    '--enable-idempotency',
    '--quiet'
  ])
  expect(ran.status, ran.stderr).toBe(0)
  await world.sheaf(['settings', 'set', 'safety.switch', 'on'])
  return world
}

/** The same as `sheaf settings set`. */
function template({ dataDir }: CliWorld, text: string): void {
  const path = join(dataDir, 'settings.json')
  const before = JSON.parse(readFileSync(path, 'utf8')) as object
  writeFileSync(path, JSON.stringify({ ...before, 'files.nameTemplate': text }))
}

interface Op {
  readonly op_type: string
  readonly attempt: number
  readonly result_code: string
  readonly recovery: string | null
}

/** The RENAME ops of a job, as `sheaf ops` prints them. */
async function renameOps(world: CliWorld, jobId: string): Promise<readonly Op[]> {
  const { lines } = await world.sheaf(['ops', jobId, '--json'])
  return (lines as readonly unknown[] as readonly Op[]).filter(({ op_type: kind }) => kind === 'RENAME')
}

test(
  'papers are renamed by another template, once; files of the user stay',
  { timeout: 120_000 },
  async () => {
    const world = await makeWorld()
    const before = papersIn(world)
    template(world, '{firstAuthor}/{year} {title}')
    const shown = await world.sheaf(['library', 'rename', '--dry-run', '--json'])
    expect(shown.status).toBe(0)
    const planned = renamesOf(shown)
    expect(planned.map(({ result }) => result)).toEqual(['would_rename', 'would_rename', 'would_rename'])
    expect(papersIn(world)).toEqual(before)

    const [changed, taken] = planned
    if (changed === undefined || taken === undefined) throw new Error('The library needs three papers.')
    unlinkSync(join(world.library, changed.from))
    writeFileSync(join(world.library, changed.from), 'my own notes')
    mkdirSync(dirname(join(world.library, taken.to ?? '')), { recursive: true })
    writeFileSync(join(world.library, taken.to ?? ''), 'a file of mine')
    const renamed = await world.sheaf(['library', 'rename', '--json'])
    expect(renamed.status).toBe(3)
    const outcome = new Map(renamesOf(renamed).map((line) => [line.from, line]))
    expect(outcome.get(changed.from)).toMatchObject({ result: 'kept', because: 'CHANGED_FILE', to: null })
    expect(outcome.get(taken.from)?.to).toBe(taken.to?.replace(/\.pdf$/, ' (2).pdf'))
    expect(readFileSync(join(world.library, changed.from), 'utf8')).toBe('my own notes')
    expect(readFileSync(join(world.library, taken.to ?? ''), 'utf8')).toBe('a file of mine')

    // Every path in the manifest exists on disk, under one name each; no former name is left.
    const now = papersIn(world)
    const lines = listed(world)
    expect(new Set(lines.map(({ artifact_id: id }) => id)).size).toBe(lines.length)
    for (const line of lines.filter(({ paper }) => paper !== changed.from))
      expect(now.get(line.paper)).toBe(line.sha256)
    expect(now.size).toBe(4)
    const { job_id: jobId = '' } = outcome.get(taken.from) ?? {}
    expect(await renameOps(world, jobId)).toMatchObject([{ attempt: 1, result_code: 'OK' }])

    const again = await world.sheaf(['library', 'rename', '--json'])
    expect(
      renamesOf(again)
        .map(({ result }) => result)
        .sort()
    ).toEqual(['kept', 'unchanged', 'unchanged'])
    expect(await renameOps(world, jobId)).toMatchObject([{ attempt: 1, replays: 0 }])

    // Back to the former names: emptied folders are removed, and a selector names one paper.
    template(world, '{firstAuthor} {year} – {title}')
    const [doi = ''] = DOIS
    const one = await world.sheaf(['library', 'rename', '--doi', doi, '--doi', '10.5555/absent', '--json'])
    expect(one.status).toBe(3)
    expect(renamesOf(one)).toHaveLength(1)
    expect(one.lines).toContainEqual({ type: 'not_here', work_id: 'doi:10.5555/absent' })
    await world.sheaf(['library', 'rename'])
    const folders = readdirSync(join(world.library, 'papers'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory()
    )
    expect(folders.map(({ name }) => name)).toEqual([relative('papers', dirname(taken.to ?? ''))])
  }
)

test(
  'killed at any instant, each paper is readable under one name, and the next start completes the rename',
  { timeout: 120_000 },
  async () => {
    const world = await makeWorld()
    const fetched = world.web.fileRequests().length
    for (const [at, probe] of PROBES.filter((one) => one.startsWith('RENAME: ')).entries()) {
      template(world, `${String(at)}/{title}`)
      const died = await world.sheaf(['library', 'rename', '--json'], { env: { SHEAF_DIE_AT: `${probe}#1` } })
      expect(died.signal, `${probe}\n${died.stderr}`).toBe('SIGKILL')
      const left = papersIn(world)
      for (const { sha256 } of listed(world)) expect([...left.values()], probe).toContain(sha256)

      const found = await world.sheaf(['reconcile', '--json'])
      expect(found.lines, probe).toMatchObject([
        { type: 'reconcile', unknown_files: 0, requeued: 0, quarantined: 0 }
      ])
      const paths = listed(world).map(({ paper }) => paper)
      expect([...papersIn(world).keys()], probe).toEqual(paths.sort())
      for (const paper of paths) expect(paper, probe).toMatch(new RegExp(`^papers/${String(at)}/`))
    }
    const again = renamesOf(await world.sheaf(['library', 'rename', '--json']))
    expect(again.map(({ result }) => result)).toEqual(['unchanged', 'unchanged', 'unchanged'])
    const ops = await renameOps(world, again[0]?.job_id ?? '')
    expect(new Set(ops.map(({ result_code: code }) => code))).toEqual(new Set(['OK']))
    expect(new Set(ops.map(({ recovery }) => recovery))).toEqual(new Set([null, 'adopted', 'redone']))
    expect(world.web.fileRequests().length).toBe(fetched)
  }
)
