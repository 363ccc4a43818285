/** Edits of the chain of sources, each returning a whole new plan. Pure. */
import type { FallbackPlan, SourcePolicy } from '../../../contract/settings'
import type { SourceName, Tier } from '../../../contract/words'

/** Replaces the sources of one tier. */
export function withTier(plan: FallbackPlan, tier: Tier, sources: readonly SourceName[]): FallbackPlan {
  return {
    ...plan,
    tiers: plan.tiers.map((one) => (one.name === tier ? { ...one, sources: [...sources] } : one))
  }
}

export function withParallel(plan: FallbackPlan, tier: Tier, parallel: number): FallbackPlan {
  return { ...plan, tiers: plan.tiers.map((one) => (one.name === tier ? { ...one, parallel } : one)) }
}

export function withPolicy(
  plan: FallbackPlan,
  source: SourceName,
  part: Partial<SourcePolicy>
): FallbackPlan {
  return { ...plan, policies: { ...plan.policies, [source]: { ...plan.policies[source], ...part } } }
}

/**
 * Moves a source up or down by one; past the edge of its tier into the next. null when there is no further
 * place.
 */
export function moved(plan: FallbackPlan, source: SourceName, by: -1 | 1): FallbackPlan | null {
  const at = plan.tiers.findIndex((tier) => tier.sources.includes(source))
  const tier = plan.tiers[at]
  if (tier === undefined) return null
  const from = tier.sources.indexOf(source)
  const rest = tier.sources.filter((one) => one !== source)
  const to = from + by
  if (to >= 0 && to < tier.sources.length)
    return withTier(plan, tier.name, [...rest.slice(0, to), source, ...rest.slice(to)])
  const beside = plan.tiers[at + by]
  if (beside === undefined) return null
  const joined = by === -1 ? [...beside.sources, source] : [source, ...beside.sources]
  return withTier(withTier(plan, tier.name, rest), beside.name, joined)
}
