/**
 * The queue and the user's actions on it, for jobs selected by id or by filter, recorded or not. After any
 * change, the session looks for due jobs again.
 */
import { fail } from '../../contract/errors'
import { forTable } from '../../contract/exits'
import { redactText } from '../../contract/redact'
import type { WhichJobs } from '../../contract/requests'
import type { JobDetail } from '../../contract/job-views'
import { asFile, refuseStrangers } from './dropped-file'
import { jobDetail } from './job-detail'
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'
import { chosenJobs, eachJob, findJob, queueCounts, queuePage } from './queue'
import { webLink } from './web-link'
import { ALL_FILES } from './system-dialogs'

/** Size: one short handler per request. */
export function jobsHandlers(parts: HandlerDeps): HandlersOf<NamesOf<'jobs'>> {
  const { session, systemDialogs } = parts
  const change = async (
    which: WhichJobs,
    how: (jobIds: readonly string[]) => Promise<number>
  ): Promise<{ readonly changed: number }> => {
    const jobIds = await chosenJobs(parts, which)
    // Without an id it would apply to all jobs.
    const changed = jobIds.length === 0 ? 0 : await how(jobIds)
    session.run.wake()
    return { changed }
  }
  const attach = async (jobId: string, path: string): Promise<JobDetail> => {
    await session.sheaf.attach(jobId, path, parts.signal)
    session.run.wake()
    return jobDetail(parts, jobId)
  }
  return {
    'jobs.list': (asked) => queuePage(parts, asked),
    'jobs.counts': (among) => queueCounts(parts, among),
    'jobs.detail': ({ jobId }) => jobDetail(parts, jobId),
    'jobs.retry': (which) => change(which, (jobIds) => session.sheaf.retry({ jobIds })),
    'jobs.pause': (which) => change(which, (jobIds) => session.sheaf.pause({ jobIds })),
    'jobs.resume': (which) => change(which, (jobIds) => session.sheaf.resume({ jobIds })),
    'jobs.cancel': (which) => change(which, (jobIds) => session.sheaf.cancel(jobIds)),
    'jobs.ignore': (which) => change(which, (jobIds) => session.sheaf.ignore(jobIds)),
    'jobs.unignore': (which) => change(which, (jobIds) => session.sheaf.unignore(jobIds)),
    async 'jobs.remove'({ jobId }) {
      await mustBeRecorded(parts, jobId, 'removed')
      const removed = await session.sheaf.remove(jobId)
      session.run.wake()
      return removed
    },
    async 'jobs.undoRemove'({ jobId }) {
      await mustBeRecorded(parts, jobId, 'brought back')
      const restored = await session.sheaf.undoRemove(jobId)
      session.run.wake()
      return restored
    },
    async 'jobs.openLanding'({ jobIds }) {
      const links: string[] = []
      for (const jobId of jobIds) {
        const { canonicalUrl } = await findJob(parts, jobId)
        links.push(webLink(session.sheaf.landingAddress(canonicalUrl)))
      }
      for (const link of links) await systemDialogs.openInBrowser(link)
      return null
    },
    async 'jobs.copyList'(which) {
      const lines: string[] = []
      for await (const jobs of eachJob(parts, which)) {
        for (const job of jobs)
          lines.push(lineOf([job.title ?? '', job.identifier, job.canonicalUrl, job.because ?? '']))
      }
      if (lines.length > 0) systemDialogs.copyText(`${lines.join('\n')}\n`)
      return { changed: lines.length }
    },
    async 'jobs.attach'({ jobId }) {
      await mustBeRecorded(parts, jobId, 'given a file')
      const [path] = await systemDialogs.chooseFiles({
        title: 'Attach the paper',
        filters: [{ name: 'Papers', extensions: ['pdf', 'xml'] }, ALL_FILES],
        many: false
      })
      return path === undefined ? null : attach(jobId, path)
    },
    async 'jobs.attachBytes'({ jobId, name, bytes }) {
      await mustBeRecorded(parts, jobId, 'given a file')
      refuseStrangers(name, bytes)
      return asFile(parts.host.files, session.dataDir, { name, bytes }, (path) => attach(jobId, path))
    }
  }
}

/** One line of a list for pasting into a table or a letter. */
function lineOf(cells: readonly string[]): string {
  return cells.map((cell) => forTable(redactText(cell).replace(/\s+/g, ' ').trim())).join('\t')
}

/** For unrecorded jobs there is nothing to compare with; NO_SUCH_JOB when it does not exist at all. */
async function mustBeRecorded(parts: HandlerDeps, jobId: string, what: string): Promise<void> {
  const { recorded } = await findJob(parts, jobId)
  if (recorded) return
  fail('TRANSITION_REFUSED', `A job that Sheaf does not remember cannot be ${what}.`, {
    hint: 'Turn crash-safe downloads on, and plan the paper again.'
  })
}
