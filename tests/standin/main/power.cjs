/** Power: a monitor whose events come from tests only, and blockers that are counted. */
'use strict'
const { EventEmitter } = require('node:events')

class PowerMonitor extends EventEmitter {
  onBatteryPower = false
  isOnBatteryPower() {
    return this.onBatteryPower
  }
  getSystemIdleState() {
    return 'active'
  }
  getSystemIdleTime() {
    return 0
  }
}

/** @type {Set<number>} */
const blockers = new Set()
let last = 0
const powerSaveBlocker = {
  start() {
    blockers.add(++last)
    return last
  },
  /** @param {number} id */
  stop: (id) => blockers.delete(id),
  /** @param {number} id */
  isStarted: (id) => blockers.has(id)
}
module.exports = { powerMonitor: new PowerMonitor(), powerSaveBlocker }
