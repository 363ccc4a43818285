/** What the user's plan allows while the setting `network.offline` is on. Pure. */
import type { FallbackPlan } from '../../contract/settings'

type OfflineMode = FallbackPlan['offlineBehavior']

/** Null: online, or the plan does not restrict work offline. */
export function offlineMode(isOffline: boolean, plan: FallbackPlan): OfflineMode {
  return isOffline ? plan.offlineBehavior : null
}

/** Sources may name files; from the cache, although none is requested. */
export function mayPropose(mode: OfflineMode): boolean {
  return mode === null || mode === 'cache_only'
}

/** No service may be queried. */
export function isSilent(mode: OfflineMode): boolean {
  return mode === 'block_all' || mode === 'cache_only'
}
