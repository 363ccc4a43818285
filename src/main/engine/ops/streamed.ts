/** The results of a download: of one exchange, and of the whole op. */
import type { Provenance } from '../../../contract/work'
import { type AnewReason } from '../../../contract/words'
import type { NetAnswer } from '../../net/net'

export interface Streamed {
  readonly url: string
  readonly sha256: string
  readonly bytes: number
  /** what this attempt received, and what it did not have to */
  readonly fetchedBytes: number
  readonly resumedFrom: number
  /** bytes on disk that had to be thrown away and fetched again */
  readonly fetchedTwice: number
  /** why they had to be */
  readonly anewBecause: AnewReason | null
  /** proves the version of the file at `url`, for others who find the same address */
  readonly validator: string | null
  readonly provenance: Provenance
}

/** The outcome of one exchange's worth of bytes. */
export interface Received {
  readonly sha256: string
  readonly bytes: number
  readonly fetchedBytes: number
  readonly resumedFrom: number
  readonly answer: NetAnswer | null
  /** why what lay on disk was not continued */
  readonly anewBecause?: AnewReason
}
