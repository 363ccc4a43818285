/** A library whose quarantine can be followed: the screens ask again when a file came or went. */
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
    quarantine: {
      list: (how) => library.quarantine.list(how),
      take: (file, from) => thenTold(library.quarantine.take(file, from)),
      setAside: (artifact, because, now) => thenTold(library.quarantine.setAside(artifact, because, now)),
      release: (id, verdict) => thenTold(library.quarantine.release(id, verdict))
    }
  }
}
