/** What `sheaf rollout` and `sheaf status` say of a measure that missed its target by a little. */
import { expect, test } from 'vitest'
import { sayFinding } from '../../../src/main/cli/commands/rollout'
import { figureInWords } from '../../../src/main/cli/wording'
import { measuresOf } from '../../../src/main/insights/measures'

const NONE = { secondsToComplete: [], leaseWaitsMs: [], performed: 0, replayed: 0 }

test.each([
  [995, 5, '99.5 %', 'met'],
  [994, 6, '99.4 %', 'missed'],
  [9_949, 51, '99.4 %', 'missed'],
  [9_946, 54, '99.4 %', 'missed']
])('%d done and %d failed', (done, failed, words, status) => {
  const endings = { done, failed, noOpenCopy: 0, duplicates: 0, cancelled: 0 }
  const [completion] = measuresOf({ ...NONE, endings, recoveries: { well: 1, badly: 0 } })
  expect(completion).toMatchObject({ name: 'job_completion', target: 0.995, status })
  expect(figureInWords(completion?.value ?? 0, 'ratio')).toBe(words)
})

test('a missed measure is never said to be its target', () => {
  const finding = { kind: 'measure_missed', measure: 'crash_recovery', value: 0.9987, target: 0.999 } as const
  expect(sayFinding(finding)).toBe('crash recovery is 99.8 %; 99.9 % is wanted.')
})
