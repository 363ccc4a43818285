import type { Library } from '../library/library'

/** The library, saying so whenever a file came into its quarantine or left it. */
export function tellingOfQuarantine(library: Library, changed: () => void): Library {
  const thenTold = async <T>(work: Promise<T>): Promise<T> => {
    const done = await work
    changed()
    return done
  }
  return {
    ...library,
    quarantine: (file, from) => thenTold(library.quarantine(file, from)),
    setAside: (artifact, because, now) => thenTold(library.setAside(artifact, because, now)),
    release: (id, verdict) => thenTold(library.release(id, verdict))
  }
}
