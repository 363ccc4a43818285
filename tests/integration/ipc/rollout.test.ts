/** The gradual rollout of the switch in Insights: half of the papers, all, back; nothing is fetched again. */
import { onTestFinished, expect, test } from 'vitest'
import { waitFor } from '../../kit/wait-for'
import { plainWorks } from '../../web/works'
import { startWorld } from '../../web/scholarly'
import { openIpcWorld } from './ipc-world'

const DOIS = Array.from({ length: 12 }, (_, n) => `10.5555/w${n + 1}`)

test('one step forward and one back, each with its figures; existing papers are unchanged', async () => {
  const { web } = await startWorld(plainWorks(12))
  onTestFinished(() => web.close())
  const world = await openIpcWorld(web, {
    settings: { 'safety.switch': 'canary', 'safety.canaryPercent': 50 }
  })
  await world.session.run.begun
  await world.plan(DOIS)
  await waitFor('all are downloaded', () => world.session.run.view().counts.done === 12, 60_000)
  const files = (): number => web.requests.filter(({ url }) => url.endsWith('.pdf')).length
  expect(files()).toBe(12)

  const half = await world.ask('insights.rollout', {})
  const [safe, plain] = half.groups
  expect(half).toMatchObject({
    now: { position: 'canary', percent: 50 },
    back: { position: 'canary', percent: 10 },
    next: { position: 'on', percent: 100 },
    verdict: 'wait',
    because: [{ kind: 'few_works', works: safe?.works, needed: 20 }]
  })
  expect(safe?.works).toBeGreaterThan(0)
  expect(plain?.works).toBeGreaterThan(0)
  expect((safe?.works ?? 0) + (plain?.works ?? 0)).toBe(12)

  const on = await world.ask('insights.setRollout', { from: 50, to: 'next', force: false })
  expect(on).toMatchObject({ now: { position: 'on' }, next: null, verdict: 'complete' })
  expect(world.session.settings.loaded().settings['safety.switch']).toBe('on')
  await world.plan(DOIS)
  await waitFor('nothing is left to do', () => {
    const { phase, counts } = world.session.run.view()
    return phase === 'idle' && counts.waiting + counts.active === 0
  })
  // A second click on the same button has no effect.
  expect(await world.ask('insights.setRollout', { from: 50, to: 'next', force: false })).toMatchObject({
    now: { position: 'on' }
  })

  const back = await world.ask('insights.setRollout', { from: 100, to: 'back', force: false })
  expect(back.now).toEqual({ position: 'canary', percent: 50 })
  await world.plan(DOIS)
  await waitFor('nothing is left to do', () => {
    const { phase, counts } = world.session.run.view()
    return phase === 'idle' && counts.waiting + counts.active === 0
  })
  expect(files(), 'each file was fetched once').toBe(12)
}, 90_000)

test('a step is refused when the figures speak against it, and alerts link to the papers', async () => {
  const { web } = await startWorld([
    ...plainWorks(2),
    { key: 'shut', copies: [{ via: 'unpaywall', misbehave: { kind: 'html-login' } }] },
    { key: 'lost', copies: [] }
  ])
  onTestFinished(() => web.close())
  const world = await openIpcWorld(web, {
    settings: { 'safety.switch': 'canary', 'safety.canaryPercent': 99 }
  })
  await world.session.run.begun
  expect((await world.ask('insights.get', { days: 7 })).alerts).toEqual([])
  await world.plan(['10.5555/w1', '10.5555/w2', '10.5555/shut', '10.5555/lost'])
  await waitFor(
    'all have ended',
    () => {
      const { done, attention } = world.session.run.view().counts
      return done + attention === 4
    },
    60_000
  )

  // Counts from before the run are returned as stale until they are refreshed.
  const fresh = async () => {
    const view = await world.ask('insights.get', { days: 7 })
    return view.isStale ? null : view
  }
  await waitFor('the figures are fresh', async () => (await fresh()) !== null, 20_000)
  const { alerts } = await world.ask('insights.get', { days: 7 })
  const completion = alerts.find(({ name }) => name === 'job_completion')
  expect(completion).toMatchObject({ level: 'critical', unit: 'ratio', target: 0.995 })
  expect(completion?.since).toBeGreaterThan(0)
  const behind = completion?.behind
  const rows = await world.ask('jobs.list', {
    query: { group: behind?.group ?? 'all', reasons: [...(behind?.reasons ?? [])] },
    sort: 'added',
    direction: 'up',
    offset: 0,
    limit: 10
  })
  // A paper without an open copy does not count as a failed download.
  expect(rows.rows.map(({ workId }) => workId)).toEqual(['doi:10.5555/shut'])

  const view = await world.ask('insights.rollout', {})
  expect(view).toMatchObject({
    verdict: 'no_go',
    because: [{ kind: 'measure_missed', measure: 'job_completion' }]
  })
  const step = { from: view.now.percent, to: 'next' as const }
  expect(await world.refusal('insights.setRollout', { ...step, force: false })).toMatchObject({
    code: 'TRANSITION_REFUSED'
  })
  expect(await world.ask('insights.setRollout', { ...step, force: true })).toMatchObject({
    now: { position: 'on' }
  })
}, 90_000)
