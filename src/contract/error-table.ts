/**
 * Every error code with its sentence for the user, the next step, and the family that determines the
 * consequence (docs/errors.md is generated from it).
 */
import { keysOf } from './tables'

export const FAMILIES = ['RetryLater', 'TryNext', 'GiveUp', 'Pause', 'Refuse', 'Stop'] as const
/**
 * RetryLater: the same op, a new attempt, at a known time. TryNext: this candidate is rejected, the next is
 * tried. GiveUp: the job fails with its reason. Pause: the engine waits until the cause is gone. Refuse: the
 * user has to change something, everything else continues. Stop: the process ends.
 */
export type Family = (typeof FAMILIES)[number]

interface Entry {
  readonly family: Family
  readonly sentence: string
  readonly hint: string
}

const entry = (family: Family, sentence: string, hint: string): Entry => ({ family, sentence, hint })

/** For errors without an automatic retry: what failed to start, or ended, does not resume by itself. */
export const FREE_AND_START = 'Free some space, then start again.'

export const ERRORS = {
  // What the server sent instead of a paper (docs/design.md §10)
  LOGIN_PAGE: entry(
    'TryNext',
    'The publisher asked for a sign-in.',
    'Open it in your browser, sign in, and attach the file.'
  ),
  BOT_CHECK: entry('TryNext', 'Blocked by a bot check.', 'Open it in your browser and attach the file.'),
  COOKIE_WALL: entry(
    'TryNext',
    'The site sent a cookie notice instead of the paper.',
    'Open it in your browser, answer the notice, and attach the file.'
  ),
  SOFT_404: entry('TryNext', 'The server sent a “not found” page.', 'Try other sources, or attach the file.'),
  FIRST_PAGE_ONLY: entry(
    'TryNext',
    'The file has only the first page of the paper.',
    'Look for a full copy and attach it.'
  ),
  ABSTRACT_ONLY: entry('TryNext', 'The site sent only the abstract.', 'Look for a full copy and attach it.'),
  HTML_ARTICLE: entry(
    'TryNext',
    'The paper is available as a web page, not as a PDF.',
    'Read it on the landing page, or attach a PDF.'
  ),
  HTML_PAGE: entry('TryNext', 'The site sent a web page instead of the paper.', 'Open the landing page.'),
  NOT_PDF: entry('TryNext', 'The file is not a PDF.', 'Open the landing page, or attach the file.'),
  EMPTY: entry('TryNext', 'The file is empty.', 'Try again later, or attach the file.'),
  TOO_SMALL: entry(
    'TryNext',
    'The file is too small to be a paper.',
    'Try other sources, or attach the file.'
  ),
  TRUNCATED: entry('TryNext', 'The file is incomplete.', 'Try again later.'),
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
  READING_LIMIT: entry(
    'TryNext',
    'Reading the file takes more time or memory than any paper does.',
    'Try other sources, or attach another copy.'
  ),
  PASSWORD_NEEDED: entry(
    'TryNext',
    'The PDF needs a password to be opened.',
    'Attach a copy without a password.'
  ),
  WRONG_PAPER: entry(
    'TryNext',
    'The file is a different paper.',
    'Preview it in the quarantine, then accept or reject it.'
  ),
  TOO_LARGE: entry(
    'TryNext',
    'The file is larger than allowed.',
    'Raise the limit in the settings, then retry.'
  ),
  OTHER_BYTES: entry(
    'TryNext',
    'What came differs from the file that was filed before.',
    'Look at it in the quarantine: accept it, or reject it and attach the right file.'
  ),
  WRONG_XML: entry('TryNext', 'The XML is not an article.', 'Try other sources.'),

  // Answers of a server and failures of the network
  NOT_FOUND: entry('TryNext', 'The server does not have this file.', 'Try other sources.'),
  FORBIDDEN: entry(
    'TryNext',
    'The server refuses to give this file.',
    'Open it in your browser, then attach the file.'
  ),
  HTTP_REFUSED: entry('TryNext', 'The server refused the request.', 'Open the landing page.'),
  SERVER_ERROR: entry('RetryLater', 'The server has a problem.', 'Sheaf retries automatically.'),
  RATE_LIMITED: entry('RetryLater', 'The server asked to slow down.', 'Sheaf retries later automatically.'),
  CONNECTION_RESET: entry(
    'RetryLater',
    'The connection was lost.',
    'Sheaf continues from the bytes on disk.'
  ),
  CONNECTION_REFUSED: entry(
    'RetryLater',
    'The server refused the connection.',
    'Check the network; Sheaf retries automatically.'
  ),
  DNS_FAILED: entry(
    'RetryLater',
    'The server’s name could not be found.',
    'Check the network; Sheaf retries automatically.'
  ),
  TLS_FAILED: entry(
    'TryNext',
    'The server’s certificate is not trusted.',
    'Check this computer’s clock. If your network inspects TLS, name its certificate in network.caFile.'
  ),
  CA_FILE_UNUSABLE: entry(
    'RetryLater',
    'The file with certificates cannot be used.',
    'Correct network.caFile, or empty it; Sheaf retries automatically.'
  ),
  TIMEOUT_CONNECT: entry('RetryLater', 'The server did not respond.', 'Sheaf retries automatically.'),
  TIMEOUT_FIRST_BYTE: entry(
    'RetryLater',
    'The server did not start to answer in time.',
    'Sheaf retries automatically.'
  ),
  TIMEOUT: entry('RetryLater', 'The answer took too long.', 'Sheaf retries automatically.'),
  STALLED: entry('RetryLater', 'The download stalled.', 'Sheaf continues from the bytes on disk.'),
  TOO_SLOW: entry(
    'RetryLater',
    'The server sends too slowly.',
    'Other sources are tried; it goes on later from the bytes on disk.'
  ),
  TOO_MANY_REDIRECTS: entry('TryNext', 'The server redirected too many times.', 'Open the landing page.'),
  REDIRECT_REFUSED: entry(
    'TryNext',
    'The server redirected to an address that is not allowed.',
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
    'Requests to this host are paused after repeated failures.',
    'Sheaf retries automatically.'
  ),
  ROBOTS_DISALLOWED: entry(
    'TryNext',
    'The site’s robots.txt does not allow programs to open this page.',
    'Open it in your browser, then attach the file.'
  ),
  ROBOTS_UNREACHABLE: entry(
    'RetryLater',
    'The site’s robots.txt could not be read.',
    'Sheaf retries automatically.'
  ),
  RATE_WAIT: entry(
    'RetryLater',
    'The wait for this host’s rate limit is too long.',
    'Sheaf retries automatically.'
  ),
  VALIDATOR_CHANGED: entry(
    'RetryLater',
    'The file changed on the server.',
    'Sheaf downloads it again from the start.'
  ),

  // Outcomes of a job
  NO_OPEN_COPY: entry('GiveUp', 'No open copy was found.', 'Attach the file, or try again in some weeks.'),
  BUDGET_SPENT: entry(
    'GiveUp',
    'The time or the attempts allowed for one paper are used up.',
    'Retry, or raise the budget in the settings.'
  ),
  PAID_BEFORE: entry(
    'TryNext',
    'This copy was paid for before, and is not paid for again.',
    'Look for its file in the quarantine, or attach it.'
  ),
  PAYMENT_UNKNOWN: entry(
    'TryNext',
    'This copy may have been paid for before, and is not paid for again.',
    'OpenAlex shows what it billed; attach the file if you have it.'
  ),
  PAID_BUDGET_SPENT: entry(
    'RetryLater',
    'The day’s budget for paid copies is spent.',
    'Sheaf continues after midnight UTC; sources.paidBudgetUsd raises the budget.'
  ),
  PAID_NOT_REMEMBERED: entry(
    'TryNext',
    'A paid copy is fetched only for papers that are remembered.',
    'Turn on crash-safe downloads (safety.switch on).'
  ),
  TOO_MANY_ATTEMPTS: entry('GiveUp', 'It failed too often.', 'Retry when the site works again.'),
  READER_DIED: entry(
    'GiveUp',
    'Sheaf ended twice while it read what a server sent about this paper.',
    'Attach the file, or retry it; please report it with the log.'
  ),
  NOT_A_WORK: entry(
    'Refuse',
    'This names a person, a licence or a vocabulary, not a paper.',
    'Give the DOI or the address of the paper itself.'
  ),
  SAME_NAME_OTHER_TITLE: entry(
    'Refuse',
    'Another entry has the same address or id and a different title.',
    'Give this one its own DOI.'
  ),
  NAMED_BY_TITLE_ONLY: entry(
    'GiveUp',
    'Only a title is known, no identifier.',
    'Look it up with sheaf plan --from FILE or in Add papers, or add a DOI.'
  ),
  FILE_UNWRITABLE: entry(
    'GiveUp',
    'The file cannot be written to its folder.',
    'Fix the file or folder named above, then retry.'
  ),
  CANCELLED: entry('GiveUp', 'You cancelled it.', 'You can retry it at any time.'),
  REMOVED: entry('Refuse', 'You removed this paper.', 'Undo the removal to download it again.'),
  LEASE_LOST: entry('RetryLater', 'Another worker holds this job.', 'Nothing to do.'),
  INTERNAL: entry('GiveUp', 'Sheaf had an internal error.', 'Please report it with the log.'),

  // Reasons for a pause of the engine
  DISK_FULL: entry('Pause', 'The disk is full.', 'Free some space; Sheaf continues automatically.'),
  DISK_READ_ONLY: entry(
    'Pause',
    'The folder cannot be written to.',
    'Make the folder writable, or choose another.'
  ),
  LIBRARY_MISSING: entry(
    'Pause',
    'The library folder is not there.',
    'Nothing was changed, and nothing is downloaded again.'
  ),
  DISK_ERROR: entry(
    'Pause',
    'The disk reports an error.',
    'Check the disk; Sheaf continues when it works again.'
  ),
  OFFLINE: entry('Pause', 'There is no network.', 'Sheaf continues when the network is back.'),
  SUSPENDED: entry('Pause', 'The computer is asleep.', 'Sheaf continues automatically.'),
  PAUSED: entry('Pause', 'You paused it.', 'You can resume at any time.'),

  // Errors that the user can fix
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
  KEY_REFUSED: entry(
    'Refuse',
    'A service does not accept the key that is set for it.',
    'Set the right key with sheaf keys set, or remove it.'
  ),
  KEY_NEEDED: entry('Refuse', 'A service asks for a key.', 'Set one with sheaf keys set, or do without it.'),
  CONTACT_NEEDED: entry(
    'Refuse',
    'A service is asked only with a contact address, and none is set.',
    'Set general.mailto to your own address.'
  ),
  ISBN_NOT_SUPPORTED: entry(
    'Refuse',
    'An ISBN names a whole book; Sheaf fetches papers.',
    'Give the chapter’s or the book’s DOI.'
  ),
  FILE_NOT_FOUND: entry('Refuse', 'The file is not there.', 'Check the path.'),
  FILE_UNREADABLE: entry('Refuse', 'The file cannot be read.', 'Check its permissions.'),
  FILE_CHANGED: entry(
    'Refuse',
    'The file was changed meanwhile by another program.',
    'Close it there, or save it, then start again.'
  ),
  ZOTERO_CLOSED: entry(
    'Refuse',
    'Zotero is not running.',
    'Start Zotero, then try again. Nothing is sent twice.'
  ),
  NOT_ZOTERO: entry(
    'Refuse',
    'Another program answers in place of Zotero.',
    'JabRef uses the same port: close it or move it to another one, start Zotero, then try again.'
  ),
  ZOTERO_API_OFF: entry(
    'Refuse',
    'Zotero does not let other programs read its library.',
    'In Zotero, Settings › Advanced: turn on “Allow other applications on this computer to communicate with Zotero”.'
  ),
  ZOTERO_CANNOT: entry(
    'Refuse',
    'This version of Zotero gives programs no way to do that.',
    'Update to Zotero 10, send the papers as new items, or drag the files onto their items.'
  ),
  ZOTERO_DENIED: entry(
    'Refuse',
    'Zotero was not allowed to let Sheaf write.',
    'Try again and choose Allow in Zotero’s window.'
  ),
  ZOTERO_READ_ONLY: entry(
    'Refuse',
    'The library that is selected in Zotero takes no items or files.',
    'Select My Library, or a collection that you may change, in Zotero; then try again.'
  ),
  ZOTERO_REFUSED: entry(
    'Refuse',
    'Zotero did not take it.',
    'Look at Zotero’s error report, then try again.'
  ),
  ZOTERO_SESSION_LOST: entry(
    'Refuse',
    'Zotero was closed between the item and its file.',
    'Drag the file onto the item in Zotero.'
  ),
  ZOTERO_UNSURE: entry(
    'Refuse',
    'It is not known whether Zotero took it.',
    'In Zotero, Settings › Advanced: turn on “Allow other applications on this computer to communicate with Zotero”, then try again: Zotero is asked first, and nothing is sent twice.'
  ),
  PAPER_UNKNOWN: entry(
    'Refuse',
    'Sheaf cannot tell which paper this PDF is.',
    'Send the paper’s own page first, then the PDF; or attach it in Sheaf.'
  ),
  REQUEST_KEY_REUSED: entry(
    'Refuse',
    'This Idempotency-Key belongs to another request.',
    'Give every new request a key of its own.'
  ),
  FOLDER_UNUSABLE: entry(
    'Refuse',
    'The folder cannot be used.',
    'Choose another folder, or change its permissions.'
  ),
  NO_SUCH_JOB: entry('Refuse', 'There is no such job.', 'See sheaf jobs.'),
  NO_SUCH_LIST: entry('Refuse', 'There is no such list.', 'See sheaf lists.'),
  NO_SUCH_WORK: entry('Refuse', 'There is no such work.', 'See sheaf jobs.'),
  NO_SUCH_FILE: entry('Refuse', 'There is no such file in the quarantine.', 'See sheaf quarantine list.'),
  NOT_A_MANIFEST: entry(
    'Refuse',
    'The file is not a manifest.sqlite3 ledger.',
    'Choose the file that DocsToKG wrote.'
  ),
  TRANSITION_REFUSED: entry('Refuse', 'The job’s state does not allow this.', 'Look at its state.'),
  NO_SUCH_PREVIEW: entry('Refuse', 'The preview is no longer available.', 'Read the references again.'),
  SEARCH_FAILED: entry('Refuse', 'The search failed.', 'Try again later, or change the search.'),

  // Errors that end the process
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
  LEDGER_FULL: entry(
    'Stop',
    'The ledger has reached its largest size and takes no new papers.',
    'Papers that are already planned are finished. Use another data folder and library for new papers; this one stays readable.'
  ),
  LEDGER_TOO_NEW: entry('Stop', 'The ledger was written by a newer Sheaf.', 'Update Sheaf.'),
  BROKEN_INVARIANT: entry(
    'Stop',
    'Sheaf found an inconsistency in its own state and stopped.',
    'Please report it with the log.'
  )
} as const satisfies Record<string, Entry>

export type ErrorCode = keyof typeof ERRORS
export const ERROR_CODES = keysOf(ERRORS)

/** Reasons of a failed paper that only a fault of Sheaf explains. */
export const OWN_FAULTS = ['INTERNAL', 'BROKEN_INVARIANT'] as const satisfies readonly ErrorCode[]
