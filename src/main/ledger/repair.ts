/**
 * Repairs a damaged folder: the damaged files are kept aside under a name with the time, and the remaining
 * folder is a ledger that opens by itself. Invariant: no byte of evidence is lost, and a crash between any
 * two steps leaves a folder in which the same damage is found.
 */
import type { Files } from '../platform/files'
import type { Recovered } from './recover'

export interface Damage {
  /** absolute path of the first file kept aside */
  readonly keptFile: string
  /** the last transaction that was recovered */
  readonly goodUntil: number
  /** false when acknowledged transactions may be missing */
  readonly complete: boolean
  readonly sentence: string
}

/** The damage, before anything is changed; null when there is none. */
export function describeDamage(found: Recovered, folder: string): Omit<Damage, 'keptFile'> | null {
  const journal = found.damagedJournal
  const snapshot = found.damagedSnapshots[0]
  if (journal === null && snapshot === undefined) return null
  const parts: string[] = []
  for (const { name, because } of found.damagedSnapshots) parts.push(`${name} is damaged: ${because}.`)
  if (journal !== null) {
    const what = journal.file ?? journal.later[0] ?? 'a journal'
    parts.push(`${what}: ${journal.because}.`)
  }
  // Both snapshots are gone and no journal reaches back to the start: the former content is unknown.
  const complete = journal === null && (found.seq > 0 || found.ledgerId !== null)
  const outcome = complete
    ? 'Nothing was lost: an older snapshot and the journals hold everything.'
    : `Everything up to transaction ${found.seq} was recovered.`
  return {
    goodUntil: found.seq,
    complete,
    sentence: `The ledger in ${folder} is damaged. ${parts.join(' ')} ${outcome}`
  }
}

/** Keeps the damaged files aside; resolves to their new names. */
export async function keepAside(
  files: Files,
  folder: string,
  found: Recovered,
  now: number
): Promise<string[]> {
  const mark = `damaged-${new Date(now * 1000)
    .toISOString()
    .replace(/[:.]/g, '')
    .replace(/\d{3}Z$/, 'Z')}`
  const taken = new Set((await files.list(folder)).map(({ name }) => name))
  const asideName = (name: string): string => {
    let aside = `${name}.${mark}`
    for (let n = 2; taken.has(aside); n += 1) aside = `${name}.${mark}-${n}`
    taken.add(aside)
    return aside
  }
  const kept: string[] = []
  const move = async (name: string): Promise<void> => {
    const aside = asideName(name)
    await files.rename(`${folder}/${name}`, `${folder}/${aside}`)
    kept.push(`${folder}/${aside}`)
  }
  const journal = found.damagedJournal
  if (journal !== null) {
    const { file, goodBytes, later } = journal
    if (file !== null && goodBytes > 0) {
      const aside = asideName(file)
      await files.copyWhole(`${folder}/${file}`, `${folder}/${aside}`)
      kept.push(`${folder}/${aside}`)
    }
    // Later files first: as long as the damaged file exists, the damage is found again after a crash.
    for (const name of [...later].reverse()) await move(name)
    if (file !== null && goodBytes > 0) {
      const whole = await files.readWhole(`${folder}/${file}`)
      await files.writeWhole(`${folder}/${file}`, whole.subarray(0, goodBytes))
    } else if (file !== null) {
      await move(file)
      kept.unshift(kept.pop() ?? file)
    }
  }
  for (const { name } of found.damagedSnapshots) await move(name)
  return kept
}
