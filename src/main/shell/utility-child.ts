/**
 * Electron's version of `platform/child-process.ts`: a utility process, which needs no fuse that lets the
 * app run as Node. Nothing is decided here. Source: Electron, `utilityProcess`.
 */
import { utilityProcess } from 'electron'
import type { StartChild } from '../platform/child-process'

export const startUtility: StartChild = (modulePath, { heapMegabytes, args }) => {
  const child = utilityProcess.fork(modulePath, [...args], {
    execArgv: [`--max-old-space-size=${String(heapMegabytes)}`],
    stdio: 'ignore',
    env: {},
    serviceName: 'Sheaf reader'
  })
  return {
    get pid() {
      return child.pid
    },
    post(message) {
      child.postMessage(message)
    },
    onMessage(listener) {
      child.on('message', listener)
    },
    onGone(listener) {
      child.once('exit', (code) => {
        listener(`its process ended with status ${String(code)}`)
      })
    },
    kill() {
      child.kill()
    },
    // The app ends on request, whatever its processes do: they end with it.
    hold: () => undefined
  }
}
