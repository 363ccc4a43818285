/** A controller that aborts with another signal. */
import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { endedWith, OVER } from '../../../src/main/platform/ended-with'

test("it aborts with the signal, for the signal's reason", () => {
  const outer = new AbortController()
  const { controller } = endedWith(outer.signal)
  const reason = new Error('stopped')
  outer.abort(reason)
  expect(controller.signal.reason).toBe(reason)
})

test('an aborted signal aborts it at once', () => {
  const reason = new Error('stopped')
  expect(endedWith(AbortSignal.abort(reason)).controller.signal.reason).toBe(reason)
})

test('it aborts alone, and leaves the signal as it was', () => {
  const outer = new AbortController()
  const { controller, free } = endedWith(outer.signal)
  free()
  controller.abort(OVER)
  expect(outer.signal.aborted).toBe(false)
  expect(getEventListeners(outer.signal, 'abort')).toHaveLength(0)
})
