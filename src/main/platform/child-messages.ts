/** What a pool and its processes say to each other. A process that has read hostile bytes is outside: its reports are parsed. */
import { z } from 'zod'

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

export const reportSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** still at work; what was used so far no longer counts */
  z.object({ type: z.literal('step'), id: z.number() }),
  z.object({
    type: z.literal('answer'),
    id: z.number(),
    value: z.unknown(),
    residentBytes: z.number()
  }),
  z.object({ type: z.literal('failed'), id: z.number(), because: z.string(), residentBytes: z.number() }),
  z.object({ type: z.literal('dying'), id: z.number(), death: z.enum(DEATHS), because: z.string() })
])
export type Report = z.infer<typeof reportSchema>
