/**
 * Throttles a function: runs it at once, and when called again too soon, once more after the interval: at
 * most every `ms`, and never skipped. `stop` cancels a waiting call.
 */
export interface AtMost {
  readonly ask: () => void
  readonly stop: () => void
}

export function atMostEvery(ms: number, work: () => void): AtMost {
  let timer: ReturnType<typeof setTimeout> | null = null
  let last = -Infinity
  const run = (): void => {
    timer = null
    last = performance.now()
    work()
  }
  return {
    ask() {
      if (timer !== null) return
      const wait = last + ms - performance.now()
      if (wait <= 0) run()
      else timer = setTimeout(run, wait)
    },
    stop() {
      if (timer !== null) clearTimeout(timer)
      timer = null
    }
  }
}
