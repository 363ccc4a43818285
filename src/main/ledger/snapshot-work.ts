/** Tasks of the snapshot thread. */
import { fail } from '../../contract/errors'
import { isObject, itemsOf, numberIn, textIn } from '../../contract/unknown-values'
import type { SnapshotPlan } from './build-snapshot'
import type { SnapshotSum } from './snapshot-file'

/** A snapshot of which only the checksum is known. */
export interface SnapshotToCheck {
  readonly path: string
  readonly sum: SnapshotSum
}

export type SnapshotWork =
  | { readonly kind: 'build'; readonly plan: SnapshotPlan }
  | { readonly kind: 'check'; readonly snapshot: SnapshotToCheck }

/** The start data of the thread. Checked by hand, to avoid loading a schema library for each snapshot. */
export function snapshotWorkOf(value: unknown): SnapshotWork {
  if (!isObject(value)) return wrong()
  if (value['kind'] === 'build') return { kind: 'build', plan: planOf(value['plan']) }
  const snapshot = value['snapshot']
  if (value['kind'] !== 'check' || !isObject(snapshot)) return wrong()
  return {
    kind: 'check',
    snapshot: { path: textIn(snapshot, 'path') ?? wrong(), sum: sumIn(snapshot['sum']) }
  }
}

function planOf(plan: unknown): SnapshotPlan {
  if (!isObject(plan)) return wrong()
  return {
    base: textIn(plan, 'base'),
    sum: plan['sum'] === null ? null : sumIn(plan['sum']),
    after: numberIn(plan, 'after') ?? wrong(),
    upTo: numberIn(plan, 'upTo') ?? wrong(),
    journals: itemsOf(plan['journals']).map((journal) => {
      if (!isObject(journal)) return wrong()
      const { limit } = journal
      return { path: textIn(journal, 'path') ?? wrong(), limit: typeof limit === 'number' ? limit : wrong() }
    })
  }
}

function sumIn(sum: unknown): SnapshotSum {
  if (!isObject(sum)) return wrong()
  const { checked } = sum
  const blocks = textIn(sum, 'blocks')
  return {
    bytes: numberIn(sum, 'bytes') ?? wrong(),
    crc32: numberIn(sum, 'crc32') ?? wrong(),
    ...(typeof checked === 'boolean' ? { checked } : {}),
    ...(blocks === null ? {} : { blocks })
  }
}

function wrong(): never {
  return fail('BROKEN_INVARIANT', 'The thread of the snapshots was sent something else.')
}

/**
 * The output of the building thread: the pieces in order, each sent when the previous one was taken, then the
 * checksum.
 */
export type SnapshotPart = { readonly piece: Uint8Array } | { readonly sum: SnapshotSum }

export function snapshotPartOf(value: unknown): SnapshotPart {
  if (!isObject(value)) return wrong()
  const { piece } = value
  return piece instanceof Uint8Array ? { piece } : { sum: sumIn(value['sum']) }
}
