/**
 * Finds the job that the user means: by its id, by a unique prefix of it, or by its work (`10.5555/abc`, an
 * arXiv id, a PMID, an address). An ambiguous name is refused with the ids of all matches.
 */
import { fail } from '../../contract/errors'
import { isOfPdf, jobById, jobIdsWithPrefix, jobsOfWork } from '../ledger/jobs'
import type { Reader } from '../ledger/ledger'
import { workById, workByName } from '../ledger/works'
import { aliasesOf, recognise } from '../works/works'

const FEWEST_DIGITS = 4
const MOST_NAMED = 5

/** NO_SUCH_JOB; BAD_OPTION when several jobs match the prefix. */
export function jobNamed(r: Reader, text: string): string {
  const name = text.trim()
  if (jobById(r, name) !== null) return name
  const byPrefix =
    name.length < FEWEST_DIGITS || !/^[0-9a-f]+$/i.test(name)
      ? []
      : jobIdsWithPrefix(r, name.toLowerCase(), MOST_NAMED + 1)
  if (byPrefix.length > 1) {
    const more = byPrefix.length > MOST_NAMED ? ' and others' : ''
    fail(
      'BAD_OPTION',
      `${name} is the beginning of several jobs: ${byPrefix.slice(0, MOST_NAMED).join(', ')}${more}. Give more of the id.`
    )
  }
  const [only] = byPrefix
  if (only !== undefined) return only
  const workId = workById(r, name)?.workId ?? workNamed(r, name)
  const jobs = workId === null ? [] : jobsOfWork(r, workId)
  const chosen = jobs.find(isOfPdf) ?? jobs[0]
  return (
    chosen?.jobId ??
    fail(
      'NO_SUCH_JOB',
      `There is no job ${name}: give its id, the first ${FEWEST_DIGITS} digits or more of it, or its work, such as 10.5555/abc.`
    )
  )
}

function workNamed(r: Reader, text: string): string | null {
  const read = recognise(text)
  if (read.kind !== 'ids') return null
  for (const { scheme, value } of aliasesOf(read.ids)) {
    const workId = workByName(r, scheme, value)
    if (workId !== null) return workId
  }
  return null
}
