/** The sources' interface to batched look-ups. `pass.ts` sends the queries, the engine stores the parts. */
import type { LookupPart, LookupService } from '../../../contract/lookups'
import type { Work } from '../../../contract/work'

export { LOOKUP_SERVICES, type LookupPart, type LookupService } from '../../../contract/lookups'

/** What a source may request before it queries the service itself. */
export interface Lookups {
  /**
   * Waits for a batch with this work. Null: no batch answered for it, so the source queries the service
   * itself.
   */
  part(service: LookupService, work: Work, signal: AbortSignal): Promise<LookupPart | null>
}
