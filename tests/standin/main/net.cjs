/** `net`: always online, unless a test replaces the function. */
'use strict'
const net = {
  isOnline: () => true,
  get online() {
    return net.isOnline()
  },
  /** @param {string} url @param {RequestInit} [init] */
  fetch: (url, init) => fetch(url, init)
}
module.exports = { net }
