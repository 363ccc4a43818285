/**
 * Which alerts to notify about: new ones since the previous check, combined in one. The notification of a
 * run's end already contains the failed papers, so completion is not repeated.
 */
import { ALERT_SENTENCES, withoutEchoes, type AlertName } from '../../contract/alert-words'
import type { Host } from '../platform/host'
import type { Notice } from './run-words'

export interface StandingAlert {
  readonly name: AlertName
  /** of `error_budget`: its measure */
  readonly measure?: string
}

/** `before`: the keys of the previous check; null at the first one, which only records existing alerts. */
export function alertNotice(
  before: ReadonlySet<string> | null,
  alerts: readonly StandingAlert[]
): { readonly standing: ReadonlySet<string>; readonly notice: Notice | null } {
  const shown = withoutEchoes(alerts).filter(({ name, measure }) => (measure ?? name) !== 'job_completion')
  const standing = new Set(shown.map(keyOf))
  const fresh = before === null ? [] : shown.filter((alert) => !before.has(keyOf(alert)))
  const [first] = fresh
  if (first === undefined) return { standing, notice: null }
  const sentences = [...new Set(fresh.map(({ name }) => ALERT_SENTENCES[name]))]
  const notice: Notice =
    sentences.length === 1
      ? { title: sentences[0] ?? '', body: 'Insights shows the figures.', place: 'insights' }
      : {
          title: `${String(sentences.length)} figures miss their targets`,
          body: `${sentences.join('. ')}.`,
          place: 'insights'
        }
  return { standing, notice }
}

function keyOf({ name, measure }: StandingAlert): string {
  return measure === undefined ? name : `${name} ${measure}`
}

const LOOK_EVERY_MS = 600_000

export interface AlertWatch {
  /** Call it when a run has ended. */
  look(): void
  stop(): void
}

/** Checks on request, and every ten minutes. */
export function watchAlerts(
  host: Pick<Host, 'clock' | 'log'>,
  parts: {
    readonly alerts: () => Promise<readonly StandingAlert[]>
    readonly show: (notice: Notice) => void
  }
): AlertWatch {
  let standing: ReadonlySet<string> | null = null
  let looking = false
  const lookNow = async (): Promise<void> => {
    if (looking) return
    looking = true
    try {
      const next = alertNotice(standing, await parts.alerts())
      standing = next.standing
      if (next.notice !== null) parts.show(next.notice)
    } catch (error) {
      // A closed or missing ledger is shown elsewhere.
      host.log.debug('The alerts could not be read.', { error: String(error) })
    } finally {
      looking = false
    }
  }
  const look = (): void => void lookNow()
  look()
  return { look, stop: host.clock.every(LOOK_EVERY_MS, look) }
}
