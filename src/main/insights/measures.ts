/** DESIGN §12's measures; computed from the ledger only. */
export interface Measure {
  readonly name: string
  readonly value: number | null
  readonly unit: 'ratio' | 's' | 'ms' | 'bytes' | 'count'
  readonly target: number | null
  readonly better: 'higher' | 'lower' | null
  /** no data is shown as no data */
  readonly status: 'met' | 'missed' | 'no_data' | 'no_target'
  /** share of the allowed misses that is left, 0…1; null without data or target */
  readonly errorBudgetLeft: number | null
}
export interface MeasuresReport {
  readonly measures: readonly Measure[]
  readonly bytesFetched: number
  readonly bytesSavedByResume: number
  readonly bytesFetchedTwice: number
  readonly successBySource: Readonly<Record<string, { readonly tried: number; readonly succeeded: number }>>
  readonly failuresByReason: Readonly<Record<string, number>>
}
