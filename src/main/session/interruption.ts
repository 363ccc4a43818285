/**
 * The story of an interruption, for the banner: when the process was last heard of, what was put
 * right, and where downloads go on. It changes nothing; what died was ended by the engine.
 */
import type { ReconcileLine } from '../../contract/lines'
import type { InterruptionView } from '../../contract/recover-views'
import type { DeadRuns, Sheaf } from '../sheaf-api'

type Download = InterruptionView['downloads'][number]

export interface WhatHappened {
  readonly dead: DeadRuns | null
  /** of the reconcile at the start; null when there was none */
  readonly line: ReconcileLine | null
  readonly downloads: readonly Download[]
  readonly damage: string | null
  readonly now: number
  /** IANA name; undefined: the computer's own */
  readonly timeZone?: string | undefined
}

/** null when nothing was interrupted and nothing damaged. */
export function tellInterruption(happened: WhatHappened): InterruptionView | null {
  const { dead, line, downloads, damage } = happened
  const leases = line?.stale_leases ?? 0
  if (dead === null && damage === null && leases === 0) return null
  const at = dead?.at ?? null
  const sentences = [
    at === null ? 'Sheaf was interrupted.' : `Interrupted ${instant(at, happened.now, happened.timeZone)}.`,
    whatFollowed(leases, downloads),
    damage ?? ''
  ]
  if (dead === null && leases === 0) sentences.splice(0, 2)
  return { at, story: sentences.filter((one) => one !== '').join(' '), leases, downloads, damage }
}

function whatFollowed(leases: number, downloads: readonly Download[]): string {
  const recovered = leases === 0 ? '' : `${String(leases)} ${leases === 1 ? 'download' : 'downloads'} resumed`
  const kept = keptParts(downloads)
  const parts = [recovered, kept].filter((one) => one !== '')
  return parts.length === 0 ? '' : `${parts.join('; ')}.`
}

/** “2 downloads continue at 64 % and 12 %”; of many, only the first three are named. */
function keptParts(downloads: readonly Download[]): string {
  const places = downloads.filter(({ bytes }) => bytes > 0).map(placeOf)
  const first = places[0]
  if (first === undefined) return ''
  if (places.length === 1) return `1 download continues at ${first}`
  const count = `${String(places.length)} downloads continue`
  if (places.length > 3) return `${count}, the first at ${first}`
  return `${count} at ${places.slice(0, -1).join(', ')} and ${places.at(-1) ?? ''}`
}

function placeOf({ bytes, totalBytes }: Download): string {
  if (totalBytes !== null && totalBytes > 0) {
    return `${String(Math.min(100, Math.floor((bytes / totalBytes) * 100)))} %`
  }
  return bytes < 1_000_000
    ? `${String(Math.max(1, Math.round(bytes / 1_000)))} kB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** “at 14:03”, “on 3 May at 14:03”: in the person's own time. */
export function instant(at: number, now: number, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone }
  const day = new Intl.DateTimeFormat('en-GB', { ...zone, day: 'numeric', month: 'long', year: 'numeric' })
  const clock = new Intl.DateTimeFormat('en-GB', {
    ...zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23'
  })
  const time = clock.format(at * 1000)
  const [then, today] = [day.format(at * 1000), day.format(now * 1000)]
  if (then === today) return `at ${time}`
  const sameYear = then.slice(-4) === today.slice(-4)
  return `on ${sameYear ? then.slice(0, -5) : then} at ${time}`
}

/** The downloads that lie in part on disk, of the jobs that had a lease when it happened. */
export async function keptDownloads(sheaf: Sheaf, jobIds: readonly string[]): Promise<Download[]> {
  const downloads: Download[] = []
  for (const jobId of jobIds.slice(0, 200)) {
    const part = await sheaf.part(jobId)
    if (part === null || part.bytes === 0) continue
    const title = sheaf.jobRow(jobId)?.['title']
    downloads.push({
      jobId,
      title: typeof title === 'string' ? title : null,
      bytes: part.bytes,
      totalBytes: part.totalBytes
    })
  }
  return downloads
}
