/** Alerts and the rollout steps of the switch on the Insights screen, with a fake main process. */
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import { expect, it, vi } from 'vitest'
import type { AlertView, CanaryGroup, InsightsView, RolloutView } from '../../src/contract/insights-views'
import { InsightsState } from '../../src/renderer/state/insights.svelte'
import { route } from '../../src/renderer/state/route.svelte'
import Alerts from '../../src/renderer/views/insights/Alerts.svelte'
import Rollout from '../../src/renderer/views/insights/Rollout.svelte'
import { fakeMain } from './fake-main'

const group = (name: CanaryGroup['group']): CanaryGroup => ({
  group: name,
  works: 30,
  completed: 28,
  completion: 0.93,
  bytesFetchedTwice: 0,
  recoveries: 0,
  medianSeconds: 4
})
const HALF: RolloutView = {
  now: { position: 'canary', percent: 50 },
  next: { position: 'on', percent: 100 },
  back: { position: 'canary', percent: 10 },
  verdict: 'no_go',
  because: [{ kind: 'measure_missed', measure: 'job_completion', value: 0.93, target: 0.995 }],
  groups: [group('crash_safe'), group('legacy')]
}
const BACK: RolloutView = { ...HALF, now: { position: 'canary', percent: 10 }, verdict: 'go', because: [] }

it('asks before a step that the figures advise against, and goes back with one click', async () => {
  const main = fakeMain({ 'insights.rollout': () => HALF, 'insights.setRollout': () => BACK })
  render(Rollout, { revision: 1 })
  const said = await screen.findByText(/Papers completed: 93 %, 99.5 % is wanted/)
  expect(said.textContent).toContain('50 % of the papers')

  await fireEvent.click(screen.getByRole('button', { name: 'Go on to all papers' }))
  expect(main.inputsOf('insights.setRollout')).toEqual([])
  await fireEvent.click(screen.getByRole('button', { name: 'Go on' }))
  await waitFor(() => {
    expect(main.inputsOf('insights.setRollout')).toEqual([{ from: 50, to: 'next', force: true }])
  })
})

it('goes back without a question', async () => {
  const main = fakeMain({ 'insights.rollout': () => HALF, 'insights.setRollout': () => BACK })
  render(Rollout, { revision: 1 })
  await fireEvent.click(await screen.findByRole('button', { name: 'Back to 10 % of the papers' }))
  expect(main.inputsOf('insights.setRollout')).toEqual([{ from: 50, to: 'back', force: false }])
  await screen.findByText('Crash-safe: 10 % of the papers.')
})

it('an alert shows its figure, its target and since when, and links to its papers', async () => {
  const alert: AlertView = {
    name: 'job_completion',
    level: 'critical',
    value: 0.93,
    target: 0.995,
    unit: 'ratio',
    since: Date.now() / 1000 - 60,
    measure: null,
    behind: { group: 'attention', reasons: ['LOGIN_REQUIRED'] }
  }
  const wait: AlertView = {
    ...alert,
    name: 'lease_wait_p99',
    value: 104,
    target: 100,
    unit: 'ms',
    since: null,
    behind: null
  }
  render(Alerts, { alerts: [alert, wait] })
  expect(screen.getByText(/^93 %, target ≥ 99.5 %, since /)).toBeDefined()
  expect(screen.getByText('104 ms, target < 100 ms')).toBeDefined()
  const [show, ...others] = screen.getAllByRole('button', { name: /^Show papers/ })
  expect(others).toEqual([])
  await fireEvent.click(show!)
  expect(route.screen).toBe('queue')
})

it('figures counted before the last change are requested again until they are current', async () => {
  vi.useFakeTimers()
  try {
    const views = [true, true, false].map((isStale, revision) => ({ isStale, revision }) as InsightsView)
    const main = fakeMain({ 'insights.get': () => views.shift()! })
    const state = new InsightsState()
    const stop = state.follow()
    await state.ask(7)
    expect(state.view?.revision).toBe(0)
    await vi.advanceTimersByTimeAsync(20_000)
    expect(state.view).toEqual({ isStale: false, revision: 2 })
    expect(main.inputsOf('insights.get')).toHaveLength(3)
    stop()
  } finally {
    vi.useRealTimers()
  }
})
