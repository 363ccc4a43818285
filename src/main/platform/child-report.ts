/** Messages from a process of a pool. It has parsed untrusted bytes, so its messages are parsed. */
import { z } from 'zod'
import { DEATHS } from './child-messages'

export const reportSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** still running; the limits restart */
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
