/**
 * A child process that may die, for parsing untrusted bytes outside of this process. Node's implementation is
 * here; Electron's is in the shell behind the same interface. Only plain data crosses (structured clone), and
 * a child affects this process only by its messages.
 */
import { fork } from 'node:child_process'

export interface ChildPort {
  /** undefined while it starts and when it failed to start */
  readonly pid: number | undefined
  post(message: object): void
  onMessage(listener: (message: unknown) => void): void
  /** Calls the listener once, when the process is gone for any reason. */
  onGone(listener: (because: string) => void): void
  /** Kills it at once. Idempotent. */
  kill(): void
  /** While held, this process does not exit before the child. */
  hold(isHeld: boolean): void
}

export interface ChildOptions {
  /** maximum JavaScript heap in megabytes; the child checks its resident memory itself */
  readonly heapMegabytes: number
  /** arguments for the child, parsed there by `childLimits` */
  readonly args: readonly string[]
}

/** Starts a module as a process. The path is absolute. */
export type StartChild = (modulePath: string, options: ChildOptions) => ChildPort

export const forkChild: StartChild = (modulePath, { heapMegabytes, args }) => {
  const child = fork(modulePath, args, {
    execArgv: [`--max-old-space-size=${String(heapMegabytes)}`],
    serialization: 'advanced',
    // Output of a library must not mix with the lines of the command line.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {}
  })
  let gone = false
  // Sending to a process that has just died is no error here: `onGone` reports its end.
  child.on('error', () => undefined)
  return {
    get pid() {
      return child.pid
    },
    post(message) {
      if (child.connected) child.send(message, () => undefined)
    },
    onMessage(listener) {
      child.on('message', listener)
    },
    onGone(listener) {
      const say = (because: string): void => {
        if (gone) return
        gone = true
        listener(because)
      }
      child.once('exit', (code, signal) => {
        say(
          signal === null ? `its process ended with status ${String(code)}` : `its process ended by ${signal}`
        )
      })
      child.once('error', (error) => {
        say(`its process did not start: ${error.message}`)
      })
    },
    kill() {
      child.kill('SIGKILL')
    },
    hold(isHeld) {
      if (isHeld) {
        child.ref()
        child.channel?.ref()
      } else {
        child.unref()
        child.channel?.unref()
      }
    }
  }
}
