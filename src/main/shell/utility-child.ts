/**
 * `platform/child-process.ts` for Electron: a utility process, which does not need the fuse that lets the app
 * run as Node. Source: Electron, `utilityProcess`.
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
    // The app quits on request regardless of its children, which end with it.
    hold: () => undefined
  }
}
