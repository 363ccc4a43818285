/** Sentences made of facts: every kind of finding has its own. */
import { expect, test } from 'vitest'
import { FINDING_KINDS, type FindingView } from '../../src/contract/recover-views'
import { findingSentence } from '../../src/renderer/text/recover'

const found = (over: Partial<FindingView>): FindingView => ({
  kind: 'requeued',
  id: 'x',
  title: null,
  jobId: null,
  opKind: null,
  recovery: null,
  ...over
})

test('each kind of finding has its own sentence; an unfinished op shows how it was settled', () => {
  const sentences = FINDING_KINDS.map((kind) => findingSentence(found({ kind })))
  for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/)
  expect(new Set(sentences).size).toBe(FINDING_KINDS.length)
  const op = { kind: 'abandoned_ops', opKind: 'STREAM' } as const
  expect(findingSentence(found({ ...op, recovery: 'continued' }))).toBe(
    'The download was unfinished; it went on from the bytes on disk.'
  )
  expect(findingSentence(found({ ...op, recovery: 'of a later version' }))).toBe(
    'The download was unfinished. Sheaf checks its result before doing it again.'
  )
})
