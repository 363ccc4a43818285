/**
 * Inspects what a killed process left without changing it: the ledger's files are only read, so that lock,
 * leases and recovery remain for the next start.
 */
import { join } from 'node:path'
import type { State } from '../../contract/words'
import { countByState } from '../ledger/job-lists'
import { staleLeases } from '../ledger/leases'
import { opsInFlight } from '../ledger/ops'
import { recover } from '../ledger/recover'
import { loadSqlEngine } from '../ledger/sql-engine'
import { STAGING } from '../library/staging'
import type { Host } from '../platform/host'

export interface LeftBehind {
  readonly byState: Readonly<Record<State, number>>
  readonly leases: number
  /** kinds of the ops without a result */
  readonly unknownOps: readonly string[]
  /** number of partial files on disk, and their bytes */
  readonly parts: number
  readonly partBytes: number
}

export async function lookAtLeftovers(host: Host, dataDir: string, libraryDir: string): Promise<LeftBehind> {
  const engine = await loadSqlEngine((path) => host.files.readWhole(path))
  const { database } = await recover(host.files, engine, dataDir)
  try {
    const { reader } = database
    const sizes = await partSizes(host, join(libraryDir, STAGING))
    return {
      byState: countByState(reader),
      leases: staleLeases(reader, Number.MAX_SAFE_INTEGER, () => true).length,
      unknownOps: opsInFlight(reader).map(({ op }) => op.kind),
      parts: sizes.length,
      partBytes: sizes.reduce((sum, bytes) => sum + bytes, 0)
    }
  } finally {
    database.close()
  }
}

async function partSizes({ files }: Host, staging: string): Promise<number[]> {
  const names = (await files.list(staging)).filter(({ name }) => name.endsWith('.part'))
  const facts = await Promise.all(names.map(({ name }) => files.stat(join(staging, name))))
  return facts.flatMap((fact) => (fact === null || fact.bytes === 0 ? [] : [fact.bytes]))
}
