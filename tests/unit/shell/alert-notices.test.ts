/** Which alerts become a notification: new ones, all in one, and none that the end of the run already reports. */
import { describe, expect, test } from 'vitest'
import { alertNotice, watchAlerts, type StandingAlert } from '../../../src/main/shell/alert-notices'
import type { Notice } from '../../../src/main/shell/run-words'
import { makeLog } from '../../../src/main/platform/log'
import { nodeHost } from '../../../src/main/platform/node-host'
import { waitFor } from '../../kit/wait-for'

const STALE: StandingAlert = { name: 'stale_leases' }
const WAIT: StandingAlert = { name: 'lease_wait_p99' }
const BUDGET: StandingAlert = { name: 'error_budget', measure: 'replay_rate' }
/** `show` with the message of WAIT */
const ECHO: StandingAlert = { name: 'error_budget', measure: 'lease_wait_p99' }

describe('a check of the alerts', () => {
  test('the first one only records existing alerts', () => {
    expect(alertNotice(null, [STALE]).notice).toBeNull()
  })

  test('several new ones are one notification, and each is shown once', () => {
    const first = alertNotice(new Set(), [STALE, WAIT, BUDGET, ECHO])
    expect(first.notice).toEqual({
      title: '3 figures miss their targets',
      body: expect.stringContaining(
        'Downloads are held by a process that does not answer. Downloads wait'
      ) as string,
      place: 'insights'
    })
    expect(alertNotice(first.standing, [STALE, WAIT, BUDGET]).notice).toBeNull()
  })

  test('an alert that ended is shown again when it returns', () => {
    const { standing } = alertNotice(new Set(), [STALE])
    const away = alertNotice(standing, [])
    expect(away.notice).toBeNull()
    expect(alertNotice(away.standing, [STALE]).notice).toMatchObject({
      title: 'Downloads are held by a process that does not answer'
    })
  })

  test('failed papers are not reported a second time', () => {
    const completion: StandingAlert[] = [
      { name: 'job_completion' },
      { name: 'error_budget', measure: 'job_completion' }
    ]
    expect(alertNotice(new Set(), completion).notice).toBeNull()
  })

  test('the watch shows alerts new since the last check, and continues after a ledger that cannot be read', async () => {
    const shown: Notice[] = []
    const answers: (() => Promise<readonly StandingAlert[]>)[] = [
      () => Promise.resolve([]),
      () => Promise.reject(new Error('closed')),
      () => Promise.resolve([STALE])
    ]
    let asked = 0
    const log = makeLog(
      () => undefined,
      'error',
      () => 0
    )
    const watch = watchAlerts(nodeHost(log), {
      alerts: () => answers[asked++]?.() ?? Promise.resolve([]),
      show: (notice) => shown.push(notice)
    })
    for (const nth of [1, 2, 3]) {
      await waitFor('it looked', () => asked === nth)
      await new Promise((done) => setTimeout(done, 0))
      if (nth < 3) watch.look()
    }
    watch.stop()
    await waitFor('it has shown a notification', () => shown.length === 1)
  })
})
