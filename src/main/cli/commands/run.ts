/**
 * `sheaf plan` and `sheaf run`, and both with `--dry-run` or `--list-only`. Input that was not understood or
 * not found counts as not done: it is reported, and the exit status is 3.
 */
import { countEach, counted, sayBytes, shareOf } from '../../../contract/counted'
import { sayUsd } from '../../../contract/money'
import type { ErrorLine, ExpectedLine, ForecastFacts, Line } from '../../../contract/lines'
import { errorDataOf, EXIT, exitStatusOf, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { Progress, summaryTable } from '../progress'
import { readSelected } from '../read-selected'
import { takenFrom, type Selection } from '../selectors'
import { matchTitlesOf } from '../title-matches'
import {
  print,
  report,
  tell,
  withSheaf,
  withSheafOrPlainly,
  type Opened,
  type CommandContext
} from '../command-context'
import type { PlanList, Sheaf } from '../../sheaf-api'
import type { PlanRequest } from '../../sheaf-requests'
import { columns, durationInWords } from '../wording'
import { isDone } from '../../../contract/states'
import { STATES, UNANSWERED } from '../../../contract/words'

export const OFF_NOTICE =
  'Idempotency off: plain downloads, nothing is remembered (no jobs, no history, no going on after a crash); --enable-idempotency, or “sheaf settings set safety.switch on”, turns it on'
const REDRAW_EVERY_MS = 120
const MOST_ROWS_TOGETHER = 500

type Asked = RequestOf<'plan'> | RequestOf<'run'>

export async function plan(context: CommandContext, request: RequestOf<'plan'>): Promise<ExitStatus> {
  const chosen = await select(context, request)
  if (nothingLeft(chosen, request)) return EXIT.usage
  return withSheaf(context, async (opened) => {
    const selection = await matchTitlesOf(context, opened, { selection: chosen, how: request.titles })
    if (request.preview !== null)
      return preview(context, opened, previewRequest(selection, request, opened), selection)
    sayOff(context, opened)
    return planOnly(context, opened, takingOut(planRequest(selection, request, opened), selection), selection)
  })
}

export async function run(context: CommandContext, request: RequestOf<'run'>): Promise<ExitStatus> {
  const chosen = await select(context, request)
  if (nothingLeft(chosen, request)) return EXIT.usage
  // Without a ledger there is nothing to resume.
  const using = chosen.asked === 0 ? withSheaf : withSheafOrPlainly
  return using(context, async (opened) => {
    const selection = await matchTitlesOf(context, opened, { selection: chosen, how: request.titles })
    const asked = planRequest(selection, request, opened)
    if (request.preview !== null)
      return preview(context, opened, previewRequest(selection, request, opened), selection)
    sayOff(context, opened)
    const isResume = selection.asked === 0
    return work(context, opened, isResume ? null : takingOut(asked, selection), selection)
  })
}

interface Chosen extends Selection {
  /** number of requested items */
  readonly asked: number
}

async function select(context: CommandContext, request: Asked): Promise<Chosen> {
  const selection = await readSelected(context, request.selectors)
  // An entry with a title that can be looked up is reported with the result of that.
  for (const problem of selection.problems)
    if (problem.planned || problem.unnamed === undefined || request.titles === 'never')
      report(context, problem)
  return {
    ...selection,
    asked: request.selectors.given.length + (request.selectors.search === null ? 0 : 1)
  }
}

/** Something was requested, and nothing of it can be planned. */
function nothingLeft(selection: Chosen, request: Asked): boolean {
  const canBeLookedUp =
    request.titles !== 'never' && selection.problems.some(({ unnamed }) => unnamed !== undefined)
  return (
    selection.asked > 0 &&
    selection.drafts.length === 0 &&
    request.selectors.search === null &&
    !canBeLookedUp
  )
}

function planRequest(selection: Selection, request: Asked, { loaded }: Opened): PlanRequest {
  const { search } = request.selectors
  return {
    drafts: selection.drafts,
    formats: loaded.settings['files.formats'],
    ...(search === null ? {} : { search }),
    ...(request.list === null ? {} : { list: listOf(request.list, selection) })
  }
}

/**
 * The same plan; each draft is released as soon as it is planned, so that a long list needs little memory.
 */
function takingOut(asked: PlanRequest, { drafts }: Selection): PlanRequest {
  return { ...asked, drafts: takenFrom(drafts) }
}

/** `--dry-run` stops at the first source that names a file, like a run; `--list-only` queries all. */
function previewRequest(selection: Selection, request: Asked, opened: Opened): PreviewRequest {
  return { ...planRequest(selection, request, opened), onlyFirst: request.preview === 'dry-run' }
}
type PreviewRequest = PlanRequest & { readonly onlyFirst: boolean }

/** Entries that could not be planned are records of the list, too. */
function listOf(name: string, selection: Selection): PlanList {
  const refused = selection.problems
    .filter((problem) => !problem.planned)
    .map((problem, at) => ({
      origin: problem.origin?.name ?? 'selectors',
      place: String(problem.origin?.line ?? `#${String(at + 1)}`),
      because: problem.message
    }))
  return { name, refused }
}

function sayOff(context: CommandContext, { loaded }: Opened): void {
  if (loaded.settings['safety.switch'] === 'off') context.host.log.info(OFF_NOTICE)
}

/** Prints Sheaf's lines while a command runs; errors are also collected. */
function listen(
  context: CommandContext,
  sheaf: Sheaf,
  hear: (line: Line) => void
): { readonly errors: readonly ErrorLine[]; readonly quiet: () => void } {
  const errors: ErrorLine[] = []
  const quiet = sheaf.on((line) => {
    if (line.type === 'error') {
      errors.push(line)
      report(context, line)
      return
    }
    context.lines?.write(line)
    hear(line)
  })
  return { errors, quiet }
}

const refused = (selection: Selection): number =>
  selection.problems.filter((problem) => !problem.planned).length

async function planOnly(
  context: CommandContext,
  { sheaf }: Opened,
  asked: PlanRequest,
  selection: Selection
): Promise<ExitStatus> {
  const began = context.host.clock.monotonicMs()
  const rows: string[] = []
  // Thousands come in one turn of the event loop; a write for each would take as long as planning it.
  const printRows = (): void => {
    if (rows.length > 0) print(context, rows.splice(0).join('\n'))
  }
  const { errors, quiet } = listen(context, sheaf, (line) => {
    if (line.type !== 'planned' || context.lines !== null) return
    const standing = line.tombstone ?? (line.existing ? 'already there' : 'new')
    if (rows.length === 0) queueMicrotask(printRows)
    rows.push(columns([[line.job_id, standing.padEnd(13), line.title ?? line.canonical_url]]))
    if (rows.length >= MOST_ROWS_TOGETHER) printRows()
  })
  try {
    const planned = await sheaf.plan(asked, context.signal)
    const elapsed = context.host.clock.monotonicMs() - began
    context.lines?.write({
      type: 'summary',
      planned: planned.newJobs,
      existing: planned.existingJobs,
      done: 0,
      duplicates: 0,
      failed: refused(selection),
      replays: 0,
      bytes_fetched: 0,
      bytes_resumed: 0,
      elapsed_ms: Math.round(elapsed),
      by_reason: countProblems(selection, errors),
      by_source: {}
    })
    const parts = [`${counted(planned.newJobs, 'job')} planned`, `${planned.existingJobs} already there`]
    if (planned.tombstones > 0) parts.push(`${planned.tombstones} removed by you before`)
    // Unrecorded jobs end with this process.
    const next =
      planned.unrecorded === 0
        ? 'sheaf run fetches them.'
        : `${planned.unrecorded === planned.planned.length ? 'Nothing' : 'Not everything'} was written down: give the same selectors to sheaf run to fetch them.`
    tell(context, `${parts.join(', ')} (${durationInWords(elapsed)}). ${next}`)
  } finally {
    quiet()
  }
  if (context.signal.aborted) return EXIT.interrupted
  return refused(selection) + errors.length > 0 ? EXIT.someFailed : EXIT.done
}

function countProblems(selection: Selection, errors: readonly ErrorLine[]): Record<string, number> {
  const refused = selection.problems.filter(({ planned }) => !planned)
  return countEach([...refused, ...errors].map(({ code }) => code))
}

async function preview(
  context: CommandContext,
  { sheaf }: Opened,
  asked: PreviewRequest,
  selection: Selection
): Promise<ExitStatus> {
  const silent = new Set<string>()
  const { errors, quiet } = listen(context, sheaf, (line) => {
    if (line.type === 'attempt' && UNANSWERED.includes(line.outcome)) silent.add(line.source)
    if (line.type === 'expected') printExpected(context, line)
    if (line.type !== 'candidate' || asked.onlyFirst) return
    print(context, columns([[line.work_id, String(line.rank).padStart(2), line.source.padEnd(14), line.url]]))
  })
  try {
    const found = await sheaf.preview(asked, context.signal)
    tell(
      context,
      `${counted(found.candidates, 'candidate')} for ${counted(found.works, 'work')}. No job and no file was written.`
    )
    if (found.forecast !== null) tell(context, forecastInWords(found.forecast))
    if (silent.size > 0)
      tell(
        context,
        `There may be more: ${[...silent].join(', ')} could not be asked, or gave no clear answer.`
      )
  } finally {
    quiet()
  }
  if (context.signal.aborted) return EXIT.interrupted
  return refused(selection) + errors.length > 0 ? EXIT.someFailed : EXIT.done
}

/** One paper of a dry run: its source, version and wait. */
function printExpected(context: CommandContext, line: ExpectedLine): void {
  if (line.source === null) {
    print(context, columns([[line.work_id, 'no open copy known']]))
    return
  }
  const wait = (line.wait_ms ?? 0) < 1_000 ? '' : `after ${durationInWords(line.wait_ms ?? 0)}`
  const size = line.bytes === undefined ? undefined : sayBytes(line.bytes)
  const price = (line.price_usd ?? 0) === 0 ? undefined : sayUsd(line.price_usd ?? 0)
  const about = [line.version, line.license, size, price].filter((one) => one !== undefined).join(', ')
  print(context, columns([[line.work_id, line.source.padEnd(14), line.host ?? '', about, wait]]))
}

function forecastInWords({ works, expected, finish_ms: ms, paid_usd: paid }: ForecastFacts): string {
  const share = works === 0 ? '' : ` (${shareOf(expected, works)})`
  const cost = paid === 0 ? 'nothing is paid' : `${sayUsd(paid)} is paid`
  return `Expected: ${String(expected)} of ${counted(works, 'paper')}${share}, in about ${durationInWords(ms)}; ${cost}.`
}

async function work(
  context: CommandContext,
  { sheaf }: Opened,
  asked: PlanRequest | null,
  selection: Selection
): Promise<ExitStatus> {
  const progress = new Progress()
  if (asked === null) nameKnownJobs(context, sheaf, progress)
  const now = (): number => context.host.clock.monotonicMs()
  const forPeople = context.lines === null && !context.invocation.quiet
  const { errors, quiet } = listen(context, sheaf, (line) => {
    const sentence = progress.take(line, now())
    if (forPeople && sentence !== null) context.screen.say(sentence)
    if (line.type === 'done') printPath(context, line)
  })
  const stopDrawing =
    forPeople && context.screen.isLive
      ? context.host.clock.every(REDRAW_EVERY_MS, () => {
          context.screen.show(progress.lines(context.screen.columns, now()))
        })
      : () => undefined
  try {
    const summary = await sheaf.run(asked === null ? {} : { plan: asked }, context.signal)
    context.screen.show([])
    context.lines?.flush()
    context.lines?.write(summary)
    tell(context, `\n${summaryTable(summary)}\n  ${durationInWords(summary.elapsed_ms)}`)
    if (summary.paid_usd !== undefined) tell(context, `  Paid: ${sayUsd(summary.paid_usd)}.`)
    if (summary.forecast !== undefined)
      tell(
        context,
        `  ${forecastInWords(summary.forecast)} Came: ${String(summary.done + summary.duplicates)}.`
      )
    if (refused(selection) > 0)
      tell(context, `  ${counted(refused(selection), 'entry', 'entries')} not understood, see above`)
    if (context.signal.aborted) return EXIT.interrupted
    return summary.failed + refused(selection) + errors.length > 0 ? EXIT.someFailed : EXIT.done
  } catch (error) {
    context.screen.show([])
    if (context.signal.aborted) return EXIT.interrupted
    report(context, errorDataOf(error))
    return exitStatusOf(error)
  } finally {
    stopDrawing()
    quiet()
  }
}

/** Results are paths: one line per paper on standard output. */
function printPath(context: CommandContext, line: Extract<Line, { type: 'done' }>): void {
  if (line.path !== undefined) print(context, line.path)
}

const KNOWN_NAMES = 10_000
const UNFINISHED = STATES.filter((state) => !isDone(state))

function nameKnownJobs(context: CommandContext, sheaf: Sheaf, progress: Progress): void {
  if (context.lines !== null) return
  for (const row of sheaf.jobs({ limit: KNOWN_NAMES, state: UNFINISHED })) {
    const title = row['title'] ?? row['canonical_url']
    progress.name(String(row['job_id']), typeof title === 'string' ? title : null)
  }
}
