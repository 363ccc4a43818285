/**
 * Sorts many rows, pure: in slices that yield to other work, and updates an order after a few rows moved
 * without sorting again.
 */
export type Comparing = (a: number, b: number) => number

const RUN = 4_096
const MERGED_AT_ONCE = 65_536

/** The numbers below `size` in order. `aside` is awaited between slices; nothing may change meanwhile. */
export async function sortedInSlices(
  size: number,
  compare: Comparing,
  aside: () => Promise<void>
): Promise<Int32Array> {
  let from = Int32Array.from({ length: size }, (_, n) => n)
  for (let at = 0; at < size; at += RUN) {
    from.subarray(at, at + RUN).sort(compare)
    await aside()
  }
  let to = new Int32Array(size)
  let since = 0
  for (let width = RUN; width < size; width *= 2) {
    for (let at = 0; at < size; at += 2 * width) {
      const middle = Math.min(size, at + width)
      const end = Math.min(size, at + 2 * width)
      let a = at
      let b = middle
      for (let out = at; out < end; out += 1) {
        const takeA = a < middle && (b >= end || compare(from[a] ?? 0, from[b] ?? 0) <= 0)
        to[out] = (takeA ? from[a] : from[b]) ?? 0
        if (takeA) a += 1
        else b += 1
        since += 1
        if (since % MERGED_AT_ONCE === 0) await aside()
      }
    }
    const swap = from
    from = to
    to = swap
  }
  return from
}

/** `order` with `moved` in their new places; some of them may be new. */
export function merged(
  order: Int32Array,
  moved: readonly number[],
  compare: Comparing,
  size: number
): Int32Array {
  const isMoved = new Uint8Array(size)
  for (const one of moved) isMoved[one] = 1
  const sorted = [...moved].sort(compare)
  const kept = order.filter((one) => isMoved[one] === 0)
  const result = new Int32Array(kept.length + sorted.length)
  let k = 0
  let s = 0
  for (let out = 0; out < result.length; out += 1) {
    const a = kept[k]
    const b = sorted[s]
    if (a !== undefined && (b === undefined || compare(a, b) <= 0)) {
      result[out] = a
      k += 1
    } else {
      result[out] = b ?? 0
      s += 1
    }
  }
  return result
}
