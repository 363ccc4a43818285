/**
 * The components of the screens: what they show for their props, found by role and name, and which callbacks
 * they call.
 */
import { fireEvent, render, screen } from '@testing-library/svelte'
import { describe, expect, it, vi } from 'vitest'
import Chip from '../../src/renderer/components/Chip.svelte'
import Progress from '../../src/renderer/components/Progress.svelte'
import SearchField from '../../src/renderer/components/SearchField.svelte'
import Segmented from '../../src/renderer/components/Segmented.svelte'
import Switch from '../../src/renderer/components/Switch.svelte'
import DrawerHandle from '../../src/renderer/views/queue/DrawerHandle.svelte'
import Outline from '../../src/renderer/views/reader/Outline.svelte'
import type { OutlineEntry } from '../../src/renderer/views/reader/pdf/outline'

describe('a search field', () => {
  it('reports every letter, and Enter', async () => {
    const oninput = vi.fn()
    const onenter = vi.fn()
    render(SearchField, { value: '', label: 'Search the library', oninput, onenter })
    const field = screen.getByRole('searchbox', { name: 'Search the library' })
    await fireEvent.input(field, { target: { value: 'lichens' } })
    await fireEvent.keyDown(field, { key: 'Enter' })
    expect(oninput).toHaveBeenLastCalledWith('lichens')
    expect(onenter).toHaveBeenCalledOnce()
  })

  it('is emptied by Escape and left by a second one; neither closes a dialog', async () => {
    const oninput = vi.fn()
    const outside = vi.fn()
    document.body.addEventListener('keydown', outside)
    render(SearchField, { value: 'moss', label: 'Search', oninput })
    const field = screen.getByRole('searchbox')
    field.focus()
    await fireEvent.keyDown(field, { key: 'Escape' })
    expect(oninput).toHaveBeenLastCalledWith('')
    expect(document.activeElement).toBe(field)
    await fireEvent.keyDown(field, { key: 'Escape' })
    expect(document.activeElement).not.toBe(field)
    expect(outside).not.toHaveBeenCalled()
    document.body.removeEventListener('keydown', outside)
  })

  it('has a clear button only when it has text', async () => {
    render(SearchField, { value: '', label: 'Search' })
    expect(screen.queryByRole('button', { name: 'Empty the search' })).toBeNull()
    const field = screen.getByRole<HTMLInputElement>('searchbox')
    await fireEvent.input(field, { target: { value: 'a' } })
    await fireEvent.click(screen.getByRole('button', { name: 'Empty the search' }))
    expect(field.value).toBe('')
  })
})

describe('a progress bar', () => {
  const bar = (): HTMLElement => screen.getByRole('progressbar', { name: 'Overall progress' })

  it.each([
    [0, '0'],
    [0.419, '41'],
    [1, '100'],
    [1.3, '100'],
    [-1, '0']
  ])('%s is announced as %s', (value, said) => {
    render(Progress, { value, label: 'Overall progress' })
    expect(bar().getAttribute('aria-valuenow')).toBe(said)
  })

  it('shows no number when the end is not known', () => {
    render(Progress, { value: null, label: 'Overall progress' })
    expect(bar().hasAttribute('aria-valuenow')).toBe(false)
  })
})

describe('a chip', () => {
  it('shows its count and whether it is on', async () => {
    const onclick = vi.fn()
    render(Chip, { label: 'Waiting', count: 12_345, on: true, onclick })
    const chip = screen.getByRole('button', { name: 'Waiting 12,345' })
    expect(chip.getAttribute('aria-pressed')).toBe('true')
    await fireEvent.click(chip)
    expect(onclick).toHaveBeenCalledOnce()
  })
})

describe('a segmented control', () => {
  it('is a group of radio buttons and reports the chosen one', async () => {
    const onchange = vi.fn()
    const options = [
      { value: 'off', label: 'Off' },
      { value: 'on', label: 'On' }
    ]
    render(Segmented, { label: 'Crash safety', value: 'off', options, onchange })
    expect(screen.getByRole('radiogroup', { name: 'Crash safety' })).toBeTruthy()
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Off' }).checked).toBe(true)
    await fireEvent.click(screen.getByRole('radio', { name: 'On' }))
    expect(onchange).toHaveBeenCalledExactlyOnceWith('on')
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'On' }).checked).toBe(true)
  })
})

describe('a switch', () => {
  it('reports the other position, and does nothing while disabled', async () => {
    const onchange = vi.fn()
    const { rerender } = render(Switch, { label: 'Keep awake', checked: false, onchange })
    const knob = screen.getByRole('switch', { name: 'Keep awake' })
    expect(knob.getAttribute('aria-checked')).toBe('false')
    await fireEvent.click(knob)
    expect(onchange).toHaveBeenCalledExactlyOnceWith(true)
    await rerender({ label: 'Keep awake', checked: true, disabled: true, onchange })
    expect(knob.getAttribute('aria-checked')).toBe('true')
    expect((knob as HTMLButtonElement).disabled).toBe(true)
  })
})

describe('the handle of a drawer', () => {
  const show = () => {
    const onwidth = vi.fn()
    render(DrawerHandle, { width: 420, least: 340, most: 820, onwidth })
    const handle = screen.getByRole('separator')
    handle.setPointerCapture = vi.fn()
    return { handle, onwidth }
  }

  it('takes the focus, and arrow keys resize', async () => {
    const { handle, onwidth } = show()
    expect(handle.tabIndex).toBe(0)
    await fireEvent.keyDown(handle, { key: 'ArrowLeft' })
    await fireEvent.keyDown(handle, { key: 'ArrowRight' })
    await fireEvent.keyDown(handle, { key: 'ArrowUp' })
    expect(onwidth.mock.calls).toEqual([[444], [396]])
  })

  it('follows the pointer until it is released', async () => {
    const { handle, onwidth } = show()
    await fireEvent.pointerMove(handle, { clientX: 60 })
    await fireEvent.pointerDown(handle, { button: 0, clientX: 100 })
    await fireEvent.pointerMove(handle, { clientX: 70 })
    await fireEvent(handle, new Event('lostpointercapture'))
    await fireEvent.pointerMove(handle, { clientX: 40 })
    expect(onwidth.mock.calls).toEqual([[450]])
  })
})

it('an outline is followed by a click on an entry, and collapsed by a click on its arrow', async () => {
  const entry = (id: string, below: readonly OutlineEntry[] = []): OutlineEntry => ({
    id,
    title: `Part ${id}`,
    level: id.split('.').length,
    dest: null,
    url: null,
    open: true,
    below
  })
  const onfollow = vi.fn<(entry: OutlineEntry) => void>()
  render(Outline, { entries: [entry('0', [entry('0.0')]), entry('1')], onfollow })
  await fireEvent.click(screen.getByText('Part 0.0'))
  expect(onfollow.mock.calls.map(([followed]) => followed.id)).toEqual(['0.0'])
  expect(document.activeElement).toBe(screen.getByRole('tree'))
  const first = screen.getByRole('treeitem', { name: 'Part 0' })
  await fireEvent.click(first.querySelector('.turn') ?? first)
  expect(screen.queryByText('Part 0.0')).toBeNull()
  expect(onfollow).toHaveBeenCalledOnce()
})
