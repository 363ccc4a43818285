/**
 * The run bar with a fake main process: it shows the newest state of main, its button sends the request, and
 * a refusal is shown as a sentence.
 */
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import { beforeEach, expect, it } from 'vitest'
import type { AppView, RunView } from '../../src/contract/views'
import { app } from '../../src/renderer/state/app.svelte'
import { toasts } from '../../src/renderer/state/toasts.svelte'
import RunBar from '../../src/renderer/views/RunBar.svelte'

const RUN: RunView = {
  phase: 'running',
  because: null,
  counts: { all: 1_207, waiting: 1_000, active: 4, attention: 3, done: 200, ignored: 0 },
  bytesPerSecond: 1_250_000,
  recentSpeeds: [0, 1_250_000],
  limit: null,
  secondsLeft: 360,
  progress: 0.17,
  revision: 1
}
const APP = { trouble: null, firstStart: false, remembered: {} } as unknown as AppView

/** Recorded requests, and the answers of main. */
const asked: string[] = []
const listeners = new Map<string, Set<(payload: unknown) => void>>()
let answerTo: (name: string) => unknown = () => null

const group = (name: string): unknown =>
  new Proxy(
    {},
    {
      get: (_, verb) => () => {
        asked.push(`${name}.${String(verb)}`)
        return Promise.resolve(answerTo(`${name}.${String(verb)}`))
      }
    }
  )
const ok = (value: unknown): unknown => ({ ok: true, value })
function tell(name: string, payload: unknown): void {
  for (const listener of listeners.get(name) ?? []) listener(payload)
}

beforeEach(async () => {
  asked.length = 0
  Object.defineProperty(window, 'sheaf', {
    configurable: true,
    value: {
      version: '0',
      app: group('app'),
      run: group('run'),
      on(name: string, listener: (payload: unknown) => void) {
        const all = listeners.get(name) ?? new Set()
        listeners.set(name, all.add(listener))
        return () => all.delete(listener)
      }
    }
  })
  answerTo = (name) => ok(name === 'app.state' ? APP : RUN)
  await app.begin()
})

it('shows what Sheaf is doing in words and figures', () => {
  render(RunBar)
  expect(screen.getByRole('status').textContent).toContain('Running')
  expect(screen.getByRole('status').textContent).toContain('about 6 min left')
  expect(screen.getByRole('button', { name: /1,000\s*waiting/ })).toBeTruthy()
  expect(screen.getByRole('button', { name: /3\s*need attention/ })).toBeTruthy()
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('17')
})

it('follows events of main, and shows why it stopped', async () => {
  render(RunBar)
  tell('run', { ...RUN, phase: 'offline', because: 'There is no network.', revision: 2 })
  await waitFor(() => {
    expect(screen.getByRole('status').textContent).toContain('There is no network.')
  })
})

it('pauses and resumes', async () => {
  render(RunBar)
  answerTo = () => ok({ ...RUN, phase: 'paused', because: 'You paused it.' })
  await fireEvent.click(screen.getByRole('button', { name: 'Pause' }))
  const resume = await screen.findByRole('button', { name: 'Resume' })
  answerTo = () => ok(RUN)
  await fireEvent.click(resume)
  await screen.findByRole('button', { name: 'Pause' })
  expect(asked.filter((name) => name.startsWith('run.')).slice(-2)).toEqual(['run.pause', 'run.start'])
})

it('shows a refusal', async () => {
  render(RunBar)
  answerTo = () => ({
    ok: false,
    error: { code: 'DISK_FULL', message: 'The disk is full.', hint: 'Free some space.' }
  })
  await fireEvent.click(screen.getByRole('button', { name: 'Pause' }))
  await waitFor(() => {
    expect(toasts.list.at(-1)).toMatchObject({ text: 'The disk is full.', hint: 'Free some space.' })
  })
  expect(screen.getByRole('button', { name: 'Pause' })).toBeTruthy()
})
