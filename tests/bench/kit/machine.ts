/** The machine that a bench ran on, and whether other work was on it: the first line of every report. */
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

/** Above this load of the last minute the figures are marked: something else was running. */
const QUIET_LOAD = 0.7

export function machineLine(): string {
  const [load = 0] = loadavg()
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  return (
    `${String(availableParallelism())} × ${cpus()[0]?.model ?? 'an unknown processor'}, ${String(gigabytes)} GB, ` +
    `${process.platform}, Node ${process.version}, load ${load.toFixed(1)}${load > QUIET_LOAD ? ' (loaded)' : ''}`
  )
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
