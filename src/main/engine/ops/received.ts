/** What one exchange of a download brought. Types only. */
import { type AnewReason } from '../../../contract/words'
import type { NetAnswer } from '../../net/net'

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
