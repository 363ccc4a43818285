/** What one exchange of a download received. Types only. */
import { type RestartReason } from '../../../contract/words'
import type { NetAnswer } from '../../net/net'

/** The result of one exchange. */
export interface Received {
  readonly sha256: string
  readonly bytes: number
  readonly fetchedBytes: number
  readonly resumedFrom: number
  readonly answer: NetAnswer | null
  /** why the part on disk was not continued */
  readonly restartReason?: RestartReason
}
