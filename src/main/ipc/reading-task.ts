/** What the thread that reads a reference file is given, and what it answers. */
import type { WorkDraft } from '../../contract/work'
import { type Problem } from '../works/works'

export interface ReadingTask {
  readonly bytes: Uint8Array
  readonly name: string
}

/** What the thread says, piece by piece; `end` with the last one. */
export interface ReadPiece {
  readonly drafts: readonly WorkDraft[]
  readonly problems: readonly Problem[]
  readonly repeats: readonly WorkDraft[]
  readonly end: { readonly repeated: number } | null
}
