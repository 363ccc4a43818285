/**
 * The door of `sources`: what one work may be fetched from, asked tier by tier. A source answers
 * with candidates or says why it has none; it never fetches the paper itself. `askTier` applies the
 * budgets, policies and gates of docs/design.md §8 to the sources of one tier.
 */
import type { FallbackPlan } from '../../contract/settings'
import type { AttemptFacts, Candidate, Identifiers, OaLocation, Work, WorkFacts } from '../../contract/work'
import type { Format, SourceName, Tier } from '../../contract/words'
import type { Clock, Random } from '../platform/host'
import type { Net, CookieJar } from '../net/net'
import type { KeyName } from '../../contract/keys'
import type { SourceQuery } from './source-query'
import type { LookupPart, LookupService, Lookups } from './lookups/lookups'
import type { PageReader } from './page-reader'

export interface Question {
  readonly work: Work
  readonly formats: readonly Format[]
  readonly tier: Tier
  /** landing pages that earlier tiers learned of */
  readonly landingPages: readonly OaLocation[]
  /** file URLs that were tried and gave nothing: Wayback looks for captures of these too */
  readonly failedUrls: readonly string[]
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly retries: number
  readonly robots: boolean
  readonly maxRateWaitMs: number
  /** no other source of the tier is left: its turn is waited for */
  readonly isLast: boolean
  readonly cookies: CookieJar
  /** what a batch answered for this source about this work; null: the source asks the service itself */
  readonly part: LookupPart | null
  /** OpenAlex told of this work before: Unpaywall has the same data and is not asked for it again */
  readonly openAlexKnows: boolean
  /** the contact address; '' when none is set */
  readonly mailto: string
}

export interface SourceServices {
  readonly net: Net
  readonly clock: Clock
  /** spreads retries over time; absent in tests that want them even */
  readonly random?: Random
  /** reads pages in a process of its own; absent in tests that read theirs here */
  readonly pages?: PageReader
  /** contact address for the APIs that want one; '' when none was given */
  readonly mailto: string
  /** keys of services; absent: there are none */
  readonly keys?: (name: KeyName) => string | null
}

/** One strategy. Every file in this folder has the same parts in the same order. */
export interface Source {
  readonly name: SourceName
  /** the service whose batches answer for this source */
  readonly lookup?: LookupService
  /** the key without which it is not asked */
  readonly key?: KeyName
  /** A sentence why this work cannot be asked for here, or null when it can. */
  cannot(work: Work, question: Question): string | null
  /** Asks through the interview and leaves there what it finds; may be cut off at any await. */
  ask(question: Question, sourceQuery: SourceQuery): Promise<void>
}

/** What is left of a work's budget; shared by all tiers of one walk. */
export interface Budget {
  /** monotonic milliseconds */
  readonly endsAtMs: number
  attemptsLeft: number
  /** told of time spent waiting for a host's turn, which is not counted */
  readonly waited?: (ms: number) => void
  /** called when a request begins and ends to wait for its turn: meanwhile the work burdens nothing */
  readonly queued?: (isQueued: boolean) => void
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
