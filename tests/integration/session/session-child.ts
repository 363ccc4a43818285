/** A session in a separate process, to be killed: opens, plans the given works, and keeps running. */
import { makeLog } from '../../../src/main/platform/log'
import { nodeHost } from '../../../src/main/platform/node-host'
import { openSession } from '../../../src/main/session/open-session'

const [dataDir = '', standardLibraryDir = '', ...dois] = process.argv.slice(2)
const log = makeLog(
  () => undefined,
  'error',
  () => Date.now() / 1000
)
const host = { ...nodeHost(log), env: {} }
const session = await openSession(host, {
  dataDir,
  standardLibraryDir,
  version: '0.0.0-test',
  platform: 'linux'
})
await session.run.plan(
  dois.map((doi) => ({ ids: { doi }, facts: {} })),
  new AbortController().signal
)
process.stdout.write('planned\n')
setInterval(() => undefined, 1_000)
