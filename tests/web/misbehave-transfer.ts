/** Faulty transfers: broken or stalled connections, wrong lengths, unusual encodings, hostile file names. */
import type { Script } from './file-answer'
import {
  cutAt,
  lasts,
  later,
  PAPER,
  rejected,
  type Misbehaviour,
  type MisbehaviourContext
} from './misbehaviour'

/** Where to cut this response so that the whole file is cut at the byte that the parameters name. */
function cutOfThisAnswer(context: MisbehaviourContext): number {
  return Math.max(0, cutAt(context) - rangeStart(context))
}
function rangeStart({ asked }: MisbehaviourContext): number {
  return Number(/^bytes=(\d+)-/.exec(asked.headers['range'] ?? '')?.[1] ?? 0)
}

export const BROKEN_TRANSFERS = {
  'reset-once': {
    about: 'The connection breaks once at a fraction of the file (`at`, or `bytes`); later requests succeed.',
    ends: PAPER,
    script: (context) => (lasts(context, 1) ? { cutAfter: cutAt(context), then: 'reset' } : {})
  },
  'close-once': {
    about: 'The connection is closed in order before the announced length, once.',
    ends: PAPER,
    script: (context) => (lasts(context, 1) ? { cutAfter: cutAt(context), then: 'close' } : {})
  },
  'reset-every': {
    about: 'Every answer breaks off after `bytes` bytes (default 16 kB): each request makes progress.',
    ends: PAPER,
    script: ({ parameters }) => ({ cutAfter: parameters.bytes ?? 16_384, then: 'reset' })
  },
  'reset-at-zero': {
    about: 'Headers, then a reset before the first byte, every time.',
    ends: later('CONNECTION_RESET'),
    script: () => ({ cutAfter: 0, then: 'reset' })
  },
  'reset-before-answer': {
    about: 'A reset before any answer, every time.',
    ends: later('CONNECTION_RESET'),
    script: () => ({ noAnswer: 'reset' })
  },
  'length-too-long': {
    about: 'Announces more bytes than the whole file has and closes: the length lies.',
    ends: rejected('LENGTH_MISMATCH', 'TRUNCATED', 'CONNECTION_RESET'),
    script: ({ file }) => ({ length: file.bytes.length + 1_000, ranges: false, then: 'close' })
  },
  'length-too-short': {
    about: 'Announces half of the bytes it sends: HTTP delivers a truncated file, the rest is surplus.',
    ends: rejected('TRUNCATED', 'UNREADABLE_PDF', 'LENGTH_MISMATCH', 'CONNECTION_RESET'),
    script: ({ file }) => {
      const half = Math.floor(file.bytes.length / 2)
      return { length: half, ranges: false, cutAfter: half, then: 'spill' }
    }
  },
  'huge-length': {
    about: 'Announces ten terabytes.',
    ends: rejected('TOO_LARGE'),
    script: () => ({ length: 10e12, ranges: false, cutAfter: 1_000, then: 'stall' })
  },
  chunked: {
    about: 'Chunked, without a length.',
    ends: PAPER,
    script: () => ({ length: 'none' })
  },
  'chunked-cut-once': {
    about: 'Chunked, without a length, closed once before the last chunk.',
    ends: PAPER,
    script: (context): Script =>
      lasts(context, 1) ? { length: 'none', cutAfter: cutAt(context), then: 'close' } : { length: 'none' }
  },
  'until-close': {
    about: 'Neither length nor chunks: the body ends with the connection.',
    ends: PAPER,
    script: () => ({ length: 'until-close' })
  },
  'until-close-cut': {
    about:
      'Neither length nor chunks, and the connection ends in the middle, every time: only the file itself shows it.',
    ends: rejected('TRUNCATED', 'UNREADABLE_PDF'),
    script: (context) => ({ length: 'until-close', ranges: false, cutAfter: cutAt(context), then: 'close' })
  },
  gzip: {
    about: 'Gzip although identity was asked for.',
    ends: PAPER,
    script: () => ({ gzip: true, ranges: false })
  },
  'gzip-cut': {
    about: 'Gzip although identity was asked for, and the stream is closed before its end, every time.',
    ends: later('CONNECTION_RESET', 'TRUNCATED', 'BAD_ANSWER', 'LENGTH_MISMATCH'),
    script: () => ({ gzip: true, ranges: false, length: 'none', cutAfter: 2_000, then: 'close' })
  },
  'gzip-cut-whole': {
    about: 'Gzip that was cut before it was sent: HTTP is in order, the compression is not.',
    ends: later('CONNECTION_RESET', 'TRUNCATED', 'BAD_ANSWER', 'UNREADABLE_PDF', 'LENGTH_MISMATCH'),
    script: () => ({ gzip: true, ranges: false, length: 'until-close', cutAfter: 2_000, then: 'close' })
  },
  'stall-before-headers': {
    about: 'No response headers, for `times` GETs (default 1).',
    ends: PAPER,
    script: (context) => (lasts(context, 1) ? { noAnswer: 'stall' } : {})
  },
  'stall-once': {
    about: 'Stalls in mid-stream, once.',
    ends: PAPER,
    script: (context) => (lasts(context, 1) ? { cutAfter: cutAt(context), then: 'stall' } : {})
  },
  'stall-always': {
    about: 'Stalls at the same byte of the file, every time.',
    ends: later('STALLED'),
    script: (context) => ({ cutAfter: cutOfThisAnswer(context), then: 'stall' })
  },
  'slow-drip': {
    about: 'A slow but moving body, `bytes` a second (default 40 kB).',
    ends: PAPER,
    script: ({ parameters }) => ({ bytesPerSecond: parameters.bytes ?? 40_000 })
  },
  'evil-disposition': {
    about: 'A Content-Disposition that names a path outside the library (`disposition`).',
    ends: PAPER,
    script: ({ parameters }) => ({
      headers: {
        'Content-Disposition': parameters.disposition ?? 'attachment; filename="../../../../tmp/evil.pdf"'
      }
    })
  }
} satisfies Record<string, Misbehaviour>

/** Names in Content-Disposition that must never become a path. */
export const EVIL_DISPOSITIONS = [
  'attachment; filename="../../../../tmp/evil.pdf"',
  'attachment; filename="..\\\\..\\\\evil.pdf"',
  'attachment; filename="/etc/passwd"',
  'attachment; filename="C:\\\\Windows\\\\evil.pdf"',
  'attachment; filename="CON"',
  'attachment; filename="NUL.pdf"',
  "attachment; filename*=UTF-8''%2e%2e%2f%2e%2e%2fevil%00.pdf",
  'attachment; filename=""',
  `attachment; filename="${'a'.repeat(2_000)}.pdf"`
] as const
