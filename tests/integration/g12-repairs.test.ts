/** Every byte of a file that came over the wire is counted as fetched, those of its head too. */
import { expect, onTestFinished, test } from 'vitest'
import { openWorld } from '../kit/sheaf-world'
import { startWorld } from '../web/scholarly'

test('bytes fetched are those that the server sent, from the first one on', async () => {
  const { web, world } = await startWorld([{ key: 'alpha', copies: [{ via: 'unpaywall' }] }])
  onTestFinished(() => web.close())
  const sheaf = await openWorld(web)
  await sheaf.run(['10.5555/alpha'])
  const sent = web.bytesSent(world.fileUrl('alpha'))
  const streams = sheaf.linesOf('op').filter((line) => line.op_type === 'STREAM')
  expect(streams.map((line) => line.bytes)).toEqual([sent])
})
