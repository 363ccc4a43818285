/** The drawer's job: an answer about another job, or an overtaken one, is never shown. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JobDetail } from '../../../src/contract/job-views'
import { DrawerState } from '../../../src/renderer/views/queue/drawer-state.svelte'
import { job } from './made'

type Ask = { readonly jobId: string; readonly answer: (value: unknown) => void }
let asked: Ask[] = []
let tell: (payload: unknown) => void = () => undefined

beforeEach(() => {
  asked = []
  const detail = ({ jobId }: { readonly jobId: string }): Promise<unknown> =>
    new Promise((answer) => {
      asked.push({ jobId, answer })
    })
  Object.assign(window, {
    sheaf: {
      version: '0',
      jobs: { detail },
      on: (_name: string, listener: (payload: unknown) => void) => {
        tell = listener
        return () => {
          tell = () => undefined
        }
      }
    }
  })
})
afterEach(() => {
  Reflect.deleteProperty(window, 'sheaf')
})

const context = { now: 0, hostname: 'here', isActive: false, live: null, part: null }
const detailOf = (jobId: string, title: string): { ok: true; value: JobDetail } => ({
  ok: true,
  value: {
    job: job({ jobId, title }),
    ids: {},
    steps: [],
    history: { ops: [], asked: [], events: [], context },
    candidates: [],
    file: null,
    runId: null,
    lease: null,
    may: {
      pause: false,
      resume: false,
      cancel: false,
      retry: false,
      attach: false,
      ignore: false,
      unignore: false,
      remove: false,
      undoRemove: false,
      reveal: false,
      openLanding: false
    }
  }
})
const settled = () => new Promise((done) => setTimeout(done, 0))

describe('the drawer', () => {
  it('does not show a job that is no longer requested', async () => {
    const drawer = new DrawerState()
    drawer.show('a')()
    drawer.show('b')
    asked[1]?.answer(detailOf('b', 'Second'))
    await settled()
    asked[0]?.answer(detailOf('a', 'First'))
    await settled()
    expect(drawer.detail?.job.title).toBe('Second')
  })

  it('does not go back to an older answer about the same job', async () => {
    const drawer = new DrawerState()
    drawer.show('a')
    drawer.refresh()
    expect(asked).toHaveLength(2)
    asked[1]?.answer(detailOf('a', 'Newer'))
    await settled()
    asked[0]?.answer(detailOf('a', 'Older'))
    await settled()
    expect(drawer.detail?.job.title).toBe('Newer')
  })

  it('requests again when main names its job, not when it names another', async () => {
    const drawer = new DrawerState()
    drawer.show('a')
    asked[0]?.answer(detailOf('a', 'First'))
    await settled()
    tell({ revision: 1, changed: ['b'], live: [{ jobId: 'a', bytes: 5, totalBytes: 9, bytesPerSecond: 1 }] })
    expect(asked).toHaveLength(1)
    expect(drawer.live?.bytes).toBe(5)
    tell({ revision: 2, changed: ['a'], live: [] })
    expect(asked).toHaveLength(2)
    expect(drawer.live).toBeNull()
  })

  it('shows that a job is gone', async () => {
    const drawer = new DrawerState()
    drawer.show('a')
    asked[0]?.answer({
      ok: false,
      error: { code: 'NO_SUCH_JOB', message: 'There is no such job.', hint: '' }
    })
    await settled()
    expect(drawer.error?.gone).toBe(true)
  })
})
