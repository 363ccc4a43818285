/** The sources' side of batched look-ups: who answers for a batch. `pass.ts` asks, the engine keeps the parts. */
import type { LookupPart, LookupService } from '../../../contract/lookups'
import type { Work } from '../../../contract/work'

export { LOOKUP_SERVICES, type LookupPart, type LookupService } from '../../../contract/lookups'

/** What a source may ask for before it asks the service itself. */
export interface Lookups {
  /** Waits for a batch that holds this work. Null: no batch answered for it, so the source asks alone. */
  part(service: LookupService, work: Work, signal: AbortSignal): Promise<LookupPart | null>
}
