/** Runs before a utility process's own module: gives it `process.parentPort`, as Electron does. */
'use strict'
const { EventEmitter } = require('node:events')
const { isMainThread } = require('node:worker_threads')

if (isMainThread) {
  const port = new EventEmitter()
  // As in Electron, messages wait until the module listens. Source: lib/utility/init.ts, 'newListener'.
  port.once('newListener', () => {
    setImmediate(() => process.on('message', (data) => port.emit('message', { data, ports: [] })))
  })
  const end = () => process.kill(process.pid, 'SIGKILL')
  process.on('disconnect', end)
  if (!process.connected) end()
  const parentPort = Object.assign(port, {
    /** @param {unknown} message */
    postMessage: (message) => process.send?.(message, undefined, undefined, () => undefined)
  })
  Object.assign(process, { parentPort })
}
