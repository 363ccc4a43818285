/**
 * The real reader processes, reused from one library to the next within a test file: a process that one world
 * ends while it is idle is used by the next one. Starting new ones for every test took a third of the run. A
 * process that is busy or dead is never reused.
 */
import { forkChild, type ChildPort, type StartChild } from '../../src/main/platform/child-process'

interface Kept {
  readonly port: ChildPort
  /** questions without an answer yet */
  open: number
  isGone: boolean
  hear: (message: unknown) => void
  end: (because: string) => void
}

const free = new Map<string, Kept[]>()

function start(modulePath: string, options: Parameters<StartChild>[1]): Kept {
  const kept: Kept = {
    port: forkChild(modulePath, options),
    open: 0,
    isGone: false,
    hear: () => undefined,
    end: () => undefined
  }
  kept.port.onMessage((message) => {
    const type = (message as { readonly type?: unknown }).type
    if (type === 'answer' || type === 'failed') kept.open -= 1
    kept.hear(message)
  })
  kept.port.onGone((because) => {
    kept.isGone = true
    kept.end(because)
  })
  return kept
}

export const keptChild: StartChild = (modulePath, options) => {
  const key = JSON.stringify([modulePath, options])
  const idle = free.get(key) ?? []
  free.set(key, idle)
  let mine = idle.pop()
  while (mine?.isGone === true) mine = idle.pop()
  const kept = mine ?? start(modulePath, options)
  let isMine = true
  return {
    get pid() {
      return kept.port.pid
    },
    post(message) {
      if (!isMine) return
      kept.open += 1
      kept.port.post(message)
    },
    onMessage(listener) {
      kept.hear = listener
    },
    onGone(listener) {
      kept.end = listener
    },
    hold(isHeld) {
      if (isMine) kept.port.hold(isHeld)
    },
    kill() {
      if (!isMine) return
      isMine = false
      kept.hear = () => undefined
      kept.end = () => undefined
      kept.port.hold(false)
      if (kept.open === 0 && !kept.isGone) idle.push(kept)
      else kept.port.kill()
    }
  }
}
