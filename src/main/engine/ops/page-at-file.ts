/**
 * Handles a web page at the address of a file (viewer, frame, stamp page, redirecting page). It is parsed as
 * a landing page before the candidate is rejected; the files that it names are tried next, within the same
 * budgets. A page about another work names none.
 */
import type { SheafError } from '../../../contract/errors'
import type { Candidate } from '../../../contract/work'
import { decode } from '../../library/judge-head'
import type { NetAnswer } from '../../net/net'
import { filesOnPage } from '../../sources/landing-page'
import type { JobContext } from '../job-context'

interface Seen {
  readonly bytes: Uint8Array
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** The page behind a rejection, kept beside the error so that it is never recorded. */
const pages = new WeakMap<SheafError, Seen>()
/** Errors of pages that contain no paper but may link to one. */
const MAY_NAME_A_FILE: readonly string[] = ['HTML_PAGE', 'ABSTRACT_ONLY', 'HTML_ARTICLE']
const MOST_FILES = 2

export function withPage(error: SheafError, bytes: Uint8Array, answer: NetAnswer): SheafError {
  if (MAY_NAME_A_FILE.includes(error.code)) {
    pages.set(error, { bytes, url: answer.finalUrl, headers: answer.headers })
  }
  return error
}

/** An unreadable page names no files. Rejects only with the signal's reason. */
export async function filesNamedInstead(
  context: JobContext,
  candidate: Candidate,
  error: SheafError
): Promise<readonly Candidate[]> {
  const seen = pages.get(error)
  if (seen === undefined || candidate.format !== 'pdf') return []
  const html = decode(Buffer.from(seen.bytes.buffer, seen.bytes.byteOffset, seen.bytes.length))
  const address = { url: seen.url, headers: seen.headers }
  const read = await context.services.pages.read(html, address, context.signal)
  if (read.kind === 'unread') return []
  return filesOnPage(read.finding, context.work)
    .filter((url) => url !== candidate.url && !context.failedUrls.includes(url))
    .slice(0, MOST_FILES)
    .map((url) => ({
      ...candidate,
      url,
      evidence: 'Named by the page at the address of the file.',
      foundOn: seen.url
    }))
}
