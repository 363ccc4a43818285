/**
 * The four tunings described in DocsToKG's `config/fallback.yaml` (section “Tuning guide”, 2025-10-21), as
 * changes to the plan in force. Pure. Values that it leaves open (“reduce”) are halved.
 */
import { fallbackPlanSchema, type FallbackPlan, type SourcePolicy } from '../../contract/settings'
import { SOURCES, type SourceName } from '../../contract/words'

export const PLAN_PRESETS = ['fast', 'reliable', 'light', 'low-bandwidth'] as const
export type PlanPreset = (typeof PLAN_PRESETS)[number]

const CHANGES: { readonly [P in PlanPreset]: (plan: FallbackPlan) => FallbackPlan } = {
  // “Fast resolution”: one minute, two at once, no archive, half the time for each source.
  fast: (plan) =>
    withTimes(without(plan, ['wayback']), 0.5, {
      totalTimeoutMs: Math.min(plan.totalTimeoutMs, 60_000),
      maxConcurrent: Math.min(plan.maxConcurrent, 2)
    }),
  // “High reliability”: three minutes, 30 attempts, more time for each source, sequential.
  reliable: (plan) =>
    oneAtATime(
      withTimes(plan, 1.5, {
        totalTimeoutMs: Math.max(plan.totalTimeoutMs, 180_000),
        totalAttempts: Math.max(plan.totalAttempts, 30)
      })
    ),
  // “Resource constrained”: half a minute, sequential, no landing pages.
  light: (plan) =>
    oneAtATime({
      ...without(plan, ['landing_scrape']),
      totalTimeoutMs: Math.min(plan.totalTimeoutMs, 30_000),
      maxConcurrent: 1
    }),
  // “Bandwidth constrained”: half the time and half the attempts, no archive, robots.txt obeyed everywhere.
  'low-bandwidth': (plan) => {
    const less = withTimes(without(plan, ['wayback']), 0.5, {
      totalAttempts: Math.max(1, Math.floor(plan.totalAttempts / 2))
    })
    return { ...less, policies: everyPolicy(less, (policy) => ({ ...policy, robots: true })) }
  }
}

export function withPreset(plan: FallbackPlan, preset: PlanPreset): FallbackPlan {
  return fallbackPlanSchema.parse(CHANGES[preset](plan))
}

function everyPolicy(
  plan: FallbackPlan,
  change: (policy: SourcePolicy) => SourcePolicy
): FallbackPlan['policies'] {
  const policies: FallbackPlan['policies'] = { ...plan.policies }
  for (const name of SOURCES) policies[name] = change(policies[name])
  return policies
}

function withTimes(plan: FallbackPlan, factor: number, more: Partial<FallbackPlan>): FallbackPlan {
  const times = (ms: number): number => Math.min(600_000, Math.max(100, Math.round(ms * factor)))
  return {
    ...plan,
    perSourceTimeoutMs: times(plan.perSourceTimeoutMs),
    policies: everyPolicy(plan, (policy) => ({ ...policy, timeoutMs: times(policy.timeoutMs) })),
    ...more
  }
}

function without(plan: FallbackPlan, names: readonly SourceName[]): FallbackPlan {
  return {
    ...plan,
    tiers: plan.tiers.map((tier) => ({
      ...tier,
      sources: tier.sources.filter((source) => !names.includes(source))
    }))
  }
}

function oneAtATime(plan: FallbackPlan): FallbackPlan {
  return { ...plan, tiers: plan.tiers.map((tier) => ({ ...tier, parallel: 1 })) }
}
