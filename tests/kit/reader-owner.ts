/**
 * A process that owns a reader process, for the test that kills it. Prints the reader's process id at once,
 * or when the reader has answered and is idle. Never ends by itself.
 */
import { makeChildPool } from '../../src/main/platform/child-pool'
import { forkChild, type StartChild } from '../../src/main/platform/child-process'
import { nodeClock } from '../../src/main/platform/node-host'
import { makeLog } from '../../src/main/platform/log'

const [modulePath = '', when = 'idle', path = ''] = process.argv.slice(2)

let pid: number | undefined
const startChild: StartChild = (...how) => {
  const port = forkChild(...how)
  pid = port.pid
  if (when === 'starting') process.send?.(pid)
  return port
}
const log = makeLog(
  () => undefined,
  'error',
  () => 0
)
const pool = makeChildPool({ clock: nodeClock, log, startChild }, modulePath)
void pool.ask('text', { path, mostPages: 1, mostChars: 1 }, new AbortController().signal).then(() => {
  if (when === 'idle') process.send?.(pid)
})
setInterval(() => undefined, 60_000)
