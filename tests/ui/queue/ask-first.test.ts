/** The confirmation dialog: it is closed first, then the confirmed action runs. */
import { fireEvent, render, screen } from '@testing-library/svelte'
import { expect, it, vi } from 'vitest'
import AskFirst from '../../../src/renderer/views/AskFirst.svelte'

it('runs the confirmed action although closing removes its props', async () => {
  const cancel = vi.fn()
  const another = vi.fn()
  const { rerender } = render(AskFirst, {
    title: 'Cancel this download?',
    text: 'It stops now.',
    yes: 'Cancel the download',
    onyes: cancel,
    // As in a caller that spreads a value which changes when the dialog closes.
    onclose: () => void rerender({ onyes: another })
  })
  await fireEvent.click(screen.getByRole('button', { name: 'Cancel the download', hidden: true }))
  expect(cancel).toHaveBeenCalledOnce()
  expect(another).not.toHaveBeenCalled()
})

it('does nothing when it is cancelled', async () => {
  const cancel = vi.fn()
  const onclose = vi.fn()
  render(AskFirst, { title: 'Cancel?', text: '', yes: 'Cancel the download', onyes: cancel, onclose })
  await fireEvent.click(screen.getByRole('button', { name: 'Keep it', hidden: true }))
  expect(onclose).toHaveBeenCalledOnce()
  expect(cancel).not.toHaveBeenCalled()
})
