/** Wording of reasons, sources and versions for a methods section. */
import { ERRORS } from './errors'
import { isErrorCode, withoutStop } from './reason-words'

const REASONS: Readonly<Record<string, string>> = {
  PENDING: 'Retrieval not completed at the date of this report',
  NO_OPEN_COPY: 'No freely available copy was found in the sources searched',
  NAMED_BY_TITLE_ONLY: 'The record has a title and no identifier to search with',
  BUDGET_SPENT: 'No working copy was found within the time set for the search',
  TOO_MANY_ATTEMPTS: 'The full text could not be downloaded after repeated attempts',
  LOGIN_PAGE: 'Full text required a subscription or a sign-in',
  FORBIDDEN: 'Access to the full text was refused by the server',
  HTTP_REFUSED: 'Access to the full text was refused by the server',
  BOT_CHECK: 'Automated access was blocked by the publisher',
  COOKIE_WALL: 'The publisher’s page required consent that only a person can give',
  ROBOTS_DISALLOWED: 'The publisher’s rules for automated access do not allow retrieval',
  NOT_FOUND: 'The link to the full text was dead',
  SOFT_404: 'The link to the full text was dead',
  HTML_ARTICLE: 'Full text was available as a web page only',
  HTML_PAGE: 'A web page was delivered instead of the full text',
  SERVER_ERROR: 'The server of the full text did not work',
  WRONG_PAPER: 'Only the full text of another work was found',
  ABSTRACT_ONLY: 'Only an abstract was available',
  FIRST_PAGE_ONLY: 'Only a preview of the first page was available',
  TRUNCATED: 'Only an incomplete file was available',
  PASSWORD_NEEDED: 'The available file was protected by a password',
  CANCELLED: 'Retrieval was cancelled by the reviewer',
  REMOVED: 'Removed by the reviewer',
  FILE_MISSING: 'The file was lost after retrieval'
}

export function reasonInReport(code: string): string {
  const words = REASONS[code]
  if (words !== undefined) return words
  return isErrorCode(code) ? withoutStop(ERRORS[code].sentence) : code
}

const VERSIONS: Readonly<Record<string, string>> = {
  publishedVersion: 'published version',
  acceptedVersion: 'accepted manuscript',
  submittedVersion: 'submitted manuscript (preprint)',
  unknown: 'version not stated'
}

export const versionInReport = (version: string): string => VERSIONS[version] ?? version
