/** Whether the computer is kept from sleeping. Pure; `power.ts` asks. */
import type { RunPhase } from '../../contract/views'

/** Kept awake only while something comes in, only when wanted, and never at the cost of a battery. Pure. */
export function staysAwake(phase: RunPhase | null, wanted: boolean, onBattery: boolean): boolean {
  return wanted && phase === 'running' && !onBattery
}
