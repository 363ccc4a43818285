/**
 * So many exchanges with one host at a time, first come first served. A slot is held until its body
 * has ended or was given up; giving it back twice does no harm.
 */
export class Slots {
  private readonly hosts = new Map<string, { used: number; readonly queue: (() => void)[] }>()

  constructor(private readonly limit: number) {}

  async take(host: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    const entry = this.hosts.get(host) ?? { used: 0, queue: [] }
    this.hosts.set(host, entry)
    if (entry.used < this.limit) entry.used += 1
    else await waitInLine(entry.queue, signal)
    let held = true
    return () => {
      if (!held) return
      held = false
      // A slot goes straight to the next in line, so nobody who comes later slips in between.
      const next = entry.queue.shift()
      if (next !== undefined) next()
      else entry.used -= 1
      if (entry.used === 0) this.hosts.delete(host)
    }
  }

  active(host: string): number {
    return this.hosts.get(host)?.used ?? 0
  }
}

function waitInLine(queue: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const granted = (): void => {
      signal.removeEventListener('abort', aborted)
      resolve()
    }
    const aborted = (): void => {
      const at = queue.indexOf(granted)
      if (at >= 0) queue.splice(at, 1)
      reject(signal.reason as Error)
    }
    queue.push(granted)
    signal.addEventListener('abort', aborted, { once: true })
  })
}
