/** Every byte received for a file counts as fetched, including those of its head. */
import { expect, onTestFinished, test } from 'vitest'
import { openWorld } from '../kit/sheaf-world'
import { startWorld } from '../web/scholarly'

test('bytes_fetched equals the bytes that the server sent, from the first one on', async () => {
  const { web, world } = await startWorld([{ key: 'alpha', copies: [{ via: 'unpaywall' }] }])
  onTestFinished(() => web.close())
  const sheaf = await openWorld(web)
  await sheaf.run(['10.5555/alpha'])
  const sent = web.bytesSent(world.fileUrl('alpha'))
  const streams = sheaf.linesOf('op').filter((line) => line.op_type === 'STREAM')
  expect(streams.map((line) => line.bytes)).toEqual([sent])
})
