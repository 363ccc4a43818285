/** The two lists of events, names and payloads, are one: the compiler looks (`npm run check`). */
import { expect, expectTypeOf, test } from 'vitest'
import { EVENT_NAMES, type EventName } from '../../../src/contract/event-names'
import type { Events } from '../../../src/contract/events'

test('every event has a payload, no payload is without its event, and each is named once', () => {
  expectTypeOf<keyof Events>().toEqualTypeOf<EventName>()
  expect(new Set(EVENT_NAMES).size).toBe(EVENT_NAMES.length)
})
