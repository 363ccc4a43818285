/**
 * `utilityProcess.fork`: a Node process whose `process.parentPort` uses Node's own channel. As in Electron,
 * it has no standard input and ends with its parent.
 */
'use strict'
const { fork } = require('node:child_process')
const { EventEmitter } = require('node:events')
const { join } = require('node:path')

const PORT = join(__dirname, 'utility-port.cjs')

const utilityProcess = {
  /**
   * @param {string} modulePath
   * @param {string[]} args
   * @param {import('electron').ForkOptions} options
   */
  fork(modulePath, args = [], options = {}) {
    const child = fork(modulePath, args, {
      execArgv: [...(options.execArgv ?? []), '--require', PORT],
      env: /** @type {NodeJS.ProcessEnv} */ (options.env ?? process.env),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc']
    })
    const handle = new EventEmitter()
    child.on('message', (message) => handle.emit('message', message))
    child.on('exit', (code) => handle.emit('exit', code ?? 1))
    child.on('error', () => undefined)
    return Object.assign(handle, {
      get pid() {
        return child.pid
      },
      /** @param {import('node:child_process').Serializable} message */
      postMessage: (message) => {
        if (child.connected) child.send(message, () => undefined)
      },
      kill: () => child.kill('SIGKILL')
    })
  }
}

module.exports = { utilityProcess }
