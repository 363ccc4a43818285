/** Waits for a condition instead of a time: polls until it holds, and reports the one that did not. */
import { setTimeout as wait } from 'node:timers/promises'

export async function waitFor<T>(
  what: string,
  look: () => T | Promise<T>,
  timeoutMs = 10_000
): Promise<NonNullable<T>> {
  const until = performance.now() + timeoutMs
  for (let pause = 2; ; pause = Math.min(pause * 1.5, 50)) {
    const found = await look()
    if (found !== false && found !== null && found !== undefined) return found
    if (performance.now() > until) throw new Error(`After ${timeoutMs} ms it was still not so: ${what}.`)
    await wait(pause)
  }
}
