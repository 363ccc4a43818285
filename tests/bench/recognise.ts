/**
 * Are PDFs that the user has already recognised as the papers that they are? They are imported by the built command
 * line, as `sheaf import FOLDER` does it; loopback plays the services, which know every paper that is meant. Prints
 * how many were filed unasked as the right paper and as a wrong one, how many are asked about with the right paper
 * proposed, and how many are left over; asserts nothing.
 *
 *   npm run bench -- recognise [--folder <folder of PDFs>]… [--many <files>]
 *
 * Measured are the folder of the student (`tests/kit/student-folder.ts`: 24 real PDFs, most of them of the test
 * corpus of pdf.js, and recorded works set in six ways) and the folders. A folder may hold `papers.json`, an array of
 * `{file, title, authors, year, doi}`: what is not in it is of no paper that a service knows.
 * `--many`: so many papers in one import that is killed when a third of them is there, and given again.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { z } from 'zod'
import type { ImportedLine } from '../../src/contract/lines'
import { makePdf } from '../kit/make-pdf'
import { runCli, type CliEnd, type CliOptions } from '../kit/run-cli'
import { makeStudentFolder, STUDENT_WAYS } from '../kit/student-folder'
import { startWorld } from '../web/scholarly'
import type { WorldWork } from '../web/works'

const describedSchema = z.array(
  z.object({
    file: z.string(),
    title: z.string(),
    authors: z.array(z.string()).default([]),
    year: z.number().default(2000),
    doi: z.string().transform((doi) => doi.toLowerCase())
  })
)

const storedSchema = z.object({ sha256: z.string(), doi: z.string().nullable(), work_id: z.string() })

interface Collection {
  readonly folder: string
  /** file name → DOI; null and what is not named: of no paper that a service knows */
  readonly truth: ReadonlyMap<string, string | null>
  readonly works: readonly WorldWork[]
}

const home = mkdtempSync(join(tmpdir(), 'sheaf-recognise-'))
try {
  console.log(`${Object.keys(STUDENT_WAYS).length} ways in which a PDF says which paper it is`)
  const mine = join(home, 'mine')
  await measure(
    'the folder of the student',
    { folder: mine, ...makeStudentFolder(mine) },
    join(home, 'student')
  )
  for (const [nth, folder] of optionsOf('--folder').entries())
    await measure(folder, described(folder), join(home, String(nth)))
  const [many] = optionsOf('--many')
  if (many !== undefined) await importMany(Number(many), join(home, 'many'))
} finally {
  rmSync(home, { recursive: true, force: true })
}

async function measure(name: string, { folder, truth, works }: Collection, data: string): Promise<void> {
  const { web } = await startWorld(works)
  try {
    const began = performance.now()
    const imported = await importFolder(folder, data, web.connectToArguments)
    const took = seconds(began, performance.now())
    const stored = storedUnder(join(data, 'library/manifest.jsonl'))
    const asWhat = (line: ImportedLine): string | null => stored.get(line.sha256 ?? '') ?? null
    const wanted = (line: ImportedLine): string | null => truth.get(basename(line.file)) ?? null
    const filed = imported.filter((line) => line.work_id !== undefined && line.outcome !== 'unsure')
    const right = filed.filter((line) => asWhat(line) === wanted(line))
    const asked = imported.filter((line) => line.outcome === 'unsure')
    const proposed = asked.filter((line) => wanted(line) !== null && line.proposal?.doi === wanted(line))
    const rest = imported.filter((line) => !filed.includes(line) && !proposed.includes(line))
    const left = rest.filter((line) => wanted(line) === null)
    console.log(
      `${name}: ${String(imported.length)} PDFs in ${took}\n` +
        `  filed unasked: ${String(right.length)} right, ${String(filed.length - right.length)} wrong\n` +
        `  asked about with the right paper proposed: ${String(proposed.length)}\n` +
        `  of no known paper and not filed: ${String(left.length)}\n` +
        `  not recognised: ${String(rest.length - left.length)}\n` +
        `  right: ${((100 * (right.length + proposed.length + left.length)) / imported.length).toFixed(1)} %`
    )
    for (const line of filed.filter((one) => !right.includes(one)))
      console.log(`  wrong: ${relative(folder, line.file)} as ${String(asWhat(line))}: ${line.because}`)
  } finally {
    await web.close()
  }
}

/** By the hash of a file: the DOI of the paper that it was filed as, or the work's own id. */
function storedUnder(manifest: string): Map<string, string> {
  const lines = existsSync(manifest) ? readFileSync(manifest, 'utf8').trim().split('\n') : []
  return new Map(
    lines
      .map((line) => storedSchema.parse(JSON.parse(line)))
      .map(({ sha256, doi, work_id: workId }) => [sha256, doi ?? workId])
  )
}

/** Exactly once, through a kill: as many objects as papers, and nothing new the third time. */
async function importMany(count: number, data: string): Promise<void> {
  const folder = join(data, 'papers')
  mkdirSync(folder, { recursive: true })
  for (let n = 1; n <= count; n += 1) {
    const title = `Observation ${String(n)} of the drifting sand at shore ${String(n)}`
    writeFileSync(
      join(folder, `${String(n)}.pdf`),
      makePdf({ title, authors: [`Ada Mirror${String(n)}`], year: 2019, doi: `10.5555/sand.${String(n)}` })
    )
  }
  const began = performance.now()
  const third = Math.ceil(count / 3)
  await importFolder(folder, data, ['--no-look-up'], {
    killWhen: (_, all) => importedOf({ lines: all }).length === third
  })
  const killed = performance.now()
  const again = await importFolder(folder, data, ['--no-look-up'])
  const ended = performance.now()
  const once = await importFolder(folder, data, ['--no-look-up'])
  const shards = readdirSync(join(data, 'library/objects'))
  const objects = shards.flatMap((shard) => readdirSync(join(data, 'library/objects', shard)))
  const numberOf = (lines: readonly ImportedLine[], outcome: ImportedLine['outcome']): string =>
    String(lines.filter((line) => line.outcome === outcome).length)
  console.log(
    `${String(count)} PDFs in one import: killed after ${seconds(began, killed)} with ${String(third)} said, ` +
      `given again: ${numberOf(again, 'existing')} here already, ${numberOf(again, 'filed')} filed in ${seconds(killed, ended)}; ` +
      `a third time: ${numberOf(once, 'existing')} here already, ${numberOf(once, 'filed')} filed; ` +
      `${String(objects.length)} objects in the library`
  )
}

function seconds(from: number, to: number): string {
  return `${((to - from) / 1_000).toFixed(1)} s`
}

async function importFolder(
  folder: string,
  data: string,
  more: readonly string[],
  options: CliOptions = {}
): Promise<ImportedLine[]> {
  const where = ['--data-dir', join(data, 'data'), '--out', join(data, 'library')]
  const manners = ['--json', '--enable-idempotency', '--rate', '*=1000/s', '--mailto', 'reader@example.org']
  const end = await runCli(['import', folder, ...where, ...manners, ...more], {
    timeoutMs: 3_600_000,
    ...options
  })
  return importedOf(end)
}

/** The lines of `sheaf import` are a language of their own beside those of a run. */
function importedOf({ lines }: Pick<CliEnd, 'lines'>): ImportedLine[] {
  return (lines as readonly (CliEnd['lines'][number] | ImportedLine)[]).filter(
    (line) => line.type === 'imported'
  )
}

function described(folder: string): Collection {
  const list = join(folder, 'papers.json')
  const papers = existsSync(list) ? describedSchema.parse(JSON.parse(readFileSync(list, 'utf8'))) : []
  return {
    folder,
    truth: new Map(papers.map(({ file, doi }) => [basename(file), doi])),
    works: papers.map(({ title, authors, year, doi }, n) => ({
      key: `p${String(n)}`,
      title,
      authors,
      year,
      doi
    }))
  }
}

function optionsOf(name: string): string[] {
  return process.argv.flatMap((word, at) => (word === name ? [process.argv[at + 1] ?? ''] : []))
}
