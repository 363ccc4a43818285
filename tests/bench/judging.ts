/**
 * What does judging a PDF cost? Of every file the median time to open it and read its first pages, and
 * to judge them (changed bytes, right paper, as itself and as another paper); then the median of files.
 *
 *   npm run bench -- judging [--folder <folder of PDFs>]… [--against <commit>]
 *
 * With a commit the same files are judged by that commit's code, too: both in turn, in the same run.
 */
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { getDocument, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { z } from 'zod'
import { bytesChanged } from '../../src/main/library/pdf-bytes'
import { readLayout } from '../../src/main/library/pdf-layout'
import { judgeRightPaper } from '../../src/main/library/right-paper'

const ROUNDS = 5
const TURNS = 3
const TEXT_PAGES = 3
const root = join(import.meta.dirname, '../..')
interface Times {
  readonly open: number
  readonly judge: number
}
const timesSchema = z.array(z.object({ open: z.number(), judge: z.number() }))

const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0

async function timesOf(file: string): Promise<Times | null> {
  const bytes = readFileSync(file)
  const opens: number[] = []
  const judges: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now()
    const task = getDocument({
      data: new Uint8Array(bytes),
      verbosity: VerbosityLevel.ERRORS,
      useSystemFonts: false
    })
    try {
      const document = await task.promise
      const title = z
        .object({ Title: z.string().optional() })
        .catch({})
        .parse((await document.getMetadata()).info).Title
      const layouts = []
      for (let page = 1; page <= Math.min(document.numPages, TEXT_PAGES); page += 1)
        layouts.push(readLayout((await (await document.getPage(page)).getTextContent()).items))
      const opened = performance.now()
      bytesChanged(bytes)
      const [first] = layouts
      for (const wanted of [title ?? 'Winter flocks of barnacle geese', 'A spectral bound for sparse graphs'])
        for (let count = 1; count <= layouts.length; count += 1)
          judgeRightPaper(
            {
              pages: layouts.slice(0, count).map((layout) => layout.text),
              prominent: first?.prominent ?? [],
              runs: first?.runs ?? [],
              metadataTitle: null,
              pageCount: document.numPages
            },
            {
              ids: { doi: '10.5555/bench.1' },
              facts: { title: wanted, authors: ['Anna Berg', 'Li Wang'], year: 2015 }
            }
          )
      opens.push(opened - began)
      judges.push(performance.now() - opened)
    } catch {
      return null
    } finally {
      await task.destroy()
    }
  }
  return { open: median(opens), judge: median(judges) }
}

async function measure(files: readonly string[]): Promise<Times[]> {
  const times: Times[] = []
  for (const file of files) {
    const one = await timesOf(file)
    if (one !== null) times.push(one)
  }
  return times
}

const args = process.argv.slice(2)
const folders = args.flatMap((arg, at) => (arg === '--folder' ? [resolve(args[at + 1] ?? '.')] : []))
// A checkout that is measured beside this one gets every folder by name.
const all = args.includes('--json') ? folders : [join(root, 'tests/fixtures/recorded/pdf'), ...folders]
const files = all
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file))
  )
  .filter((file) => /\.pdf$/i.test(file))
const report = (name: string, times: readonly Times[]): void => {
  const sums = times.map((one) => one.open + one.judge)
  console.log(
    `${name.padEnd(24)} ${String(times.length)} files   median: open ${median(times.map((one) => one.open)).toFixed(1)} ms, judge ${median(times.map((one) => one.judge)).toFixed(1)} ms, together ${median(sums).toFixed(1)} ms`
  )
}

function against(commit: string): void {
  const other = join(mkdtempSync(join(tmpdir(), 'sheaf-judging-')), 'checkout')
  const git = (...words: readonly string[]): unknown =>
    execFileSync('git', words, { cwd: root, stdio: 'ignore' })
  git('worktree', 'add', '--detach', other, commit)
  try {
    symlinkSync(join(root, 'node_modules'), join(other, 'node_modules'))
    const changes = join(other, 'src/main/library/pdf-bytes.ts')
    // Older commits do not look for changed bytes.
    if (!existsSync(changes)) writeFileSync(changes, 'export const bytesChanged = () => null\n')
    copyFileSync(join(import.meta.dirname, 'judging.ts'), join(other, 'tests/bench/judging.ts'))
    const run = (folder: string): Times[] => {
      const words = all.flatMap((one) => ['--folder', one])
      const said = execFileSync(
        process.execPath,
        [join(folder, 'scripts/run-ts.mjs'), join(folder, 'tests/bench/judging.ts'), '--json', ...words],
        { cwd: folder, encoding: 'utf8', maxBuffer: 67_108_864 }
      )
      return timesSchema.parse(JSON.parse(said.trim().split('\n').at(-1) ?? '[]'))
    }
    for (let turn = 0; turn < TURNS; turn += 1) {
      report(commit, run(other))
      report('this tree', run(root))
    }
  } finally {
    git('worktree', 'remove', '--force', other)
    rmSync(resolve(other, '..'), { recursive: true, force: true })
  }
}

const commit = args.includes('--against') ? args[args.indexOf('--against') + 1] : undefined
if (args.includes('--json')) console.log(JSON.stringify(await measure(files)))
else if (commit !== undefined) against(commit)
else report('this tree', await measure(files))
