/** Wraps a library so that changes of its quarantine are reported: the screens then reload it. */
import type { Library } from '../library/library'

/** Calls `changed` whenever a file entered or left the quarantine. */
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
