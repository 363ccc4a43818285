/**
 * User actions on jobs, from the queue, a group of reasons or the drawer: requested from main, then confirmed
 * in a toast with the number of changed jobs, and with undo where possible.
 */
import { forTable } from '../../../contract/exits'
import { redactUrl } from '../../../contract/redact'
import type { WhichJobs } from '../../../contract/requests'
import type { JobDetail } from '../../../contract/job-views'
import type { JobView } from '../../../contract/views'
import { ask } from '../../bridge'
import { attempt, succeeds } from '../../state/app.svelte'
import { route } from '../../state/route.svelte'
import { toasts } from '../../state/toasts.svelte'
import { DONE_WORDS, NOTHING_CHANGED, SAID, type JobAction } from '../../text/queue'
import { copyText, revealFile } from '../../state/file-actions'
import { citationOf } from '../../../contract/citation-line'

export type ManyAction = keyof typeof DONE_WORDS
/** Actions on a whole group of reasons. */
export type GroupAction = 'retry' | 'openLanding' | 'attach' | 'copyList' | 'ignore'

function say(text: string, undo?: () => void, hint: string | null = null): void {
  toasts.say({
    tone: 'good',
    text,
    hint,
    ...(undo === undefined ? {} : { action: { label: SAID.undo, run: undo } })
  })
}

/**
 * Applies the action to all of them; returns the number of changed jobs, or null when it failed (and was
 * shown).
 */
export async function doToMany(action: ManyAction, which: WhichJobs): Promise<number | null> {
  const done = await attempt(() => ask(`jobs.${action}`, which))
  if (done === null) return null
  if (done.changed === 0) {
    toasts.note(NOTHING_CHANGED)
    return 0
  }
  // Only jobs selected by id can be undone: a filter no longer matches ignored jobs.
  const named = action === 'ignore' && 'jobIds' in which
  say(DONE_WORDS[action](done.changed), named ? () => void doToMany('unignore', which) : undefined)
  return done.changed
}

/** Applies the action to one job. The caller reloads from main when this resolves. */
export async function doToJob(action: JobAction, job: Cited): Promise<JobDetail | null> {
  switch (action) {
    case 'open':
      route.openJob(job.jobId)
      return null
    case 'read':
      route.read(job.artifactId)
      return null
    case 'attach':
      return await attachFile(job.jobId)
    case 'openLanding':
      await openLanding([job.jobId])
      return null
    case 'reveal':
      await revealFile(job.artifactId)
      return null
    case 'copyCitation':
      await copyCitation(job)
      return null
    case 'remove':
      await removePaper(job.jobId)
      return null
    case 'undoRemove':
      await undoRemove(job.jobId)
      return null
    default:
      await doToMany(action, { jobIds: [job.jobId] })
      return null
  }
}

/** Opens landing pages, each in a tab; `left` papers of the same group are not opened yet. */
export async function openLanding(jobIds: readonly string[], left = 0): Promise<boolean> {
  const isDone = await succeeds(() => ask('jobs.openLanding', { jobIds: [...jobIds] }))
  if (isDone) say(SAID.opened(jobIds.length, left))
  return isDone
}

/** The user selects a file for this paper; null when cancelled or refused. */
export async function attachFile(jobId: string): Promise<JobDetail | null> {
  const detail = await attempt(() => ask('jobs.attach', { jobId }))
  if (detail !== null) say(SAID.attached)
  return detail
}

/** A file dropped on the paper's row. */
export async function attachDropped(jobId: string, file: File): Promise<JobDetail | null> {
  const detail = await attempt(async () =>
    ask('jobs.attachBytes', { jobId, name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
  )
  if (detail !== null) say(SAID.attached)
  return detail
}

/** Removes the paper from the library; the toast offers undo. */
export async function removePaper(jobId: string): Promise<boolean> {
  const done = await attempt(() => ask('jobs.remove', { jobId }))
  if (done === null) return false
  say(SAID.removed, () => void undoRemove(jobId), SAID.removedHint)
  return true
}

export async function undoRemove(jobId: string): Promise<boolean> {
  const done = await attempt(() => ask('jobs.undoRemove', { jobId }))
  if (done !== null) say(SAID.restored)
  return done !== null
}

/** BibTeX of a paper in the library; else a line with all known facts. */
export async function copyCitation(job: Cited): Promise<void> {
  if (job.group !== 'done') {
    await copyText(citationLine(job), SAID.citationCopied)
    return
  }
  const done = await attempt(() =>
    ask('library.copyCitation', { artifactIds: [job.artifactId], format: 'bibtex' })
  )
  if (done !== null) say(SAID.citationCopied)
}

type Cited = Pick<
  JobView,
  'jobId' | 'artifactId' | 'group' | 'title' | 'authors' | 'year' | 'venue' | 'canonicalUrl'
>

function citationLine({ authors, year, title, venue, canonicalUrl }: Cited): string {
  const people = authors.length === 0 ? null : authors.join('; ')
  return forTable(citationOf({ people, year, title, venue, name: redactUrl(canonicalUrl) }))
}
