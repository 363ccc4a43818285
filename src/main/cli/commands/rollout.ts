/**
 * `sheaf rollout status|advance|back`: crash-safe downloads for a tenth of the works, for half, for all.
 * Changing the step fetches nothing again: existing papers are adopted (docs/design.md, G12).
 */
import { sayRatio } from '../../../contract/counted'
import { fail } from '../../../contract/errors'
import type { CanaryGroup, RolloutFinding, RolloutStep, RolloutView } from '../../../contract/insights-views'
import { rolloutView, stepOf } from '../../insights/rollout'
import { saveSettingValue } from '../../settings/save-setting'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { print, settingsFor, withReader, type CommandContext } from '../command-context'
import { tellOverruled } from './settings'
import { bytesInWords, columns, durationInWords } from '../wording'

const DAYS = 30

export async function rollout(context: CommandContext, request: RequestOf<'rollout'>): Promise<ExitStatus> {
  const before = await view(context)
  if (request.action === 'status') return show(context, before)
  const to = request.action === 'advance' ? before.next : before.back
  if (to === null) {
    const end = request.action === 'advance' ? 'on for all works' : 'off'
    return fail('TRANSITION_REFUSED', `Crash-safe downloads are ${end} already; there is no further step.`)
  }
  if (request.action === 'advance' && before.verdict === 'no_go' && !request.force) {
    return fail('TRANSITION_REFUSED', `${sentences(before)} The step was not taken.`, {
      hint: 'Look at sheaf status and sheaf jobs --state FAILED; --force takes the step nevertheless.'
    })
  }
  const { host, dataDir } = context
  if (to.position === 'canary') {
    await saveSettingValue(host.files, dataDir, 'safety.canaryPercent', to.percent)
  }
  await saveSettingValue(host.files, dataDir, 'safety.switch', to.position)
  const { settings, origins } = await settingsFor(context)
  tellOverruled(context, origins['safety.switch'], settings['safety.switch'])
  return show(context, await view(context))
}

async function view(context: CommandContext): Promise<RolloutView> {
  const { settings } = await settingsFor(context)
  const now = stepOf(settings['safety.switch'], settings['safety.canaryPercent'])
  return withReader(context, async (reader) => {
    const figures = await reader.figures(DAYS, context.signal)
    return rolloutView(now, { groups: figures.groups, measures: figures.measures })
  })
}

function show(context: CommandContext, found: RolloutView): ExitStatus {
  const step = (one: RolloutStep | null): object | null =>
    one && { switch: one.position, percent: one.percent }
  context.lines?.write({
    type: 'rollout',
    switch: found.now.position,
    percent: found.now.percent,
    next: step(found.next),
    back: step(found.back),
    verdict: found.verdict,
    because: sentences(found),
    findings: found.because,
    groups: found.groups.map((group) => ({
      group: group.group,
      works: group.works,
      completed: group.completed,
      completion: group.completion,
      bytes_fetched_twice: group.bytesFetchedTwice,
      recoveries: group.recoveries,
      median_seconds: group.medianSeconds
    }))
  })
  print(
    context,
    [
      `Crash-safe downloads: ${stepInWords(found.now)}.`,
      columns([
        ['', 'works', 'completed', 'fetched twice', 'recoveries', 'median time'],
        ...found.groups.map(row)
      ]),
      sentences(found),
      found.next === null ? '' : `sheaf rollout advance: ${stepInWords(found.next)}.`,
      found.back === null ? '' : `sheaf rollout back: ${stepInWords(found.back)}.`
    ]
      .filter((line) => line !== '')
      .join('\n')
  )
  return EXIT.done
}

function row(group: CanaryGroup): string[] {
  return [
    group.group === 'crash_safe' ? 'crash-safe' : 'plain',
    String(group.works),
    group.completion === null ? '–' : sayRatio(group.completion),
    bytesInWords(group.bytesFetchedTwice),
    String(group.recoveries),
    group.medianSeconds === null ? '–' : durationInWords(group.medianSeconds * 1000)
  ]
}

function stepInWords(step: RolloutStep): string {
  if (step.position === 'off') return 'off'
  if (step.position === 'on') return 'on for all works'
  return `for ${String(Math.round(step.percent))} % of the works`
}

function sentences(found: RolloutView): string {
  const verdict = {
    go: 'Go:',
    no_go: 'No go:',
    wait: 'Wait:',
    complete: 'Complete: every work takes the crash-safe path.'
  }[found.verdict]
  return [verdict, ...found.because.map(sayFinding)].join(' ')
}

export function sayFinding(finding: RolloutFinding): string {
  switch (finding.kind) {
    case 'nothing_measured':
      return 'nothing is measured while crash-safe downloads are off.'
    case 'few_works':
      return `${String(finding.works)} of ${String(finding.needed)} works have gone the crash-safe way; too few to judge.`
    case 'measure_missed':
      return `${finding.measure.replaceAll('_', ' ')} is ${sayRatio(finding.value)}; ${sayRatio(finding.target)} is wanted.`
    case 'completes_less':
      return `the crash-safe group completed ${sayRatio(finding.crashSafe)}, the other ${sayRatio(finding.plain)}.`
    case 'as_good':
      return finding.crashSafe === null
        ? 'no measure speaks against it.'
        : `the crash-safe group completed ${sayRatio(finding.crashSafe)}, and no measure speaks against it.`
    default:
      return finding satisfies never
  }
}
