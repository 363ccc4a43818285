/** Input and answers of the thread that reads a reference file. */
import { fail } from '../../contract/errors'
import { isObject, textIn } from '../../contract/unknown-values'
import type { WorkDraft } from '../../contract/work'
import { type Problem } from '../works/works'

export interface ReadingTask {
  readonly bytes: Uint8Array
  readonly name: string
}

export function readingTaskOf(value: unknown): ReadingTask {
  const bytes = isObject(value) ? value['bytes'] : null
  const name = isObject(value) ? textIn(value, 'name') : null
  return bytes instanceof Uint8Array && name !== null
    ? { bytes, name }
    : fail('BROKEN_INVARIANT', 'The thread that reads references was not given a file.')
}

/** The thread's answer in pieces; `end` with the last one. */
export interface ReadPiece {
  readonly drafts: readonly WorkDraft[]
  readonly problems: readonly Problem[]
  readonly repeats: readonly WorkDraft[]
  readonly end: { readonly repeated: number } | null
}
