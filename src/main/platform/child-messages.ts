/**
 * Messages from a pool to its processes. Without a schema library: each process loads this file twice before
 * its first job.
 */

/** A job from the parent: the same build, so it is not parsed. */
export interface Job {
  readonly id: number
  readonly kind: string
  readonly question: unknown
  readonly cpuMs: number
  readonly residentBytes: number
}

/** The id of the job that makes a process load its libraries: it reads no untrusted data. */
export const PREPARING = 0

export const DEATHS = ['time', 'memory', 'crash'] as const
export type Death = (typeof DEATHS)[number]
