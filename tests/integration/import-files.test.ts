/**
 * Importing PDFs: each is recognised, checked and filed exactly once, originals are only read, and unsure
 * matches wait for the user. Real files, real processes, a real kill.
 */
import { createHash } from 'node:crypto'
import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Imported, ImportRequest } from '../../src/main/sheaf-api'
import { makePdf, type PaperText } from '../kit/make-pdf'
import { recordedPath } from '../kit/shared'
import { runCli, type CliEnd } from '../kit/run-cli'
import { draft, openWorld, type SheafWorld } from '../kit/sheaf-world'
import { tempFolder } from '../kit/temp-folder'
import { startWorld, type World } from '../web/scholarly'
import type { WorldWork } from '../web/works'

const never = new AbortController().signal

/** `unnamed`: the file contains no DOI. */
function paper(n: number, more: Partial<PaperText> & { readonly unnamed?: true } = {}): Uint8Array {
  const { unnamed, ...text } = more
  return makePdf({
    title: `Observation ${String(n)} of the drifting sand at shore ${String(n)}`,
    authors: [`Ada Mirror${String(n)}`, 'Boris Lantern'],
    year: 2019,
    ...(unnamed === true ? {} : { doi: `10.5555/sand.${String(n)}` }),
    ...text
  })
}

function put(folder: string, name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
  // An old access time, so that a reader that changes it would be detected.
  utimesSync(path, 1_500_000_000, 1_600_000_000)
  return path
}

/** Everything in a tree that an import must not change. */
function stateOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const { mtimeMs, atimeMs, ino, nlink, mode } = lstatSync(path)
      const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
      utimesSync(path, atimeMs / 1000, mtimeMs / 1000)
      return [path, sha256, mtimeMs, atimeMs, ino, nlink, mode].join(' ')
    })
    .sort()
}

async function start(works: readonly WorldWork[]): Promise<{ world: World; sheaf: SheafWorld }> {
  const { web, world } = await startWorld(works)
  onTestFinished(() => web.close())
  return { world, sheaf: await openWorld(web, { settings: { 'safety.maxAttempts': 1 } }) }
}

async function taken(sheaf: SheafWorld, request: ImportRequest): Promise<Map<string, Imported>> {
  const files = new Map<string, Imported>()
  await sheaf.sheaf.importFiles(request, {
    signal: never,
    tell(file) {
      expect(files.has(file.file), `${file.file} is reported twice`).toBe(false)
      files.set(file.file, file)
    }
  })
  return files
}

describe('a folder', () => {
  test('is scanned recursively; each paper is filed once, for the job that waits for it if there is one', async () => {
    const { sheaf } = await start([])
    const folder = tempFolder('mine')
    const waiting = await sheaf.sheaf.plan({ drafts: [draft('10.5555/sand.1')], formats: ['pdf'] }, never)
    const one = put(folder, 'deep/er/one.pdf', paper(1))
    const two = put(folder, 'Two.PDF', paper(2))
    const again = put(folder, 'copy of two.pdf', paper(2))
    const stamped = put(
      folder,
      'x.pdf',
      paper(3, { unnamed: true, header: 'arXiv:2401.01234v1 [physics.geo-ph] 2 Jan 2024' })
    )
    const page = put(folder, 'page.pdf', Buffer.from('<!doctype html><title>Sign in</title>'.padEnd(2_000)))
    const cut = put(folder, 'cut.pdf', paper(9).slice(0, 1_500))
    put(folder, '.hidden.pdf', paper(5))
    put(folder, 'notes.txt', Buffer.from('no paper'))
    symlinkSync(folder, join(folder, 'loop'))
    symlinkSync(join(folder, 'gone.pdf'), join(folder, 'dangling.pdf'))
    const before = stateOf(folder)
    const found = await taken(sheaf, { paths: [folder], lookUp: false })
    expect([...found.keys()].sort()).toEqual([one, two, again, stamped, page, cut].sort())
    expect(found.get(one)).toMatchObject({
      outcome: 'filed',
      by: 'doi',
      verdict: 'match',
      work_id: 'doi:10.5555/sand.1',
      job_id: waiting.planned[0]!.job_id
    })
    expect(found.get(stamped)).toMatchObject({ outcome: 'filed', by: 'arxiv', work_id: 'arxiv:2401.01234' })
    const duplicates = [found.get(two)!, found.get(again)!]
    expect(duplicates.map((file) => file.outcome).sort()).toEqual(['existing', 'filed'])
    expect(new Set(duplicates.map((file) => file.work_id))).toEqual(new Set(['doi:10.5555/sand.2']))
    expect(found.get(page)).toMatchObject({ outcome: 'refused', verdict: 'rejected' })
    expect(found.get(cut)).toMatchObject({ outcome: 'refused', reason: 'TRUNCATED' })
    expect(stateOf(folder)).toEqual(before)
    expect((await sheaf.objects()).size).toBe(3)
    const [entry] = [...sheaf.sheaf.library()].filter((one) => one.workId === 'doi:10.5555/sand.2')
    expect(entry?.facts.title).toBe('Observation 2 of the drifting sand at shore 2')
    expect(sheaf.stored().find((file) => file?.workId === 'doi:10.5555/sand.2')?.provenance).toMatchObject({
      source: 'manual',
      evidence: expect.stringMatching(/^You imported /) as string
    })
    const second = await taken(sheaf, { paths: [folder], lookUp: false })
    expect([...second.values()].filter((file) => file.outcome === 'filed')).toEqual([])
    expect((await sheaf.objects()).size).toBe(3)
  })

  test('a paper without an identifier is matched by its title with the planned works', async () => {
    const { sheaf } = await start([])
    const folder = tempFolder('mine')
    const facts = {
      title: 'Observation 4 of the drifting sand at shore 4',
      authors: ['Mirror4, Ada'],
      year: 2019
    }
    await sheaf.sheaf.plan({ drafts: [{ ids: { pmid: '1234567' }, facts }], formats: ['pdf'] }, never)
    const mine = put(folder, 'scan0001.pdf', paper(4, { unnamed: true, metadata: false }))
    const namesake = put(
      folder,
      'other.pdf',
      paper(4, { unnamed: true, authors: ['Carl Other'], year: 1990 })
    )
    const found = await taken(sheaf, { paths: [mine, namesake], lookUp: false })
    expect(found.get(mine)).toMatchObject({ outcome: 'filed', by: 'title', verdict: 'match' })
    expect(found.get(namesake)).toMatchObject({ outcome: 'unsure' })
    expect(found.get(namesake)).not.toHaveProperty('work_id')
  })

  test('an unsure match is filed only when the user confirms it', async () => {
    const { sheaf } = await start([])
    const folder = tempFolder('mine')
    const named = put(folder, '10.5555_sand.7.pdf', paper(7, { unnamed: true }))
    const first = await taken(sheaf, { paths: [named], lookUp: false })
    expect(first.get(named)).toMatchObject({
      outcome: 'unsure',
      by: 'name',
      proposal: { doi: '10.5555/sand.7' }
    })
    expect(sheaf.sheaf.jobs({})).toEqual([])
    const second = await taken(sheaf, { paths: [named], lookUp: false, accept: true })
    expect(second.get(named)).toMatchObject({ outcome: 'filed', work_id: 'doi:10.5555/sand.7' })
    const unknown = put(folder, 'thesis.pdf', paper(8, { unnamed: true }))
    const as = draft('https://theses.example.org/8')
    expect((await taken(sheaf, { paths: [unknown], as, lookUp: false })).get(unknown)).toMatchObject({
      outcome: 'filed',
      by: 'person'
    })
  })

  test('services confirm the content of a file, complete its metadata, and find it by its title', async () => {
    const { world, sheaf } = await start([{ key: 'alpha' }, { key: 'beta' }])
    const folder = tempFolder('mine')
    const alpha = put(folder, 'alpha.pdf', world.pdf('alpha'))
    const wrong = put(folder, 'wrong.pdf', paper(1, { doi: '10.5555/beta' }))
    const found = await taken(sheaf, { paths: [alpha, wrong] })
    expect(found.get(alpha)).toMatchObject({ outcome: 'filed', verdict: 'match' })
    const entry = [...sheaf.sheaf.library()][0]!
    expect(entry.facts.authors!.length).toBeGreaterThan(0)
    expect(found.get(wrong)).toMatchObject({ outcome: 'unsure' })
  })

  test('a removed paper stays removed, and a work with a file keeps it', async () => {
    const { sheaf } = await start([])
    const folder = tempFolder('mine')
    const one = put(folder, 'one.pdf', paper(1))
    await taken(sheaf, { paths: [one], lookUp: false })
    const other = put(
      folder,
      'other version.pdf',
      paper(1, { text: 'Another version of the text. '.repeat(80) })
    )
    expect((await taken(sheaf, { paths: [other], lookUp: false })).get(other)).toMatchObject({
      outcome: 'existing',
      reason: 'HAS_ANOTHER_FILE'
    })
    await sheaf.sheaf.remove('doi:10.5555/sand.1')
    expect((await taken(sheaf, { paths: [one], lookUp: false })).get(one)).toMatchObject({
      reason: 'REMOVED'
    })
    expect((await sheaf.objects()).size).toBe(0)
  })

  test('with the switch off only the manifest records it, and nothing is filed twice', async () => {
    const { sheaf } = await start([])
    await sheaf.reopen({ 'safety.switch': 'off' })
    const folder = tempFolder('mine')
    const one = put(folder, 'one.pdf', paper(1))
    expect((await taken(sheaf, { paths: [one], lookUp: false })).get(one)).toMatchObject({ outcome: 'filed' })
    await sheaf.reopen({ 'safety.switch': 'off' })
    expect((await taken(sheaf, { paths: [one], lookUp: false })).get(one)).toMatchObject({
      outcome: 'existing'
    })
    expect(sheaf.sheaf.jobs({})).toEqual([])
    expect(await sheaf.papers()).toHaveLength(1)
  })

  test('real files of real programs: each gets a result, and none is filed on a guess', async () => {
    const { sheaf } = await start([])
    const names = ['rotation', 'bug1020226', 'print_protection', 'empty', 'bug1937438_from_word']
    const paths = names.map((name) => recordedPath(`pdf/pdfjs-${name}.pdf`))
    const found = await taken(sheaf, { paths, lookUp: false })
    expect([...found.keys()].sort()).toEqual([...paths].sort())
    expect([...found.values()].filter((file) => file.outcome === 'filed')).toEqual([])
    const locked = [...found.values()].filter((file) => file.reason === 'PASSWORD_NEEDED')
    expect(locked.length).toBeGreaterThan(0)
  })
})

test('an import killed halfway continues: each paper once, originals untouched', async () => {
  const folder = tempFolder('mine')
  const home = tempFolder('home')
  for (let n = 1; n <= 6; n += 1) put(folder, `set ${String(n % 3)}/${String(n)}.pdf`, paper(n))
  const before = stateOf(folder)
  const sheaf = (killAfter?: number): Promise<CliEnd> =>
    runCli(
      [
        'import',
        folder,
        '--json',
        '--no-look-up',
        '--enable-idempotency',
        '--data-dir',
        join(home, 'd'),
        '--out',
        join(home, 'o')
      ],
      killAfter === undefined ? {} : { killWhen: (_, all) => importedOf({ lines: all }).length === killAfter }
    )
  const importedOf = (end: Pick<CliEnd, 'lines'>): Imported[] =>
    end.lines.flatMap((line) => ((line.type as string) === 'imported' ? [line as unknown as Imported] : []))
  const killed = await sheaf(2)
  expect(killed.signal).toBe('SIGKILL')
  const whole = await sheaf()
  expect(whole.status).toBe(0)
  const outcomes = importedOf(whole).map((file) => file.outcome)
  expect(outcomes).toHaveLength(6)
  expect(outcomes.filter((outcome) => outcome === 'existing').length).toBeGreaterThanOrEqual(2)
  const papers = readdirSync(join(home, 'o/papers')).filter((name) => name.endsWith('.pdf'))
  expect(papers).toHaveLength(6)
  expect(readFileSync(join(home, 'o/manifest.jsonl'), 'utf8').trim().split('\n')).toHaveLength(6)
  expect(stateOf(folder)).toEqual(before)
}, 240_000)

test('of two versions of one paper in a folder one is filed, the other reported as another file of it', async () => {
  const { sheaf } = await start([])
  const folder = tempFolder('versions')
  const pairs = [1, 2, 3, 4]
  for (const n of pairs) {
    put(folder, `${String(n)} a.pdf`, paper(900 + n))
    put(folder, `${String(n)} b.pdf`, paper(900 + n, { year: 2020 }))
  }
  const files = [...(await taken(sheaf, { paths: [folder], lookUp: false })).values()]
  expect(files.map(({ outcome, reason }) => reason ?? outcome).sort()).toEqual([
    ...pairs.map(() => 'HAS_ANOTHER_FILE'),
    ...pairs.map(() => 'filed')
  ])
}, 60_000)
