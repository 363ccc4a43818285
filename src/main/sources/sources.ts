/**
 * The public API of `sources`: where one work may be fetched from, queried tier by tier. A source returns
 * candidates or the reason why it has none; it never fetches the paper itself. `askTier` applies the budgets,
 * policies and gates of docs/design.md §8 to the sources of one tier.
 */
import type { FallbackPlan } from '../../contract/settings'
import type { AttemptFacts, Candidate, Identifiers, OaLocation, Work, WorkFacts } from '../../contract/work'
import type { Format, SourceName, Tier } from '../../contract/words'
import type { CookieJar } from '../net/net'
import type { KeyName } from '../../contract/keys'
import type { SourceQuery } from './source-query'
import type { LookupService, Lookups } from './lookups/lookups'
import type { Question, Budget } from './question'
export type { Question, SourceServices, Budget } from './question'

/** One strategy. Every file in this folder has the same parts in the same order. */
export interface Source {
  readonly name: SourceName
  /** it opens pages about the work, not only the interfaces of services */
  readonly opensPages?: true
  /** the service whose batches answer for this source */
  readonly lookup?: LookupService
  /** the key without which it is not asked */
  readonly key?: KeyName
  /** what one of its files costs, in dollars; asked only within a budget that the user set */
  readonly priceUsd?: number
  /** A sentence why this work cannot be asked for here, or null when it can. */
  cannot(work: Work, question: Question): string | null
  /** Sends its requests through `sourceQuery` and adds candidates to it; may be cut off at any await. */
  ask(question: Question, sourceQuery: SourceQuery): Promise<void>
}

export interface TierAnswer {
  readonly tier: Tier
  /** in the order in which they should be tried */
  readonly candidates: readonly Candidate[]
  readonly learned: { readonly ids: Identifiers; readonly facts: WorkFacts }
  readonly landingPages: readonly OaLocation[]
  readonly attempts: readonly AttemptFacts[]
  /** true when a source failed in a way that may pass (so "nothing found" is not final) */
  readonly retryable: boolean
  /** epoch seconds: the earliest instant at which asking again makes sense, when a server said so */
  readonly retryAt: number | null
  /** sources of the tier that were asked now or earlier, in order */
  readonly asked: readonly SourceName[]
  /** every source of the tier was asked */
  readonly isWhole: boolean
}

export interface TierQuestion {
  readonly work: Work
  readonly formats: readonly Format[]
  readonly tier: Tier
  readonly plan: FallbackPlan
  readonly budget: Budget
  readonly landingPages: readonly OaLocation[]
  readonly failedUrls: readonly string[]
  readonly signal: AbortSignal
  readonly cookies: CookieJar
  /** answers of batches; absent: every source asks by itself */
  readonly lookups?: Lookups
  /** sources of the tier that were asked before: what they named did not open */
  readonly after?: readonly SourceName[]
  /** asks every source of the tier, also when an earlier one named a file (previews) */
  readonly exhaustive?: boolean
  /** no network, or the user works offline: only then the plan's offline behaviour applies */
  readonly isOffline?: boolean
}

export interface Sources {
  /**
   * Asks the sources of one tier one after another until one names a file; the next begins early when the
   * former has not answered within two seconds. Never throws but when aborted.
   */
  askTier(question: TierQuestion): Promise<TierAnswer>
}
