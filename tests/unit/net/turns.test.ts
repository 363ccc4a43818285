/** Which requests could start if more were allowed at a time. */
import { expect, test } from 'vitest'
import { SETTINGS } from '../../../src/contract/settings'
import { Rates } from '../../../src/main/net/rate'
import { Turns, type Turn } from '../../../src/main/net/turns'
import { FakeClock } from './fake-clock'

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('hosts that wait only for a place in their lane are ready; those that wait for their rate are not', async () => {
  const clock = new FakeClock()
  const perSecond = SETTINGS['network.rates'].default
  const rates = new Rates({ perSecond, maxRestSeconds: 900, hasContact: true, clock, kept: {} })
  const lanes = { lookUps: 4, pages: 4, files: 2 }
  const turns = new Turns({ clock, rates, maxPerHost: 2, lanes: () => lanes })
  const held: Turn[] = []
  const ask = (host: string, lane: 'files' | 'pages' = 'files'): void => {
    const signal = new AbortController().signal
    const allowance = rates.allowanceOf(new URL(`https://${host}/x.pdf`))
    void turns.take(allowance, { lane, signal, maxWaitMs: null }).then((turn) => held.push(turn))
  }
  // Both places of the lane are taken; the second request to each host would wait for its rate.
  for (const host of ['a.example', 'b.example', 'a.example', 'b.example']) ask(host)
  await settled()
  expect(held).toHaveLength(2)
  expect(turns.readyIn('files')).toBe(0)
  for (const host of ['c.example', 'c.example', 'd.example']) ask(host)
  expect(turns.readyIn('files')).toBe(2)
  expect(turns.readyIn('pages')).toBe(0)
  for (const turn of held.splice(0)) turn.release()
  await settled()
  // The freed places went to the two that were ready.
  expect(held).toHaveLength(2)
  expect(turns.readyIn('files')).toBe(0)
  turns.close()
})
