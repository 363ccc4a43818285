/**
 * The real clock, whose wall time a test can advance: the machine slept, or its clock was set. The monotonic
 * time is unchanged, so that code which compares the two notices.
 */
import type { Clock, Host } from '../../src/main/platform/host'

export interface JumpingClock {
  jump(seconds: number): void
  /** for `openWorld`'s option `host` */
  readonly wear: (host: Host) => Host
}

export function jumpingClock(): JumpingClock {
  let ahead = 0
  return {
    jump(seconds) {
      ahead += seconds
    },
    wear(host) {
      const clock: Clock = { ...host.clock, now: () => host.clock.now() + ahead }
      return { ...host, clock }
    }
  }
}
