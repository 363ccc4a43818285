/** Shared by the parts of one Sheaf. `sheaf.ts` creates and closes all of it. */
import type { Engine } from './engine/engine'
import type { NetState } from './engine/keep-net-state'
import type { LibraryCare } from './engine/library-care'
import type { TaskTracker } from './engine/task-tracker'
import type { Ledger } from './ledger/ledger'
import type { Host } from './platform/host'
import type { SheafReader } from './sheaf-reading'
import type { LibraryInUse } from './sheaf-library'

export interface SheafParts {
  readonly host: Host
  readonly ledger: Ledger
  readonly engine: Engine
  readonly netState: NetState
  readonly care: LibraryCare
  /** long tasks; closing waits for them */
  readonly working: TaskTracker
  /** aborts when Sheaf closes */
  readonly closing: AbortSignal
  readonly libraryInUse: LibraryInUse
  /** owners of leases that a dead process left */
  readonly deadOwners: ReadonlySet<string>
}

/** The members of a part that change something: `sheaf-reading.ts` implements the others. */
export type Own<Part> = Omit<Part, keyof SheafReader>

/** Throws LIBRARY_MISSING before work that needs the library's folder. */
export async function withLibrary<T>(
  { care, engine }: Pick<SheafParts, 'care' | 'engine'>,
  use: () => Promise<T>
): Promise<T> {
  await care.assertPresent(engine.library)
  return use()
}
