/** Helpers shared by the tests of the reference formats. */
import { expect } from 'vitest'
import type { WorkDraft } from '../../../src/contract/work'
import { readReferences, type ReferenceFormat, type References } from '../../../src/main/works/works'

/** The file name gives the format unless one is passed. Also checks that no line was dropped. */
export function read(text: string | Uint8Array, name: string, format?: ReferenceFormat): References {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  const got = readReferences(bytes, name, format)
  const { entries, drafts, repeated, refused } = got.counts
  expect(drafts + repeated + refused).toBe(entries)
  expect(got.drafts).toHaveLength(drafts)
  expect(got.problems.filter(({ planned }) => !planned)).toHaveLength(refused)
  for (const problem of got.problems) expect(problem.text.length).toBeLessThanOrEqual(200)
  return got
}

/** The one draft of a file without problems; the fields kept for an export are tested elsewhere. */
export function only(text: string, name: string): WorkDraft {
  const { drafts, problems } = read(text, name)
  expect(problems).toEqual([])
  expect(drafts).toHaveLength(1)
  const draft = { ...drafts[0]! }
  delete draft.reference
  delete draft.key
  return draft
}

export function lines({ problems }: References): string[] {
  return problems.map(({ line, code, planned }) => `${line} ${code}${planned ? ' (planned)' : ''}`)
}
