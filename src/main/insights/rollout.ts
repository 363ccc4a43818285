/**
 * The steps of the switch (docs/design.md §9): off, a tenth, half, on. The figures of both groups and the
 * measures decide whether the next step is advised. Pure; the caller writes the settings.
 */
import type { CanaryGroup, RolloutFinding, RolloutStep, RolloutView } from '../../contract/insights-views'
import type { SwitchPosition } from '../../contract/words'
import type { Measure } from './measures'

export const ROLLOUT_STEPS: readonly RolloutStep[] = [
  { position: 'off', percent: 0 },
  { position: 'canary', percent: 10 },
  { position: 'canary', percent: 50 },
  { position: 'on', percent: 100 }
]

/** With fewer works in the crash-safe group, its figures are not significant. */
export const FEWEST_WORKS = 20
/** The accepted difference of completion rates: smaller ones are explained by chance. */
const WORSE_BY = 0.05

/** Measures that must be met before more works take the path. */
const DECISIVE: readonly string[] = ['job_completion', 'crash_recovery']

export function rolloutView(
  now: RolloutStep,
  figures: { readonly groups: readonly CanaryGroup[]; readonly measures: readonly Measure[] }
): RolloutView {
  const next = ROLLOUT_STEPS.find((step) => step.percent > now.percent) ?? null
  const back = ROLLOUT_STEPS.findLast((step) => step.percent < now.percent) ?? null
  const { groups } = figures
  if (next === null) return { now, next, back, verdict: 'complete', because: [], groups }
  if (now.position === 'off') {
    return { now, next, back, verdict: 'go', because: [{ kind: 'nothing_measured' }], groups }
  }
  const against = findAgainst(figures)
  if (against.length > 0) return { now, next, back, verdict: 'no_go', because: against, groups }
  const works = groupOf(groups, 'crash_safe')?.works ?? 0
  if (works < FEWEST_WORKS) {
    const because: RolloutFinding[] = [{ kind: 'few_works', works, needed: FEWEST_WORKS }]
    return { now, next, back, verdict: 'wait', because, groups }
  }
  const because: RolloutFinding[] = [
    {
      kind: 'as_good',
      crashSafe: groupOf(groups, 'crash_safe')?.completion ?? null,
      plain: groupOf(groups, 'legacy')?.completion ?? null
    }
  ]
  return { now, next, back, verdict: 'go', because, groups }
}

/** The step of the given settings; a canary with another share lies between two steps. */
export function stepOf(position: SwitchPosition, canaryPercent: number): RolloutStep {
  if (position === 'off') return { position, percent: 0 }
  if (position === 'on') return { position, percent: 100 }
  return { position, percent: Math.min(Math.max(canaryPercent, 0.1), 99.9) }
}

function findAgainst({ groups, measures }: Parameters<typeof rolloutView>[1]): RolloutFinding[] {
  const found: RolloutFinding[] = []
  for (const measure of measures) {
    if (!DECISIVE.includes(measure.name) || measure.status !== 'missed') continue
    if (measure.value === null || measure.target === null) continue
    found.push({
      kind: 'measure_missed',
      measure: measure.name,
      value: measure.value,
      target: measure.target
    })
  }
  const [safe, plain] = [groupOf(groups, 'crash_safe'), groupOf(groups, 'legacy')]
  if (safe?.completion == null || plain?.completion == null) return found
  if (
    safe.works >= FEWEST_WORKS &&
    plain.works >= FEWEST_WORKS &&
    safe.completion < plain.completion - WORSE_BY
  ) {
    found.push({ kind: 'completes_less', crashSafe: safe.completion, plain: plain.completion })
  }
  return found
}

function groupOf(groups: readonly CanaryGroup[], name: CanaryGroup['group']): CanaryGroup | undefined {
  return groups.find((one) => one.group === name)
}
