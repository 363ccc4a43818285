/** “Try it without a network”: the sample library in the app, beside the user's own library. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SAMPLE_WORKS } from '../../../src/main/demo/sample-works'
import { openSessionWorld } from '../../kit/session-world'
import { waitFor } from '../../kit/wait-for'

test('the sample is downloaded from this computer, and the user’s library is unchanged', async () => {
  const at = await openSessionWorld(null, { settings: { 'safety.switch': 'off', 'network.workers': 7 } })
  const before = readFileSync(join(at.dataDir, 'settings.json'), 'utf8')
  at.session.machine.network(false)
  const own = at.session.view()

  await at.session.sample.enter()
  expect(at.session.view()).toMatchObject({ workspace: 'sample', switch: 'on', trouble: null })
  expect(at.events.app.at(-1)?.workspace).toBe('sample')
  const withoutCopy = SAMPLE_WORKS.filter((work) => work.copies.length === 0).length
  await waitFor(
    'every sample is at an end',
    () => {
      const { all, done, attention } = at.session.run.view().counts
      return all === SAMPLE_WORKS.length && done === all - withoutCopy && attention === withoutCopy
    },
    45_000
  )
  expect(at.session.library.folder).toBe(join(at.dataDir, 'sample', 'library'))
  expect(existsSync(join(at.session.library.folder, 'papers'))).toBe(true)

  await at.session.sample.leave()
  expect(at.session.view()).toEqual(own)
  expect(at.session.run.view().counts.all).toBe(0)
  expect(readFileSync(join(at.dataDir, 'settings.json'), 'utf8')).toBe(before)

  // While the app runs, the sample keeps its state.
  await at.session.sample.enter()
  expect(at.session.run.view().counts.all).toBe(SAMPLE_WORKS.length)
}, 60_000)
