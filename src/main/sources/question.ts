/** The question to a source, its services, and the work's remaining budget. */
import type { OaLocation, Work } from '../../contract/work'
import type { Format, Tier } from '../../contract/words'
import type { Clock, Random } from '../platform/host'
import type { ReadingMark } from '../platform/reading-mark'
import type { Net, CookieJar } from '../net/net'
import type { KeyName } from '../../contract/keys'
import type { LookupPart } from './lookups/lookups'
import type { PageReader } from './page-reader'

export interface Question {
  readonly work: Work
  readonly formats: readonly Format[]
  readonly tier: Tier
  /** landing pages that earlier tiers found */
  readonly landingPages: readonly OaLocation[]
  /** file URLs that were tried without success: Wayback looks for captures of these too */
  readonly failedUrls: readonly string[]
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly retries: number
  readonly robots: boolean
  readonly maxRateWaitMs: number
  /** no other source of the tier is left: the query waits for its turn */
  readonly isLast: boolean
  readonly cookies: CookieJar
  /** a batch's answer for this source about this work; null: the source queries the service itself */
  readonly part: LookupPart | null
  /** OpenAlex already returned a record of this work: Unpaywall has the same data and is not queried again */
  readonly openAlexKnows: boolean
  /** the contact address; '' when none is set */
  readonly mailto: string
}

export interface SourceServices {
  readonly net: Net
  readonly clock: Clock
  /** spreads retries over time; absent in tests that need deterministic ones */
  readonly random?: Random
  /** parses pages in a child process; absent in tests that parse theirs in this process */
  readonly pages?: PageReader
  /** marks the work whose answer is read in this process; absent in tests that need no mark */
  readonly mark?: ReadingMark
  /** contact address for the APIs that require one; '' when none was given */
  readonly mailto: string
  /** keys of services; absent: none */
  readonly keys?: (name: KeyName) => string | null
  /** dollars a day that paid copies may cost; absent: none */
  readonly paidBudgetUsd?: () => number
}

/** The rest of a work's budget; shared by all tiers of one job execution. */
export interface Budget {
  /** monotonic milliseconds */
  readonly endsAtMs: number
  attemptsLeft: number
  /** reports time spent waiting for a host's turn, which is not counted */
  readonly waited?: (ms: number) => void
  /** called when a request begins and ends to wait for its turn: meanwhile the work causes no load */
  readonly queued?: (isQueued: boolean) => void
}
