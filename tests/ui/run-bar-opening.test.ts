/** The run bar before main reports a run, while a large ledger is being opened. */
import { render, screen } from '@testing-library/svelte'
import { expect, it } from 'vitest'
import RunBar from '../../src/renderer/views/RunBar.svelte'
import { fakeMain } from './fake-main'

it('shows that the library is being opened, and no number before it is known', () => {
  fakeMain({})
  render(RunBar)
  expect(screen.getByRole('status').textContent).toBe('Opening your library…')
  expect(screen.queryAllByRole('button')).toEqual([])
})
