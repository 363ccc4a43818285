/** The one set of callbacks: what happens when it changes while it is being called. */
import { expect, test } from 'vitest'
import { Listeners } from '../../../src/main/platform/listeners'

test('all are called with the arguments, until they are removed', () => {
  const listeners = new Listeners<[name: string, count: number]>()
  const heard: string[] = []
  const stop = listeners.add((name, count) => heard.push(`${name} ${String(count)}`))
  listeners.add((name) => heard.push(name))
  listeners.call('a', 1)
  stop()
  expect(listeners.size).toBe(1)
  listeners.call('b', 2)
  expect(heard).toEqual(['a 1', 'a', 'b'])
})

test('one that removes itself and is added again is called once', () => {
  const listeners = new Listeners()
  let calls = 0
  const wait = (): void => {
    const stop = listeners.add(() => {
      calls += 1
      stop()
      wait()
    })
  }
  wait()
  listeners.call()
  expect(calls).toBe(1)
})

test('one that another removes meanwhile is not called any more', () => {
  const listeners = new Listeners()
  const heard: string[] = []
  const stops: (() => void)[] = []
  listeners.add(() => {
    heard.push('first')
    for (const stop of stops) stop()
  })
  stops.push(listeners.add(() => heard.push('second')))
  listeners.call()
  expect(heard).toEqual(['first'])
})
