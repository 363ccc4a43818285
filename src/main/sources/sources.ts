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

/** One source of candidates. Each source exports one such object (`all-sources.ts`). */
export interface Source {
  readonly name: SourceName
  /** it opens pages about the work, not only the APIs of services */
  readonly opensPages?: true
  /** the service whose batches answer for this source */
  readonly lookup?: LookupService
  /** the key without which it is not queried */
  readonly key?: KeyName
  /** the price of one of its files, in dollars; queried only within a budget that the user set */
  readonly priceUsd?: number
  /** A sentence why this source cannot be queried for this work, or null when it can. */
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
  /** true when a source failed in a way that may be temporary (so "nothing found" is not final) */
  readonly retryable: boolean
  /** epoch seconds: the earliest useful time for another query, when a server named one */
  readonly retryAt: number | null
  /** sources of the tier that were queried now or earlier, in order */
  readonly asked: readonly SourceName[]
  /** every source of the tier was queried */
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
  /** answers of batches; absent: every source sends its own queries */
  readonly lookups?: Lookups
  /** sources of the tier that were queried before: the files they named could not be opened */
  readonly after?: readonly SourceName[]
  /** queries every source of the tier, also when an earlier one named a file (previews) */
  readonly exhaustive?: boolean
  /** no network, or the user works offline: only then the plan's offline behaviour applies */
  readonly isOffline?: boolean
}

export interface Sources {
  /**
   * Queries the sources of one tier one after another until one names a file; the next begins early when the
   * previous one has not answered within two seconds. Throws only when aborted.
   */
  askTier(question: TierQuestion): Promise<TierAnswer>
}
