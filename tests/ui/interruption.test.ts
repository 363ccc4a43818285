/** The banner after an interruption: sentences made of the facts that main sends. */
import { describe, expect, test } from 'vitest'
import type { InterruptionView } from '../../src/contract/recover-views'
import { interruptionInWords } from '../../src/renderer/text/recover'

const at = new Date(2026, 4, 3, 14, 3).getTime() / 1000
const part = (bytes: number, totalBytes: number | null) => ({ jobId: 'a', title: null, bytes, totalBytes })
const none: InterruptionView = { wasInterrupted: true, at, leases: 0, downloads: [], damage: null }
const say = (facts: Partial<InterruptionView>, now = at + 60): string =>
  interruptionInWords({ ...none, ...facts }, now)

describe('an interruption in words', () => {
  test.each<[Partial<InterruptionView>, string]>([
    [{}, 'Interrupted at 14:03.'],
    [{ leases: 1 }, 'Interrupted at 14:03. 1 download resumed.'],
    [
      { leases: 3, downloads: [part(64, 100), part(12, 100)] },
      'Interrupted at 14:03. 3 downloads resumed; 2 downloads continue at 64 % and 12 %.'
    ],
    [{ downloads: [part(2_500_000, null)] }, 'Interrupted at 14:03. 1 download continues at 2.5 MB.'],
    [
      { downloads: [part(9, 10), part(8, 10), part(7, 10), part(1, 10)] },
      'Interrupted at 14:03. 4 downloads continue, the first at 90 %.'
    ],
    [{ at: null }, 'Sheaf was interrupted.'],
    [{ damage: 'A journal is damaged.' }, 'Interrupted at 14:03. A journal is damaged.'],
    [{ wasInterrupted: false, at: null, damage: 'A journal is damaged.' }, 'A journal is damaged.']
  ])('%j', (facts, expected) => {
    expect(say(facts)).toBe(expected)
  })

  test('another day is named, another year with it', () => {
    expect(say({}, at + 86_400)).toBe('Interrupted on 3 May at 14:03.')
    expect(say({}, at + 400 * 86_400)).toBe('Interrupted on 3 May 2026 at 14:03.')
  })
})
