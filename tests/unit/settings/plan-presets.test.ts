/** The presets of the plan of sources, as DocsToKG's guide describes them. */
import { describe, expect, test } from 'vitest'
import { fallbackPlanSchema } from '../../../src/contract/settings'
import { PLAN_PRESETS, withPreset } from '../../../src/main/settings/plan-presets'

const plan = fallbackPlanSchema.parse({})
const sourcesOf = (one: typeof plan): readonly string[] => one.tiers.flatMap((tier) => tier.sources)

describe('a preset', () => {
  test('fast: a minute, two at once, no archive, half the time for each source', () => {
    const fast = withPreset(plan, 'fast')
    expect(fast).toMatchObject({ totalTimeoutMs: 60_000, maxConcurrent: 2, perSourceTimeoutMs: 5_000 })
    expect(fast.policies.arxiv.timeoutMs).toBe(4_000)
    expect(sourcesOf(plan).filter((name) => !sourcesOf(fast).includes(name))).toEqual(['wayback'])
  })
  test('reliable: three minutes, thirty attempts, sources one after the other', () => {
    const reliable = withPreset(plan, 'reliable')
    expect(reliable).toMatchObject({ totalTimeoutMs: 180_000, totalAttempts: 30, perSourceTimeoutMs: 15_000 })
    expect(new Set(reliable.tiers.map((tier) => tier.parallel))).toEqual(new Set([1]))
  })
  test('light: half a minute, one at a time, no landing pages', () => {
    const light = withPreset(plan, 'light')
    expect(light).toMatchObject({ totalTimeoutMs: 30_000, maxConcurrent: 1 })
    expect(sourcesOf(light)).not.toContain('landing_scrape')
  })
  test('low-bandwidth: fewer attempts, no archive, robots.txt obeyed everywhere', () => {
    const low = withPreset(plan, 'low-bandwidth')
    expect(low.totalAttempts).toBe(10)
    expect(sourcesOf(low)).not.toContain('wayback')
    expect(Object.values(low.policies).every((policy) => policy.robots)).toBe(true)
  })
  test.each(PLAN_PRESETS)('%s keeps a plan at its bounds valid', (preset) => {
    for (const extreme of [
      { totalTimeoutMs: 1_000, totalAttempts: 1, maxConcurrent: 1, perSourceTimeoutMs: 100 },
      { totalTimeoutMs: 3_600_000, totalAttempts: 1_000, maxConcurrent: 32, perSourceTimeoutMs: 600_000 }
    ])
      expect(() => withPreset(fallbackPlanSchema.parse(extreme), preset)).not.toThrow()
  })
})
