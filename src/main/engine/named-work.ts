/** A work's facts as far as they make the readable name of its file. Reads only. */
import type { Reader } from '../ledger/ledger'
import { workById } from '../ledger/works'
import type { NamedWork } from '../library/library'

/** A work without a row is named by its id alone. */
export function namedWork(r: Reader, { workId, format }: Pick<NamedWork, 'workId' | 'format'>): NamedWork {
  const work = workById(r, workId)
  return { ids: work?.ids ?? {}, facts: work?.facts ?? {}, workId, format }
}
