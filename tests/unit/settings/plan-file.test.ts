import { describe, expect, it } from 'vitest'
import { fallbackPlanSchema } from '../../../src/contract/settings'
import { parsePlan } from '../../../src/main/settings/plan-file'
import { applyPlanPatch } from '../../../src/main/settings/plan-patch'

const DOCSTOKG = `
budgets:
  total_timeout_ms: 120_000 # 2 minutes
  total_attempts: 20
  max_concurrent: 3
  per_source_timeout_ms: 10_000
tiers:
  - name: direct_oa
    parallel: 2
    sources: [unpaywall_pdf, arxiv_pdf]
  - name: archive
    parallel: 1
    sources:
      - wayback_pdf
policies:
  unpaywall_pdf: {timeout_ms: 6_000, retries_max: 1, robots_respect: false}
gates:
  skip_if_breaker_open: true
  offline_behavior: metadata_only
  skip_if_rate_wait_exceeds_ms: 7_000
thresholds:
  retryable_statuses: [429]
metadata: {version: "1.0"}
`

const plan = (text: string): ReturnType<typeof parsePlan> => parsePlan(text, 'plan.yaml')

describe('a plan file', () => {
  it('may have the form that DocsToKG writes', () => {
    const { patch, notes } = plan(DOCSTOKG)
    expect(patch).toEqual({
      totalTimeoutMs: 120_000,
      totalAttempts: 20,
      maxConcurrent: 3,
      perSourceTimeoutMs: 10_000,
      maxRateWaitMs: 7_000,
      offlineBehavior: 'metadata_only',
      tiers: [
        { name: 'direct_oa', parallel: 2, sources: ['unpaywall', 'arxiv'] },
        { name: 'archive', parallel: 1, sources: ['wayback'] }
      ],
      policies: { unpaywall: { timeoutMs: 6_000, retries: 1, robots: false } }
    })
    expect(notes.map((note) => note.path)).toEqual(['thresholds'])
    expect(fallbackPlanSchema.parse(applyPlanPatch(fallbackPlanSchema.parse({}), patch))).toBeTruthy()
  })

  it("may have Sheaf's own form, in part", () => {
    const { patch } = plan('totalAttempts: 5\npolicies:\n  wayback: {enabled: false, timeoutMs: 900}\n')
    const whole = applyPlanPatch(fallbackPlanSchema.parse({}), patch)
    expect(whole.totalAttempts).toBe(5)
    expect(whole.policies.wayback).toEqual({ enabled: false, timeoutMs: 900, retries: 1, robots: false })
    expect(whole.policies.arxiv.retries).toBe(3)
    expect(whole.tiers).toHaveLength(4)
  })

  it('changes nothing when it is empty', () => {
    expect(plan('# nothing yet\n').patch).toEqual({})
  })

  it.each([
    [
      'budgets:\n  total_attempts: none\n',
      'plan.yaml, line 2: budgets.total_attempts is "none"; it must be a whole number'
    ],
    [
      'budgets:\n  totally: 1\n',
      'plan.yaml, line 2: budgets.totally is not known; allowed are total_timeout_ms'
    ],
    ['badgets: {}\n', 'plan.yaml, line 1: badgets is not known; allowed are budgets'],
    [
      'tiers:\n  - name: direct\n    parallel: 1\n    sources: [arxiv]\n',
      'line 2: tiers.0.name is "direct"; it must be one of direct_oa'
    ],
    ['tiers:\n  - name: archive\n    sources: [wayback, google]\n', 'line 3: tiers.0.sources.1 is "google"'],
    ['tiers:\n  - name: archive\n', 'tiers.0 lacks its sources'],
    ['policies:\n  bing: {}\n', 'line 2: policies.bing is not a source; allowed are unpaywall'],
    [
      'policies:\n  arxiv: {timeout_ms: 1}\n',
      'line 2: policies.arxiv.timeout_ms is 1; it must be a whole number from 100'
    ],
    ['gates: {offline_behavior: sometimes}\n', 'one of metadata_only, block_all, cache_only'],
    ['budgets: 3\n', 'it must be a group of keys'],
    ['- a\n- b\n', 'it must be a group of keys'],
    ['tiers: [\n', 'plan.yaml, line']
  ])('%j is refused with its place and what is allowed', (text, sentence) => {
    expect(() => plan(text)).toThrow(sentence)
  })

  it('reports every mistake at once', () => {
    try {
      plan('budgets: {total_attempts: 0}\ntiers: 5\n')
      expect.unreachable()
    } catch (error) {
      expect(String(error)).toContain('total_attempts')
      expect(String(error)).toContain('tiers')
    }
  })
})
