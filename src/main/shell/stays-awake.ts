/** Whether the computer is kept awake. Pure; used by `power.ts`. */
import type { RunPhase } from '../../contract/views'

/** Keeps it awake only during downloads, only if the user wants it, and never on battery. */
export function staysAwake(phase: RunPhase | null, wanted: boolean, onBattery: boolean): boolean {
  return wanted && phase === 'running' && !onBattery
}
