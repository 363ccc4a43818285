/** What a pool asks its processes. Without a schema library: each process loads this twice before its first question. */

/** A question of the parent: of the same build, so it is not parsed. */
export interface Job {
  readonly id: number
  readonly kind: string
  readonly question: unknown
  readonly cpuMs: number
  readonly residentBytes: number
}

/** The job by which a process loads its libraries: it reads nothing from outside, and is no question. */
export const PREPARING = 0

export const DEATHS = ['time', 'memory', 'crash'] as const
export type Death = (typeof DEATHS)[number]
