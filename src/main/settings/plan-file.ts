/**
 * The YAML plan file (`--fallback-plan`). All errors are reported at once, each with its line, its path and
 * what is allowed. With any error the file is not used at all, since a chain of sources that is only half as
 * requested would go unnoticed.
 */
import { LineCounter, isNode } from 'yaml'
import { fail } from '../../contract/errors'
import type { Files } from '../platform/files'
import { parseYaml } from '../platform/parse-yaml'
import { readPlanPatch, type PlanPatch } from './plan-patch'
import { problemSentence, type SettingProblem } from './problems'
import { readNamedFile } from '../platform/read-named-file'

export interface PlanFile {
  readonly patch: PlanPatch
  /** valid, but without effect here */
  readonly notes: readonly SettingProblem[]
}

export async function readPlanFile(files: Files, path: string): Promise<PlanFile> {
  return parsePlan(await readText(files, path), path)
}

async function readText(files: Files, path: string): Promise<string> {
  const bytes = await readNamedFile(`The plan file ${path} (--fallback-plan)`, () => files.readWhole(path))
  return Buffer.from(bytes).toString('utf8')
}

/** As many errors as are useful to read at once. */
const MOST_ERRORS = 20
/** A plan has a few dozen lines; the parser builds a tree of many times the text’s size. */
const MOST_CHARS = 40_000

export function parsePlan(text: string, path: string): PlanFile {
  if (text.length > MOST_CHARS)
    fail('BAD_SETTING', `${path} is far too long for a plan.`, { hint: 'Correct the plan file.' })
  const lines = new LineCounter()
  // DocsToKG's files are YAML 1.1, where 120_000 is a number.
  const document = parseYaml(text, { lineCounter: lines, version: '1.1' })
  if (document === null)
    fail('BAD_SETTING', `${path} is nested too deep for a plan.`, { hint: 'Correct the plan file.' })
  const broken = document.errors.slice(0, MOST_ERRORS).map((error) => {
    const line = lines.linePos(error.pos[0]).line
    return `${path}, line ${String(line)}: ${error.message.split('\n')[0] ?? error.code}`
  })
  if (broken.length > 0) fail('BAD_SETTING', broken.join('\n'), { hint: 'Correct the plan file.' })
  const whereIs = (at: readonly (string | number)[]): string => {
    const node = at.length === 0 ? document.contents : document.getIn(at, true)
    const start = isNode(node) ? node.range?.[0] : undefined
    return start === undefined ? path : `${path}, line ${String(lines.linePos(start).line)}`
  }
  const raw = document.toJS() as unknown
  const { patch, problems } = readPlanPatch(raw ?? {}, whereIs)
  const wrong = problems.filter((problem) => problem.note !== true)
  if (wrong.length > 0) {
    fail('BAD_SETTING', wrong.map(problemSentence).join('\n'), { hint: 'Correct the plan file.' })
  }
  return { patch, notes: problems }
}
