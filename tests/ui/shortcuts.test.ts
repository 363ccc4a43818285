/** The keys of the whole app: where they lead, and when they do nothing. */
import { fireEvent, render } from '@testing-library/svelte'
import { createRawSnippet } from 'svelte'
import { expect, it, onTestFinished } from 'vitest'
import Dialog from '../../src/renderer/views/Dialog.svelte'
import { route } from '../../src/renderer/state/route.svelte'
import { onShortcuts } from '../../src/renderer/state/shortcuts'
import { fakeMain } from './fake-main'

const ctrl = (key: string): Promise<boolean> => fireEvent.keyDown(window, { key, ctrlKey: true })

it('opens a screen, but not behind an open dialog', async () => {
  fakeMain({ 'app.remember': () => null })
  onTestFinished(onShortcuts())
  await ctrl('2')
  expect(route.screen).toBe('library')
  const children = createRawSnippet(() => ({ render: () => '<p>Sure?</p>' }))
  const { unmount } = render(Dialog, { title: 'Sure?', onclose: () => undefined, children })
  // The key is handled nevertheless, since the window's menu has it too.
  expect(await ctrl('3')).toBe(false)
  expect(route.screen).toBe('library')
  unmount()
  await ctrl('3')
  expect(route.screen).toBe('recover')
})

it('opens a screen from the palette, which closes', async () => {
  fakeMain({ 'app.remember': () => null })
  onTestFinished(onShortcuts())
  route.setPalette(true)
  const children = createRawSnippet(() => ({ render: () => '<p>Anything</p>' }))
  render(Dialog, { title: 'Command palette', onclose: () => undefined, children })
  await ctrl('4')
  expect([route.screen, route.palette]).toEqual(['insights', false])
})

it('keeps typed text until the field of the palette has the focus', async () => {
  fakeMain({ 'app.remember': () => null })
  onTestFinished(onShortcuts())
  route.setPalette(false)
  await ctrl('k')
  for (const key of ['s', 'x', 'Backspace', 'e']) await fireEvent.keyDown(document.body, { key })
  const field = document.createElement('input')
  document.body.append(field)
  onTestFinished(() => {
    field.remove()
  })
  const typed: string[] = []
  field.addEventListener('input', () => typed.push(field.value))
  field.focus()
  expect(typed).toEqual(['se'])
  // From here on the field gets its keys itself.
  expect(await fireEvent.keyDown(field, { key: 't' })).toBe(true)
  expect(field.value).toBe('se')
})
