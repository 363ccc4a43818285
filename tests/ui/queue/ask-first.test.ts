/** A question before something is stopped or taken away: it is closed first, then what was agreed to is done. */
import { fireEvent, render, screen } from '@testing-library/svelte'
import { expect, it, vi } from 'vitest'
import AskFirst from '../../../src/renderer/views/queue/AskFirst.svelte'

it('does what was agreed to, though closing takes away what it was given', async () => {
  const cancel = vi.fn()
  const another = vi.fn()
  const { rerender } = render(AskFirst, {
    title: 'Cancel this download?',
    text: 'It stops now.',
    yes: 'Cancel the download',
    onyes: cancel,
    // As a caller does that spreads a value which is another one when the dialog closes.
    onclose: () => void rerender({ onyes: another })
  })
  await fireEvent.click(screen.getByRole('button', { name: 'Cancel the download', hidden: true }))
  expect(cancel).toHaveBeenCalledOnce()
  expect(another).not.toHaveBeenCalled()
})

it('does nothing when it is kept', async () => {
  const cancel = vi.fn()
  const onclose = vi.fn()
  render(AskFirst, { title: 'Cancel?', text: '', yes: 'Cancel the download', onyes: cancel, onclose })
  await fireEvent.click(screen.getByRole('button', { name: 'Keep it', hidden: true }))
  expect(onclose).toHaveBeenCalledOnce()
  expect(cancel).not.toHaveBeenCalled()
})
