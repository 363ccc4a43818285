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
  /** says for which work an answer is read in this process; absent in tests that need no mark */
  readonly mark?: ReadingMark
  /** contact address for the APIs that want one; '' when none was given */
  readonly mailto: string
  /** keys of services; absent: there are none */
  readonly keys?: (name: KeyName) => string | null
  /** dollars a day that paid copies may cost; absent: none */
  readonly paidBudgetUsd?: () => number
}

/** What is left of a work's budget; shared by all tiers of one job. */
export interface Budget {
  /** monotonic milliseconds */
  readonly endsAtMs: number
  attemptsLeft: number
  /** told of time spent waiting for a host's turn, which is not counted */
  readonly waited?: (ms: number) => void
  /** called when a request begins and ends to wait for its turn: meanwhile the work burdens nothing */
  readonly queued?: (isQueued: boolean) => void
}
