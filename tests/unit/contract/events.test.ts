/** The list of event names and the list of payloads match; the compiler checks it (`npm run check`). */
import { expect, expectTypeOf, test } from 'vitest'
import { EVENT_NAMES, type EventName } from '../../../src/contract/event-names'
import type { Events } from '../../../src/contract/events'

test('every event has a payload, every payload an event, and each name occurs once', () => {
  expectTypeOf<keyof Events>().toEqualTypeOf<EventName>()
  expect(new Set(EVENT_NAMES).size).toBe(EVENT_NAMES.length)
})
