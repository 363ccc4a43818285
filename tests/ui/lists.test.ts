/** The chosen list applies to what screens request, is remembered, and is dropped when it is gone. */
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import { beforeEach, expect, it, vi } from 'vitest'
import type { ListView } from '../../src/contract/list-views'
import { lists } from '../../src/renderer/state/lists.svelte'
import { remembered } from '../../src/renderer/state/remembered.svelte'
import ListChooser from '../../src/renderer/views/ListChooser.svelte'
import RunBar from '../../src/renderer/views/RunBar.svelte'
import { app } from '../../src/renderer/state/app.svelte'
import { QueueState } from '../../src/renderer/views/queue/queue-state.svelte'
import { LibraryList } from '../../src/renderer/views/library/library-list.svelte'
import { fakeMain, type FakeMain } from './fake-main'

let there: readonly ListView[]
let main: FakeMain

beforeEach(() => {
  there = [
    { name: 'All papers', papers: 2 },
    { name: 'My review', papers: 12 }
  ]
  main = fakeMain({
    'lists.all': () => there,
    'app.remember': () => null,
    'run.state': () =>
      ({
        phase: 'idle',
        because: null,
        counts: { all: 9, waiting: 0, active: 0, attention: 3, done: 6, ignored: 0 },
        bytesPerSecond: 0,
        recentSpeeds: [],
        limit: null,
        secondsLeft: null,
        progress: null,
        revision: 1
      }) as const,
    'app.state': () => ({ trouble: null, remembered: {}, workspace: 'own' }) as never
  })
  remembered.prime({})
})

it("is chosen once, beside a list of any name, and used in every screen's requests", async () => {
  render(ListChooser)
  await fireEvent.click(await screen.findByRole('button', { name: 'List shown: All papers' }))
  expect(
    screen.getAllByRole('menuitem').map((item) => item.textContent.replace(/[\u2066-\u2069\s]+/g, ' ').trim())
  ).toEqual(['All papers', 'All papers (2)', 'My review (12)'])
  await fireEvent.click(screen.getByRole('menuitem', { name: /My review/ }))
  await screen.findByRole('button', { name: 'List shown: My review' })
  expect(new QueueState().query).toEqual({ group: 'all', list: 'My review' })
  expect(new LibraryList().query).toEqual({ list: 'My review' })
  await vi.waitFor(() => {
    expect(main.inputsOf('app.remember')).toContainEqual({ key: 'list.own', value: 'My review' })
  })
})

it('applies as remembered from the first request, until main has no such list any more', async () => {
  remembered.prime({ 'list.own': 'Gone' })
  expect(new QueueState().query).toMatchObject({ list: 'Gone' })
  render(ListChooser)
  await screen.findByRole('button', { name: 'List shown: All papers' })
  expect(lists.part).toEqual({})
  there = [...there, { name: 'Gone', papers: 1 }]
  main.tell('lists', { revision: 2 })
  await screen.findByRole('button', { name: 'List shown: Gone' })
})

it('does not apply to a figure of the run, which counts all papers', async () => {
  await app.begin()
  remembered.prime({ 'list.own': 'My review' })
  render(RunBar)
  await fireEvent.click(await screen.findByRole('button', { name: /need attention$/ }))
  await waitFor(() => {
    expect(lists.chosen).toBeNull()
  })
})
