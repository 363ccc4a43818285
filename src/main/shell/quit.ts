/**
 * A clean quit: the first request to quit is held back until the session has stopped, kept every byte and
 * released the lock; then the app may quit. It waits two seconds at most: what hangs is recovered at the next
 * start like any crash. Contains no Electron.
 */

export interface QuitParts {
  /** stops active work and releases the lock */
  readonly close: () => Promise<void>
  readonly waitMs: number
  /** Called once. `clean`: the session closed in time. */
  readonly end: (clean: boolean) => void
}

export interface Quitting {
  /** The app was asked to quit: true when it may quit now, false when it must wait for `end`. */
  readonly mayGo: () => boolean
  readonly begun: () => boolean
}

export function makeQuit({ close, waitMs, end }: QuitParts): Quitting {
  let state: 'not_begun' | 'closing' | 'over' = 'not_begun'
  const begin = (): void => {
    state = 'closing'
    let timer: NodeJS.Timeout | null = null
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => {
        resolve(false)
      }, waitMs)
    })
    const closed = close().then(
      () => true,
      () => false
    )
    void Promise.race([closed, late]).then((clean) => {
      if (timer !== null) clearTimeout(timer)
      state = 'over'
      end(clean)
    })
  }
  return {
    mayGo: () => {
      if (state === 'not_begun') begin()
      return state === 'over'
    },
    begun: () => state !== 'not_begun'
  }
}
