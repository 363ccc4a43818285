/**
 * One process per data folder: the first listens on a socket, a second one sends its arguments to it and is
 * refused. The request is synchronous, as in Electron; a socket without an answer was left by a killed
 * process and is taken over.
 */
'use strict'
const { execFileSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const { createServer } = require('node:net')
const os = require('node:os')
const path = require('node:path')

/** Runs as a separate process, so that the caller can wait for it synchronously. */
const HAND_OVER = `
const socket = require('node:net').connect(process.argv[1], () => socket.end(process.argv[2]))
socket.on('close', (failed) => process.exit(failed ? 1 : 0))
socket.on('error', () => process.exit(1))
socket.resume()`

class SingleInstance {
  #server
  /** @param {import('node:net').Server} server */
  constructor(server) {
    this.#server = server
  }

  /**
   * @param {string} folder
   * @param {unknown} data
   * @param {(argv: string[], cwd: string, data: unknown) => void} second
   * @returns {SingleInstance | null} null when another process has it
   */
  static take(folder, data, second) {
    // Not inside the folder itself: the name of a socket is limited to about a hundred characters.
    const name = createHash('sha256').update(fs.realpathSync(folder)).digest('hex').slice(0, 24)
    const file = path.join(os.tmpdir(), `standin-${name}.sock`)
    if (fs.existsSync(file)) {
      const message = JSON.stringify({ argv: process.argv, cwd: process.cwd(), data })
      try {
        execFileSync(process.execPath, ['-e', HAND_OVER, file, message], {
          env: { PATH: process.env['PATH'] }
        })
        return null
      } catch {
        fs.rmSync(file, { force: true })
      }
    }
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      let text = ''
      socket.on('error', () => undefined)
      socket.on('data', (part) => (text += String(part)))
      socket.on('end', () => {
        socket.end()
        const message = JSON.parse(text)
        second(message.argv, message.cwd, message.data)
      })
    })
    server.listen(file).unref()
    return new SingleInstance(server)
  }

  release() {
    this.#server.close()
  }
}

module.exports = { SingleInstance }
