/** Runs: begun, stood still, settled; and works that are fetched without being recorded. */
import { SheafError } from '../contract/errors'
import { unreachableLine } from './engine/library-care'
import { beginList } from './engine/lists'
import { runOnce } from './engine/run'
import { isAnyDue, nextDueAt } from './ledger/jobs'
import type { Sheaf, SheafRuns } from './sheaf-api'
import { bringIntoAgreement } from './sheaf-care'
import type { SheafParts } from './sheaf-parts'
import { draftsOf } from './sheaf-planning'

const RECONCILE_EVERY_MS = 5 * 60_000

export function makeRuns(parts: SheafParts): SheafRuns {
  const { host, ledger, engine, working } = parts
  const remembers = (): boolean => engine.settings['safety.switch'] !== 'off'
  return {
    run: (request, signal) => working.during(signal, (until) => run(parts, request, until), { isRun: true }),
    addEphemeral(tasks) {
      engine.plain.add(tasks)
      engine.gate.nudge()
    },
    cancelEphemeral(jobId) {
      engine.plain.cancel(jobId)
      engine.active.get(jobId)?.stop(new SheafError('CANCELLED', 'You cancelled it.'))
    },
    ephemeralNextAt: (jobId) => engine.plain.nextAt(jobId),
    dueAt() {
      const now = host.clock.now()
      if (remembers() && ledger.read((r) => isAnyDue(r, now))) return now
      const instants = [remembers() ? ledger.read(nextDueAt) : null, engine.plain.nextDueAt()]
      return instants.reduce((a, b) => (a === null || (b !== null && b < a) ? b : a))
    },
    lookAgain: () => {
      engine.gate.nudge()
    },
    standsStill: () => engine.gate.closed(),
    standStill: (code, sentence) => {
      engine.gate.close(code, sentence)
    },
    goOn: (code) => {
      engine.gate.open(code)
    },
    onStandStill: (listener) => engine.gate.onChange(listener),
    checkLeases: () => {
      engine.leases.beat()
    },
    activeCount: () => engine.active.size,
    isActive: (jobId) => engine.active.has(jobId)
  }
}

async function run(
  parts: SheafParts,
  request: Parameters<Sheaf['run']>[0],
  signal: AbortSignal
): ReturnType<Sheaf['run']> {
  const { host, ledger, engine, care, netState } = parts
  const remembers = engine.settings['safety.switch'] !== 'off'
  const agree = (why: 'start' | 'periodic'): Promise<unknown> =>
    bringIntoAgreement(parts, { verifyHashes: false, quick: true, why }, signal)
  const reconciles = request.skipReconcile !== true
  if (remembers && reconciles) await agree('start')
  const lost = unreachableLine((await care.takeIn(engine.library, engine.settings, signal)).unreachable)
  if (lost !== null && reconciles) engine.emit(lost)
  const endNetState = await netState.begin()
  const stopHeartbeat = engine.leases.start()
  const stopReconcile = host.clock.every(RECONCILE_EVERY_MS, () => {
    if (!remembers || ledger.trouble() !== null) return
    agree('periodic').catch((error: unknown) => {
      host.log.warn('The periodic reconcile did not finish', { because: String(error) })
    })
  })
  try {
    const asked = request.plan
    await beginList(engine, asked?.list)
    return await runOnce(
      engine,
      {
        drafts: asked === undefined ? null : draftsOf(engine, asked, signal),
        formats: asked?.formats ?? ['pdf'],
        priority: asked?.priority ?? 0,
        list: asked?.list
      },
      signal
    )
  } finally {
    stopReconcile()
    stopHeartbeat()
    await endNetState()
  }
}
