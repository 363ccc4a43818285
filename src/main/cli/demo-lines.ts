/**
 * The JSON lines that the demo reads from the Sheaf it starts, checked against their schemas. Lines of other kinds
 * are no part of the demonstration and are left out.
 */
import { z } from 'zod'
import { reconcileLineSchema, type Line } from '../../contract/lines'
import { jsonOrNull } from '../../contract/unknown-values'
import { OUTCOMES, STATES, TIERS } from '../../contract/words'

type DemoLineType = 'planned' | 'state' | 'progress' | 'attempt' | 'done' | 'reconcile' | 'summary'
export type DemoLine = Extract<Line, { readonly type: DemoLineType }>

const text = z.string()
const number = z.number()
const perName = z.record(text, number)

const lineSchema: z.ZodType<DemoLine> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('planned'),
    work_id: text,
    job_id: text,
    canonical_url: text,
    title: text.nullable(),
    existing: z.boolean(),
    tombstone: text.exactOptional()
  }),
  z.object({ type: z.literal('state'), job_id: text, from: z.enum(STATES), to: z.enum(STATES) }),
  z.object({
    type: z.literal('progress'),
    job_id: text,
    bytes: number,
    total: number.exactOptional(),
    from: number.exactOptional()
  }),
  z.object({
    type: z.literal('attempt'),
    job_id: text,
    source: text,
    tier: z.enum(TIERS).nullable(),
    url: text.nullable(),
    outcome: z.enum(OUTCOMES),
    reason: text.nullable(),
    elapsed_ms: number
  }),
  z.object({
    type: z.literal('done'),
    job_id: text,
    work_id: text,
    state: z.enum(STATES),
    path: text.exactOptional(),
    sha256: text.exactOptional(),
    bytes: number.exactOptional(),
    source: text.exactOptional(),
    reason: text.exactOptional()
  }),
  reconcileLineSchema,
  z.object({
    type: z.literal('summary'),
    planned: number,
    existing: number,
    done: number,
    duplicates: number,
    failed: number,
    replays: number,
    bytes_fetched: number,
    bytes_resumed: number,
    elapsed_ms: number,
    by_reason: perName,
    by_source: perName
  })
])

/** Also null for half a line, which a killed process may leave. */
export function demoLineOf(text: string): DemoLine | null {
  return lineSchema.safeParse(jsonOrNull(text)).data ?? null
}

const statusSchema = z.object({ bytes_fetched_twice: number })

/** Null when the line is not the matching one of `sheaf status`. */
export function fetchedTwiceIn(text: string): number | null {
  return statusSchema.safeParse(jsonOrNull(text)).data?.bytes_fetched_twice ?? null
}
