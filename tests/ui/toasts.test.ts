/** An error without a next step is one line: no empty line stands below it. */
import { expect, test } from 'vitest'
import { toasts } from '../../src/renderer/state/toasts.svelte'

test('an empty hint is none', () => {
  const place = Symbol('test')
  const end = toasts.addPlace(place)
  toasts.warn('The file is not there.', '')
  toasts.warn('The disk is full.', 'Free some space.')
  toasts.done('Copied')
  expect(toasts.at(place).map(({ tone, text, hint }) => [tone, text, hint])).toEqual([
    ['attention', 'The file is not there.', null],
    ['attention', 'The disk is full.', 'Free some space.'],
    ['good', 'Copied', null]
  ])
  end()
})
