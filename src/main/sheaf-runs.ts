/** Runs: starting, pausing and ending them. */
import { unreachableLine } from './engine/library-care'
import { beginList } from './engine/lists'
import { runOnce } from './engine/run'
import { booksOf } from './engine/run-sources'
import { endWithin } from './engine/scheduler'
import { isAnyDue, nextDueAt } from './ledger/leases'
import type { Sheaf, SheafRuns } from './sheaf-api'
import { bringIntoAgreement } from './sheaf-care'
import type { SheafParts } from './sheaf-parts'
import { draftsOf } from './sheaf-planning'

const RECONCILE_EVERY_MS = 5 * 60_000

export function makeRuns(parts: SheafParts): SheafRuns {
  const { host, engine, working } = parts
  return {
    run: (request, signal) => working.during(signal, (until) => run(parts, request, until), { isRun: true }),
    dueAt() {
      const now = host.clock.now()
      const instants = booksOf(engine).flatMap(
        ({ ledger }) => ledger.read((r) => (isAnyDue(r, now) ? now : nextDueAt(r))) ?? []
      )
      return instants.length === 0 ? null : Math.min(...instants)
    },
    lookAgain: () => {
      engine.gate.nudge()
    },
    standsStill: () => engine.gate.closed(),
    standStill: (code, sentence) => {
      engine.gate.close(code, sentence)
    },
    resumeRuns: (code) => {
      engine.gate.open(code)
    },
    onStandStill: (listener) => engine.gate.onChange(listener),
    checkLeases: () => {
      engine.leases.beat()
    },
    ended: async () => {
      await endWithin(
        host.clock,
        [...engine.active.values()].map((job) => job.ended)
      )
    },
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
