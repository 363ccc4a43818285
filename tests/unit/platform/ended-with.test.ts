/** A controller that ends with a signal of someone else. */
import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { endedWith, OVER } from '../../../src/main/platform/ended-with'

test('it ends with the signal, for the signal’s reason', () => {
  const outer = new AbortController()
  const { controller } = endedWith(outer.signal)
  const reason = new Error('stopped')
  outer.abort(reason)
  expect(controller.signal.reason).toBe(reason)
})

test('a signal that has ended ends it at once', () => {
  const reason = new Error('stopped')
  expect(endedWith(AbortSignal.abort(reason)).controller.signal.reason).toBe(reason)
})

test('it ends alone, and leaves the signal as it was', () => {
  const outer = new AbortController()
  const { controller, free } = endedWith(outer.signal)
  free()
  controller.abort(OVER)
  expect(outer.signal.aborted).toBe(false)
  expect(getEventListeners(outer.signal, 'abort')).toHaveLength(0)
})
