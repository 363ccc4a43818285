/** Work that waits for a pause in typing ends with the component that began it. */
import { fireEvent, render, screen } from '@testing-library/svelte'
import { expect, it, vi } from 'vitest'
import FindBar from '../../src/renderer/views/reader/FindBar.svelte'
import type { Reading } from '../../src/renderer/views/reader/reading.svelte'

it('a find bar that was closed while typing does not search', async () => {
  const search = vi.fn()
  // Only what the bar reads and calls.
  const reading = { find: { state: 'none', current: 0, total: 0 }, search } as unknown as Reading
  vi.useFakeTimers()
  const { unmount } = render(FindBar, { reading, text: '', onclose: () => undefined })
  await fireEvent.input(screen.getByRole('textbox'), { target: { value: 'carbon' } })
  unmount()
  vi.advanceTimersByTime(1_000)
  vi.useRealTimers()
  expect(search).not.toHaveBeenCalled()
})
