/** Sentences made of facts: every kind of finding has its own. */
import { expect, test, vi } from 'vitest'
import type { HostLimits, HostUse } from '../../src/contract/insights-views'
import { FINDING_KINDS, type FindingView } from '../../src/contract/recover-views'
import { reasonOf } from '../../src/renderer/text/handoff'
import { hostState } from '../../src/renderer/text/insights'
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

const NO_LIMITS: HostLimits = {
  perSecond: 1,
  waiting: 0,
  restUntil: null,
  breakerUntil: null,
  closed: null,
  budget: null,
  dayUsed: null,
  dayCap: null,
  capAt: null
}
const NO_USE: HostUse = {
  asked: 0,
  answered: 0,
  refused: 0,
  failed: 0,
  bytes: 0,
  purposes: { api: 0, landing: 0, file: 0 },
  latencyMs: null,
  lastRefusal: null,
  firstAt: 0,
  lastAt: 0
}

test('a reason that this version does not know is shown as it is', () => {
  expect(reasonOf('OF_A_LATER_VERSION')).toEqual({
    sentence: 'OF_A_LATER_VERSION.',
    hint: 'Retry it, or attach the file.'
  })
  expect(reasonOf(null)).toEqual({ sentence: '', hint: '' })
})

test('a time of day has 24 hours on every screen, whatever the language of the system', () => {
  const until = new Date('2026-05-03T15:04:00').getTime() / 1000
  const limits = { ...NO_LIMITS, restUntil: until }
  const toLocal = vi.spyOn(Date.prototype, 'toLocaleTimeString').mockReturnValue('03:04 PM')
  expect(hostState({ host: 'example.org', service: null, limits, use: NO_USE }).words).toBe(
    'Asked us to wait until 15:04'
  )
  toLocal.mockRestore()
})
