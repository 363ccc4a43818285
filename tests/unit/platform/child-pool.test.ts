/** Which processes a pool starts, and what it sends them. */
import { expect, test } from 'vitest'
import { makeChildPool } from '../../../src/main/platform/child-pool'
import type { Job } from '../../../src/main/platform/child-messages'
import type { Report } from '../../../src/main/platform/child-report'
import type { StartChild } from '../../../src/main/platform/child-process'
import { testHost } from '../../kit/test-host'

interface Started {
  readonly asked: Job[]
  isHeld: boolean
  say(report: Report): void
}

function world(): { readonly started: Started[]; readonly startChild: StartChild } {
  const started: Started[] = []
  return {
    started,
    startChild: () => {
      let hear: (message: unknown) => void = () => undefined
      const child: Started = {
        asked: [],
        isHeld: true,
        say: (report) => {
          hear(report)
        }
      }
      started.push(child)
      return {
        pid: started.length,
        post: (message) => child.asked.push(message as Job),
        onMessage: (listener) => {
          hear = listener
        },
        onGone: () => undefined,
        kill: () => undefined,
        hold: (isHeld) => {
          child.isHeld = isHeld
        }
      }
    }
  }
}

const answer = (child: Started, value: unknown): void => {
  child.say({ type: 'answer', id: child.asked.at(-1)?.id ?? -1, value, residentBytes: 1 })
}

test('a prepared process takes the first question, and does not keep the parent alive until then', async () => {
  const { started, startChild } = world()
  const host = testHost()
  const pool = makeChildPool({ clock: host.clock, log: host.log, startChild }, 'reader.js')
  pool.prepare('prepare')
  pool.prepare('prepare')
  expect(started).toHaveLength(1)
  expect(started[0]?.asked.map(({ kind }) => kind)).toEqual(['prepare'])
  expect(started[0]?.isHeld).toBe(false)
  const asked = pool.ask('pdf', 'a', new AbortController().signal)
  await Promise.resolve()
  await Promise.resolve()
  expect(started).toHaveLength(1)
  expect(started[0]?.isHeld).toBe(true)
  // The end of the preparation does not answer the question that came before it.
  started[0]?.say({ type: 'answer', id: started[0].asked[0]?.id ?? -1, value: 'prepared', residentBytes: 1 })
  answer(started[0]!, 'read')
  expect(await asked).toEqual({ kind: 'answer', value: 'read' })
  pool.close()
  pool.prepare('prepare')
  expect(started).toHaveLength(1)
})
