/**
 * Sleep and power of the machine: notifies the session of sleep and wake, and keeps the computer awake during
 * downloads if the user wants it and it is plugged in.
 */
import { powerMonitor, powerSaveBlocker } from 'electron'
import type { RunPhase } from '../../contract/views'
import type { Log } from '../platform/log'
import type { Session } from '../session/session-api'
import { staysAwake } from './stays-awake'

export interface Power {
  /** Keeps the computer awake or not, according to the present state. */
  readonly follow: (phase: RunPhase | null, keepAwake: boolean) => void
}

export function followPower(session: Session, log: Log, quit: () => void): Power {
  let blocker: number | null = null
  let last: readonly [RunPhase | null, boolean] = [null, false]
  const follow: Power['follow'] = (phase, keepAwake) => {
    last = [phase, keepAwake]
    const awake = staysAwake(phase, keepAwake, powerMonitor.isOnBatteryPower())
    if (awake && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension')
    if (!awake && blocker !== null) {
      powerSaveBlocker.stop(blocker)
      blocker = null
    }
  }
  const tell = (what: string, act: () => Promise<void>) => (): void => {
    log.info(what)
    act().catch((error: unknown) => {
      log.error('The session could not follow the machine’s sleep.', { error: String(error) })
    })
  }
  powerMonitor.on(
    'suspend',
    tell('The machine goes to sleep.', () => session.machine.suspend())
  )
  powerMonitor.on(
    'resume',
    tell('The machine is back from sleep.', () => session.machine.resume())
  )
  const powerChanged = (): void => {
    follow(...last)
  }
  powerMonitor.on('on-battery', powerChanged)
  powerMonitor.on('on-ac', powerChanged)
  // The system shuts down: it is asked to wait for a normal quit.
  powerMonitor.on('shutdown', (event?: { preventDefault: () => void }) => {
    event?.preventDefault()
    quit()
  })
  return { follow }
}
