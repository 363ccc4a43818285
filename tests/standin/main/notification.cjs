/** Notifications are not shown; their events come as if they were. */
'use strict'
const { EventEmitter } = require('node:events')

class Notification extends EventEmitter {
  title = ''
  body = ''
  /** @param {object} [options] */
  constructor(options = {}) {
    super()
    Object.assign(this, options)
  }
  show() {
    setImmediate(() => this.emit('show', {}))
  }
  close() {
    this.emit('close', {})
  }
  static isSupported() {
    return true
  }
}
module.exports = { Notification }
