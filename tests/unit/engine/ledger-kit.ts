/** A real ledger in a temporary folder, with jobs and workers. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Line } from '../../../src/contract/lines'
import type { JobRow } from '../../../src/contract/work'
import { Leases } from '../../../src/main/engine/leases'
import { planWork } from '../../../src/main/engine/ops/plan-work'
import { LedgerJobStore } from '../../../src/main/engine/ledger-job-store'
import { RunStats } from '../../../src/main/engine/run-stats'
import type { Ledger } from '../../../src/main/ledger/ledger'
import { openLedger } from '../../../src/main/ledger/open-ledger'
import { testHost, type TestHost } from '../../kit/test-host'

export const TTL = 120

export interface LedgerKit {
  readonly host: TestHost
  readonly ledger: Ledger
  readonly lines: Line[]
  plan(doi: string): string
  /** `owner`: the worker's name, `host:pid:start` */
  worker(owner: string): Worker
}

export interface Worker {
  take(jobId: string): { row: JobRow; jobStore: LedgerJobStore; stop: AbortController } | null
  readonly leases: Leases
}

export async function openKit(host: TestHost = testHost()): Promise<LedgerKit> {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-engine-'))
  const ledger = await openLedger(host, { folder })
  const lines: Line[] = []
  onTestFinished(async () => {
    await ledger.close()
    await rm(folder, { recursive: true, force: true })
  })
  return {
    host,
    ledger,
    lines,
    plan(doi) {
      const draft = { ids: { doi }, facts: { title: 'On Testing' } }
      const context = { now: host.clock.now(), runId: null, priority: 0 }
      return ledger.transact((w) => planWork(w, draft, ['pdf'], context)).value[0]!.job_id
    },
    worker(owner) {
      const leases = new Leases({ host, ledger, owner, ttlSeconds: TTL })
      return {
        leases,
        take(jobId) {
          const granted = leases.take(jobId, host.clock.monotonicMs())
          if (granted === null) return null
          const stop = new AbortController()
          const jobStore = new LedgerJobStore({
            host,
            ledger,
            owner,
            granted,
            ttlSeconds: TTL,
            runId: null,
            signal: stop.signal,
            runStats: new RunStats(),
            telemetry: null,
            emit: (line) => lines.push(line)
          })
          return { row: granted, jobStore, stop }
        }
      }
    }
  }
}
