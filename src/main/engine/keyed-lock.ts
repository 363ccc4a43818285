/**
 * Serializes work per key, in order of arrival. In-process only: the ledger's lock file already excludes
 * other processes.
 */
export interface KeyedLock {
  run<T>(key: string, work: () => Promise<T>): Promise<T>
}

export function makeKeyedLock(): KeyedLock {
  const tails = new Map<string, Promise<unknown>>()
  return {
    async run(key, work) {
      const before = tails.get(key) ?? Promise.resolve()
      const mine = before.then(work, work)
      const settled = mine.then(
        () => undefined,
        () => undefined
      )
      tails.set(key, settled)
      try {
        return await mine
      } finally {
        if (tails.get(key) === settled) tails.delete(key)
      }
    }
  }
}
