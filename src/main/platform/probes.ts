/**
 * Instants worth dying at. The list is closed, so that one test can walk it and die at every one.
 * Outside tests a probe is a no-op; `SHEAF_DIE_AT=<name>[#n]` makes the process kill itself with
 * SIGKILL at the n-th passing (the crash tests and the demo's real kill use it).
 */
export const PROBES = [
  'PLAN: applied',
  'LEASE: granted',
  'LOOKUP: answered',
  'RESOLVE: intent applied',
  'RESOLVE: reading',
  'RESOLVE: performed',
  'RESOLVE: recorded',
  'HEAD: intent applied',
  'HEAD: performed',
  'HEAD: recorded',
  'STREAM: intent applied',
  'STREAM: sidecar written',
  'STREAM: part written',
  'STREAM: part complete',
  'STREAM: checked',
  'STREAM: recorded',
  'FINALIZE: intent durable',
  'FINALIZE: object renamed',
  'FINALIZE: paper linked',
  'FINALIZE: sidecar removed',
  'FINALIZE: recorded',
  'INDEX: begun',
  'INDEX: manifest appended',
  'INDEX: recorded',
  'DEDUPE: begun',
  'DEDUPE: recorded',
  'QUARANTINE: moved',
  'RECONCILE: half way',
  'ADOPT: batch recorded',
  'JOURNAL: before write',
  'JOURNAL: written, not synced',
  'JOURNAL: synced',
  'SNAPSHOT: exported',
  'SNAPSHOT: temporary written',
  'SNAPSHOT: previous kept',
  'SNAPSHOT: renamed',
  'SNAPSHOT: journal begun',
  'SNAPSHOT: old journals removed',
  'LOCK: taken',
  'CLOSE: engine stopped'
] as const
export type ProbeName = (typeof PROBES)[number]
