/** Waiting for facts, not for time: asks again and again until something is so, and says what was not. */
import { setTimeout as wait } from 'node:timers/promises'

export async function waitFor<T>(
  what: string,
  look: () => T | Promise<T>,
  patienceMs = 10_000
): Promise<NonNullable<T>> {
  const until = performance.now() + patienceMs
  for (let pause = 2; ; pause = Math.min(pause * 1.5, 50)) {
    const found = await look()
    if (found !== false && found !== null && found !== undefined) return found
    if (performance.now() > until) throw new Error(`After ${patienceMs} ms it was still not so: ${what}.`)
    await wait(pause)
  }
}
