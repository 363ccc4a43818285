/**
 * The network state kept across restarts: rates, rests, closures, robots.txt rules. The stored text may have
 * been edited and is not trusted: each invalid piece is dropped, and the rest is used.
 */
import { z } from 'zod'
import { breakerStateSchema, type BreakerState } from './breaker'
import { closureStateSchema, type ClosureState } from './closures'
import { rateStateSchema, type RateState } from './rate'
import { robotsStateSchema, type RobotsState } from './robots'
import { serviceLogSchema, type ServiceLogState } from './service-log'

export interface NetState {
  readonly rates: RateState
  readonly breakers: BreakerState
  readonly robots: RobotsState
  readonly closures: ClosureState
  readonly log: ServiceLogState
  /** the process that saved this continued to send requests, and ended without a last save */
  readonly isOpen: boolean
}

export function readState(stored: unknown): NetState {
  const found = z
    .object({
      rates: z.unknown(),
      breakers: z.unknown(),
      robots: z.unknown(),
      closures: z.unknown(),
      log: z.unknown(),
      isOpen: z.unknown()
    })
    .partial()
    .safeParse(stored)
  const pieces = found.success ? found.data : {}
  return {
    rates: whatFits(rateStateSchema, pieces.rates),
    breakers: whatFits(breakerStateSchema, pieces.breakers),
    robots: whatFits(robotsStateSchema, pieces.robots),
    closures: whatFits(closureStateSchema, pieces.closures),
    log: whatFits(serviceLogSchema, pieces.log),
    isOpen: pieces.isOpen === true
  }
}

function whatFits<V extends z.ZodType>(
  schema: z.ZodRecord<z.ZodString, V>,
  stored: unknown
): Record<string, z.output<V>> {
  const entries = z.record(z.string(), z.unknown()).safeParse(stored)
  if (!entries.success) return {}
  return Object.fromEntries(
    Object.entries(entries.data).flatMap(([key, value]) => {
      const piece = schema.valueType.safeParse(value)
      return piece.success ? [[key, piece.data]] : []
    })
  )
}
