/** Files that change between requests, invalid validators, wrong ranges. */
import type { HeaderChanges, Plan, Script } from './file-answer'
import { cutAt, lasts, later, PAPER, type Misbehaviour, type MisbehaviourContext } from './misbehaviour'

/** The first GET breaks off in the middle; the second response is what the kind tests. */
function afterBreak(context: MisbehaviourContext, first: Script, second: Script): Script {
  if (context.asked.method === 'HEAD') return first
  return lasts(context, 1) ? { ...first, cutAfter: cutAt(context), then: 'reset' } : second
}
const isPartial = ({ asked }: MisbehaviourContext): boolean => asked.headers['range'] !== undefined

/** Changes the Content-Range of a 206; other responses are unchanged. */
const lyingRange =
  (lie: (plan: Plan) => string) =>
  (plan: Plan): HeaderChanges =>
    plan.status === 206 ? { 'Content-Range': lie(plan) } : {}

export const CHANGING_FILES = {
  'etag-changes': {
    about:
      'Breaks off once; afterwards the address holds a new version under a new ETag, and If-Range is honoured.',
    ends: PAPER,
    script: (context) => afterBreak(context, {}, newVersion(context, 1))
  },
  'etag-changes-always': {
    about: 'Every GET finds a new version under a new ETag and breaks off, three times; the fourth is whole.',
    ends: PAPER,
    script: (context) => {
      const version = newVersion(context, context.asked.nth)
      return lasts(context, 3) ? { ...version, cutAfter: cutAt(context), then: 'reset' } : version
    }
  },
  'weak-etag': {
    about: 'Breaks off once; the ETag is weak and there is no date, so nothing may be continued.',
    ends: PAPER,
    script: (context) => {
      const weak: Script = { etag: `W/${context.file.etag ?? '"0"'}`, lastModified: null }
      return afterBreak(context, weak, weak)
    }
  },
  'no-validator': {
    about: 'Breaks off once; neither ETag nor date, so nothing may be continued.',
    ends: PAPER,
    script: (context) => {
      const bare: Script = { etag: null, lastModified: null }
      return afterBreak(context, bare, bare)
    }
  },
  'last-modified-only': {
    about: 'Breaks off once; a date and no ETag: enough to continue.',
    ends: PAPER,
    script: (context) => afterBreak(context, { etag: null }, { etag: null })
  },
  '206-other-etag': {
    about:
      'Breaks off once; the range is then served, against If-Range, from another version under its own ETag.',
    ends: PAPER,
    script: (context) => afterBreak(context, {}, { ...newVersion(context, 1), conditions: false })
  },
  '206-other-date': {
    about: 'The same with dates and no ETag.',
    ends: PAPER,
    script: (context) =>
      afterBreak(context, { etag: null }, { ...newVersion(context, 1), etag: null, conditions: false })
  },
  '206-same-etag-other-file': {
    about:
      'Breaks off once; the range then comes from another version with another total length under the old ETag; without a range the new file comes whole.',
    ends: PAPER,
    script: (context) =>
      afterBreak(
        context,
        {},
        { content: context.version(1), ...(isPartial(context) ? {} : { etag: '"v1"' }) }
      )
  },
  '206-no-validator': {
    about:
      'Breaks off once; the 206 carries neither ETag nor date (allowed only when If-Range was sent: the bytes are the same).',
    ends: PAPER,
    script: (context) =>
      afterBreak(context, {}, { headers: isPartial(context) ? { ETag: null, 'Last-Modified': null } : {} })
  },
  'content-range-wrong-start': {
    about: 'Breaks off once; the 206 states and sends another start than requested.',
    ends: PAPER,
    script: (context) =>
      afterBreak(
        context,
        {},
        {
          headers: lyingRange(({ from, body, total }) => {
            return `bytes ${from + 100}-${Math.min(from + 100 + body.length, total) - 1}/${total}`
          })
        }
      )
  },
  'content-range-wrong-total': {
    about: 'Breaks off once; the 206 names another total than before.',
    ends: PAPER,
    script: (context) =>
      afterBreak(
        context,
        {},
        {
          headers: lyingRange(
            ({ from, body, total }) => `bytes ${from}-${from + body.length - 1}/${total + 777}`
          )
        }
      )
  },
  'content-range-nonsense': {
    about: 'Breaks off once; the 206 has an invalid Content-Range.',
    ends: PAPER,
    script: (context) => afterBreak(context, {}, { headers: lyingRange(() => 'bytes some/where') })
  },
  'multipart-byteranges': {
    about: 'Breaks off once; the 206 is multipart/byteranges, though one range was asked for.',
    ends: PAPER,
    script: (context) => afterBreak(context, {}, isPartial(context) ? multipart(context) : {})
  },
  'ranges-ignored': {
    about: 'Breaks off once; every range is answered 200 with the whole file.',
    ends: PAPER,
    script: (context) => afterBreak(context, { ranges: false }, { ranges: false })
  },
  'ranges-refused': {
    about: 'Breaks off once; every range is answered 416.',
    ends: PAPER,
    script: (context) => afterBreak(context, {}, { ranges: 'refused' })
  },
  'ranges-refused-with-200-broken': {
    about: 'Ranges are ignored and every answer breaks off at the same byte: no progress is possible.',
    ends: later('CONNECTION_RESET'),
    script: (context) => ({ ranges: false, cutAfter: cutAt(context), then: 'reset' })
  }
} satisfies Record<string, Misbehaviour>

function newVersion(context: MisbehaviourContext, n: number): Script {
  const day = String(1 + (n % 27)).padStart(2, '0')
  return {
    content: context.version(n),
    etag: `"v${n}"`,
    lastModified: new Date(`2024-03-${day}T12:00:00Z`).toUTCString()
  }
}

function multipart({ asked, file }: MisbehaviourContext): Script {
  const from = Number(/^bytes=(\d+)-/.exec(asked.headers['range'] ?? '')?.[1] ?? 0)
  const total = file.bytes.length
  const head = `--SEPARATOR\r\nContent-Type: application/pdf\r\nContent-Range: bytes ${from}-${total - 1}/${total}\r\n\r\n`
  const content = Buffer.concat([
    Buffer.from(head),
    file.bytes.subarray(from),
    Buffer.from('\r\n--SEPARATOR--\r\n')
  ])
  return { status: 206, content, contentType: 'multipart/byteranges; boundary=SEPARATOR' }
}
