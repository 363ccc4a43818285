/**
 * Every code a failure can carry, with the sentence a person reads, the next step, and the family
 * that says what happens next (HOUSE §5). Throwing is `fail(code, facts)`; everything that crosses a
 * border carries code, sentence and hint, never a stack.
 */

export const FAMILIES = ['RetryLater', 'TryNext', 'GiveUp', 'Pause', 'Refuse', 'Stop'] as const
/**
 * RetryLater: the same op, a new attempt, at a known time. TryNext: this candidate is rejected, the
 * next is tried. GiveUp: the job fails with its reason. Pause: the engine waits until the cause is
 * gone. Refuse: the person is told what to change, all else goes on. Stop: the process ends.
 */
export type Family = (typeof FAMILIES)[number]

interface Entry {
  readonly family: Family
  readonly sentence: string
  readonly hint: string
}

const entry = (family: Family, sentence: string, hint: string): Entry => ({ family, sentence, hint })

/** When nothing waits for the space: what could not begin, or has ended, does not go on by itself. */
export const FREE_AND_START = 'Free some space, then start again.'

export const ERRORS = {
  // What came instead of a paper (DESIGN §10)
  LOGIN_PAGE: entry(
    'TryNext',
    'A sign-in page came instead of the paper.',
    'Open it in your browser, sign in, and attach the file.'
  ),
  BOT_CHECK: entry(
    'TryNext',
    'A bot check came instead of the paper.',
    'Open it in your browser and attach the file.'
  ),
  COOKIE_WALL: entry(
    'TryNext',
    'A cookie notice came instead of the paper.',
    'Open it in your browser, answer the notice, and attach the file.'
  ),
  SOFT_404: entry(
    'TryNext',
    'The server said “found” and sent a “not found” page.',
    'Try other sources, or attach the file.'
  ),
  FIRST_PAGE_ONLY: entry(
    'TryNext',
    'Only the first page of the paper came.',
    'Look for a full copy and attach it.'
  ),
  ABSTRACT_ONLY: entry(
    'TryNext',
    'Only the abstract came, not the paper.',
    'Look for a full copy and attach it.'
  ),
  HTML_ARTICLE: entry(
    'TryNext',
    'The paper came as a web page, not as a PDF.',
    'Read it on the landing page, or attach a PDF.'
  ),
  HTML_PAGE: entry('TryNext', 'A web page came instead of the paper.', 'Open the landing page.'),
  NOT_PDF: entry(
    'TryNext',
    'Something that is not a PDF came.',
    'Open the landing page, or attach the file.'
  ),
  EMPTY: entry('TryNext', 'An empty file came.', 'Try again later, or attach the file.'),
  TOO_SMALL: entry(
    'TryNext',
    'The file is too small to be a paper.',
    'Try other sources, or attach the file.'
  ),
  TRUNCATED: entry('TryNext', 'The file ends before its end.', 'Try again later.'),
  LENGTH_MISMATCH: entry('TryNext', 'The file is not as long as the server announced.', 'Try again later.'),
  CHECKSUM_MISMATCH: entry(
    'TryNext',
    'The file is not the one that its source announced.',
    'Other copies are tried; try again later, or attach the file.'
  ),
  UNREADABLE_PDF: entry(
    'TryNext',
    'The PDF is damaged and cannot be opened.',
    'Try other sources, or attach the file.'
  ),
  PASSWORD_NEEDED: entry(
    'TryNext',
    'The PDF needs a password to be opened.',
    'Attach a copy without a password.'
  ),
  WRONG_PAPER: entry(
    'TryNext',
    'The file is a different paper.',
    'Look at it in the quarantine: accept or reject it.'
  ),
  TOO_LARGE: entry(
    'TryNext',
    'The file is larger than allowed.',
    'Raise the limit in the settings, then retry.'
  ),
  WRONG_XML: entry('TryNext', 'The XML is not an article.', 'Try other sources.'),

  // What a server or the way to it said
  NOT_FOUND: entry('TryNext', 'The server does not have this file.', 'Try other sources.'),
  FORBIDDEN: entry(
    'TryNext',
    'The server refuses to give this file.',
    'Open it in your browser, then attach the file.'
  ),
  HTTP_REFUSED: entry('TryNext', 'The server refused the request.', 'Open the landing page.'),
  SERVER_ERROR: entry('RetryLater', 'The server is in trouble.', 'It is tried again by itself.'),
  RATE_LIMITED: entry('RetryLater', 'The server asked to slow down.', 'It is tried again by itself, later.'),
  CONNECTION_RESET: entry('RetryLater', 'The connection broke.', 'It goes on from the bytes on disk.'),
  CONNECTION_REFUSED: entry(
    'RetryLater',
    'Nothing answers at that address.',
    'Check the network; it is tried again by itself.'
  ),
  DNS_FAILED: entry(
    'RetryLater',
    'The host’s name is not known.',
    'Check the network; it is tried again by itself.'
  ),
  TLS_FAILED: entry(
    'TryNext',
    'The server could not prove who it is.',
    'Check the clock and the certificates of this computer.'
  ),
  TIMEOUT_CONNECT: entry('RetryLater', 'The server did not answer the door.', 'It is tried again by itself.'),
  TIMEOUT_FIRST_BYTE: entry(
    'RetryLater',
    'The server did not begin to answer in time.',
    'It is tried again by itself.'
  ),
  TIMEOUT: entry('RetryLater', 'The answer took too long.', 'It is tried again by itself.'),
  STALLED: entry('RetryLater', 'The download stood still.', 'It goes on from the bytes on disk.'),
  TOO_MANY_REDIRECTS: entry('TryNext', 'The server sent us round in circles.', 'Open the landing page.'),
  REDIRECT_REFUSED: entry(
    'TryNext',
    'The server sent us to an address that is not allowed.',
    'Open the landing page.'
  ),
  PRIVATE_ADDRESS: entry(
    'TryNext',
    'The address is inside a private network.',
    'Allow private hosts if you trust it.'
  ),
  BAD_URL: entry('TryNext', 'The address is not a web address.', 'Correct the reference.'),
  BAD_ANSWER: entry('TryNext', 'The answer cannot be understood.', 'Try again later.'),
  BREAKER_OPEN: entry(
    'RetryLater',
    'The host is in trouble and is left alone for a while.',
    'It is tried again by itself.'
  ),
  ROBOTS_DISALLOWED: entry(
    'TryNext',
    'The site asks programs not to visit this page.',
    'Open it in your browser, then attach the file.'
  ),
  ROBOTS_UNREACHABLE: entry(
    'RetryLater',
    'The site’s rules for programs could not be read.',
    'It is tried again by itself.'
  ),
  RATE_WAIT: entry('RetryLater', 'The host’s turn comes too late.', 'It is tried again by itself.'),
  VALIDATOR_CHANGED: entry(
    'RetryLater',
    'The file changed on the server.',
    'It is fetched anew from the start.'
  ),

  // What becomes of a job
  NO_OPEN_COPY: entry('GiveUp', 'No open copy was found.', 'Attach the file, or try again in some weeks.'),
  BUDGET_SPENT: entry(
    'GiveUp',
    'The time or the attempts allowed for one paper are used up.',
    'Retry, or raise the budget in the settings.'
  ),
  TOO_MANY_ATTEMPTS: entry('GiveUp', 'It failed too often.', 'Retry when the site is well again.'),
  NAMED_BY_TITLE_ONLY: entry(
    'GiveUp',
    'Only a title is known, no identifier.',
    'Add a DOI or another identifier.'
  ),
  FILE_UNWRITABLE: entry(
    'GiveUp',
    'This file cannot be written where it belongs.',
    'Mend the file or folder that is named, then retry.'
  ),
  CANCELLED: entry('GiveUp', 'You cancelled it.', 'Retry it whenever you like.'),
  REMOVED: entry('Refuse', 'You removed this paper.', 'Undo the removal to get it again.'),
  LEASE_LOST: entry('RetryLater', 'Another worker holds this job.', 'Nothing to do.'),
  INTERNAL: entry('GiveUp', 'Sheaf made a mistake.', 'Please report it with the log.'),

  // What the engine waits for
  DISK_FULL: entry('Pause', 'The disk is full.', 'Free some space; it goes on by itself.'),
  DISK_READ_ONLY: entry(
    'Pause',
    'The folder cannot be written to.',
    'Make the folder writable, or choose another.'
  ),
  DISK_ERROR: entry('Pause', 'The disk reports an error.', 'Check the disk; it goes on when it works again.'),
  OFFLINE: entry('Pause', 'There is no network.', 'It goes on by itself when the network is back.'),
  SUSPENDED: entry('Pause', 'The computer sleeps.', 'It goes on by itself.'),
  PAUSED: entry('Pause', 'You paused it.', 'Resume whenever you like.'),

  // What a person can mend
  BAD_OPTION: entry('Refuse', 'An option is wrong.', 'See sheaf --help.'),
  BAD_REQUEST: entry(
    'Refuse',
    'The window asked for something that is not allowed.',
    'Try again; if it happens again, please report it.'
  ),
  BAD_SETTING: entry('Refuse', 'A setting is wrong.', 'Correct the value.'),
  BAD_FILE: entry('Refuse', 'A file cannot be read as what its name says.', 'Check the file.'),
  BAD_LINE: entry('Refuse', 'A line cannot be understood.', 'Correct the line; everything else goes on.'),
  BAD_IDENTIFIER: entry(
    'Refuse',
    'This is not an identifier Sheaf knows.',
    'Give a DOI, arXiv id, PMID, PMCID, OpenAlex id or URL.'
  ),
  ISBN_NOT_SUPPORTED: entry(
    'Refuse',
    'An ISBN names a whole book; Sheaf fetches papers.',
    'Give the chapter’s or the book’s DOI.'
  ),
  FILE_NOT_FOUND: entry('Refuse', 'The file is not there.', 'Check the path.'),
  FILE_UNREADABLE: entry('Refuse', 'The file cannot be read.', 'Check its permissions.'),
  FOLDER_UNUSABLE: entry(
    'Refuse',
    'The folder cannot be used.',
    'Choose another folder, or mend its permissions.'
  ),
  NO_SUCH_JOB: entry('Refuse', 'There is no such job.', 'See sheaf jobs.'),
  NO_SUCH_WORK: entry('Refuse', 'There is no such work.', 'See sheaf jobs.'),
  NO_SUCH_FILE: entry('Refuse', 'There is no such file in the quarantine.', 'See sheaf quarantine list.'),
  NOT_A_MANIFEST: entry(
    'Refuse',
    'The file is not a manifest.sqlite3 ledger.',
    'Choose the file that DocsToKG wrote.'
  ),
  TRANSITION_REFUSED: entry('Refuse', 'The job cannot go there from where it is.', 'Look at its state.'),
  NO_SUCH_PREVIEW: entry('Refuse', 'The preview is not kept any more.', 'Read the references again.'),
  SEARCH_FAILED: entry('Refuse', 'The search could not be answered.', 'Try again later, or ask differently.'),

  // What ends the process
  LEDGER_IN_USE: entry(
    'Stop',
    'The ledger is in use by another Sheaf.',
    'Close it, or use another data folder.'
  ),
  LEDGER_DAMAGED: entry(
    'Stop',
    'The ledger is damaged.',
    'The damaged file was kept; everything before the damage was recovered.'
  ),
  LEDGER_TOO_NEW: entry('Stop', 'The ledger was written by a newer Sheaf.', 'Update Sheaf.'),
  BROKEN_INVARIANT: entry(
    'Stop',
    'Sheaf noticed that it contradicts itself and stopped.',
    'Please report it with the log.'
  )
} as const satisfies Record<string, Entry>

export type ErrorCode = keyof typeof ERRORS

export interface ErrorData {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
}

interface Extra {
  readonly cause?: unknown
  /** epoch seconds: for RetryLater, when; absent means the caller's backoff decides */
  readonly retryAt?: number
  /** machine-readable facts for the op history; plain JSON, no secrets */
  readonly facts?: Readonly<Record<string, unknown>>
  readonly hint?: string
}

/** The only error Sheaf throws on purpose. `message` is a sentence made of facts. */
export class SheafError extends Error {
  readonly code: ErrorCode
  readonly hint: string
  readonly retryAt: number | undefined
  readonly facts: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message?: string, extra: Extra = {}) {
    super(message ?? ERRORS[code].sentence, extra.cause === undefined ? {} : { cause: extra.cause })
    this.name = 'SheafError'
    this.code = code
    this.hint = extra.hint ?? ERRORS[code].hint
    this.retryAt = extra.retryAt
    this.facts = extra.facts ?? {}
  }

  get family(): Family {
    return ERRORS[this.code].family
  }

  toData(): ErrorData {
    return { code: this.code, message: this.message, hint: this.hint }
  }
}

export function fail(code: ErrorCode, message?: string, extra?: Extra): never {
  throw new SheafError(code, message, extra)
}

/** Whatever was thrown, as an error of ours: what has no code is a flaw, INTERNAL. */
export function asSheafError(error: unknown): SheafError {
  if (error instanceof SheafError) return error
  return new SheafError('INTERNAL', error instanceof Error ? error.message : String(error), { cause: error })
}

export function isSheafError(error: unknown, code?: ErrorCode): error is SheafError {
  return error instanceof SheafError && (code === undefined || error.code === code)
}
